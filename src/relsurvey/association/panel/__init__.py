"""The primary result and every other answer to the same question, in one table."""

from relsurvey.association.panel.result import Companions
from relsurvey.association.panel.side_by_side import companions

__all__ = ["Companions", "companions"]
