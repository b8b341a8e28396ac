"""How a questionnaire was made to fit: what changed, how hard it reads, what a panel thinks."""

from relsurvey.adaptation.compare import compare_instruments
from relsurvey.adaptation.comparison import Comparison
from relsurvey.adaptation.content_validity import content_validity
from relsurvey.adaptation.panels import ContentValidity
from relsurvey.adaptation.readability import readability
from relsurvey.adaptation.reading_ages import Readability

__all__ = [
    "Comparison",
    "ContentValidity",
    "Readability",
    "compare_instruments",
    "content_validity",
    "readability",
]
