"""What came back: an export file in, answers as codes out, and a log of all that was done."""

from relsurvey.intake.log import IntakeLog, LogEntry
from relsurvey.intake.matching.draft import ColumnDraft, draft_columns
from relsurvey.intake.plain_table import covariate_columns, numeric_columns, read_table
from relsurvey.intake.read import read_responses
from relsurvey.intake.recognise import PLATFORM_NAMES
from relsurvey.intake.responses import Responses

__all__ = [
    "PLATFORM_NAMES",
    "ColumnDraft",
    "IntakeLog",
    "LogEntry",
    "Responses",
    "covariate_columns",
    "draft_columns",
    "numeric_columns",
    "read_responses",
    "read_table",
]
