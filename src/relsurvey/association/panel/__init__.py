"""The primary result and every other answer to the same question, in one table."""

from relsurvey.association.panel.companions import companions
from relsurvey.association.panel.result import Companions

__all__ = ["Companions", "companions"]
