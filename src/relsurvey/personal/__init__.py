"""Personal data: what looks like it in a text, in a heading, in a table; and what stops it.

Not a room of its own: intake lists personal data with it, every message masks it with it, and
nothing with rows of persons is written without asking it.
"""

from relsurvey.personal.guard import refuse_personal
from relsurvey.personal.headings import HeadingKind, asks_for_birth, heading_kind
from relsurvey.personal.kinds import (
    KINDS,
    masked,
    masked_answer,
    personal_kind,
    personal_kinds,
)
from relsurvey.personal.scan import personal_texts

__all__ = [
    "KINDS",
    "HeadingKind",
    "asks_for_birth",
    "heading_kind",
    "masked",
    "masked_answer",
    "personal_kind",
    "personal_kinds",
    "personal_texts",
    "refuse_personal",
]
