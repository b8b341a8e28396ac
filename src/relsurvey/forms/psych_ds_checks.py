"""Hold the files of a Psych-DS data set against the format's rules.

References
----------
Psych-DS 1.x schema: rules for metadata, for tabular data, and the list of errors.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["CONTEXT", "psych_ds_faults"]

CONTEXT = "https://schema.org/"
_DATA_FILE = re.compile(r"data/([a-z]+-[a-zA-Z0-9]+)(_[a-z]+-[a-zA-Z0-9]+)*_data\.csv")


def psych_ds_faults(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    r"""Find what is wrong with the files of a Psych-DS data set.

    Parameters
    ----------
    files : mapping of str to bytes
        By their path in the data set.

    Returns
    -------
    list of dict
        ``where`` and ``fault``, one a fault.

    Examples
    --------
    >>> psych_ds_faults({"data/study-a_data.csv": b"respondent_id\n"})
    [{'where': 'dataset_description.json', 'fault': 'there is no such file'}]
    """
    return [{"where": where, "fault": fault} for where, fault in _faults(files)]


def _faults(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    where = "dataset_description.json"
    if where not in files:
        yield where, "there is no such file"
        return
    try:
        document = json.loads(files[where].decode("utf-8"))
    except ValueError:
        yield where, "it is not JSON in UTF-8"
        return
    yield from ((where, fault) for fault in _metadata_faults(document))
    names = [one.get("name") for one in document.get("variableMeasured", ())]
    tables = [path for path in files if path.startswith("data/")]
    if not tables:
        yield "data", "there is no data file"
    for path in tables:
        yield from ((path, fault) for fault in _table_faults(path, files[path], names))


def _metadata_faults(document: Mapping[str, Any]) -> Iterator[str]:
    if document.get("@type") != "Dataset":
        yield "@type is not Dataset"
    if document.get("@context") not in {CONTEXT, "http://schema.org/"}:
        yield "@context is not schema.org"
    for key in ("name", "description"):
        if not isinstance(document.get(key), str) or not document[key].strip():
            yield f"{key} is required, and is a text"
    variables = document.get("variableMeasured", [])
    if not variables:
        yield "variableMeasured names no column"
    for one in variables:
        yield from _variable_faults(one)
    for name, count in Counter(one.get("name") for one in variables).items():
        if count > 1:
            yield f"variableMeasured names {name!r} {count} times"


def _variable_faults(one: Mapping[str, Any]) -> Iterator[str]:
    if one.get("@type") != "PropertyValue" or not one.get("name"):
        yield f"{one.get('name')!r} is not a PropertyValue with a name"
    ends = [one.get("minValue"), one.get("maxValue")]
    numbers = [end for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        yield f"{one.get('name')!r} has a minValue above its maxValue"
    if len(numbers) != sum(end is not None for end in ends):
        yield f"{one.get('name')!r} has a minValue or maxValue that is not a number"


def _table_faults(path: str, content: bytes, names: Sequence[str]) -> Iterator[str]:
    if not _DATA_FILE.fullmatch(path):
        yield "its name is not made of keywords and the ending _data.csv"
    heading = next(csv.reader(io.StringIO(content.decode("utf-8"))), [])
    if not heading:
        yield "it has no heading row"
    for name, count in Counter(heading).items():
        if count > 1:
            yield f"the column {name!r} stands {count} times"
    for name in heading:
        if name not in names:
            yield f"the column {name!r} is not in variableMeasured"
    for name in names:
        if name not in heading:
            yield f"variableMeasured has {name!r}, which is not a column"
