"""What came back: an export file in, answers as codes out, and a log of all that was done."""

from relsurvey.intake.log import IntakeLog, LogEntry
from relsurvey.intake.plain_table import numeric_columns, read_table
from relsurvey.intake.platforms import PLATFORMS
from relsurvey.intake.read import read_responses
from relsurvey.intake.responses import Responses

__all__ = [
    "PLATFORMS",
    "IntakeLog",
    "LogEntry",
    "Responses",
    "numeric_columns",
    "read_responses",
    "read_table",
]
