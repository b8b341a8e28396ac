"""What a schema cannot see: whether the parts of an instrument file fit each other.

Every check reads the plain content of the file, which may be of any shape, because it runs
even where the schema found faults: whoever writes a file wants all its faults at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relsurvey.documents import Fault
from relsurvey.instruments.checks.answers import answer_faults
from relsurvey.instruments.checks.identity import id_faults
from relsurvey.instruments.checks.language import language_faults
from relsurvey.instruments.checks.models import model_faults
from relsurvey.instruments.checks.records import record_faults
from relsurvey.instruments.checks.scales import scale_faults

__all__ = ["faults_in"]


def faults_in(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield every fault of an instrument file that its schema cannot see.

    Parameters
    ----------
    content : mapping
        The file as plain values; wrong shapes are passed over, the schema names them.

    Yields
    ------
    Fault
        With the place of the value at fault.
    """
    yield from id_faults(content)
    yield from language_faults(content)
    yield from answer_faults(content)
    # Without items every reference to one would be a fault; the schema says what is missing.
    if isinstance(content.get("items"), list):
        yield from scale_faults(content)
        yield from model_faults(content)
        yield from record_faults(content)
