"""Attention items: questions with one right answer, that says whether somebody reads.

References
----------
Meade AW, Craig SB (2012). Identifying careless responses in survey data. Psychological Methods
17(3):437-455. doi 10.1037/a0028085.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.personal import masked_answer
from relsurvey.quality.sheet import AnswerSheet

__all__ = ["AttentionItems", "attention_counts", "require_attention"]

AttentionItems: TypeAlias = Mapping[str, str | float]
Counts: TypeAlias = npt.NDArray[np.int64]

EXAMPLE = 'For instance attention={"ATT1": 3}.'


def require_attention(expected: object) -> AttentionItems:
    """Return the attention items, or say that they cannot be; all that is wrong at once.

    Raises
    ------
    ModelError
        Where it is no mapping from a column to the text or the number asked for.

    Examples
    --------
    >>> require_attention({"ATT1": 3})
    {'ATT1': 3}
    """
    if expected is None:
        return {}
    if not isinstance(expected, Mapping):
        raise ModelError(
            f"attention has to be a mapping from a column to the right answer; it is {expected!r}.",
            hint=EXAMPLE,
        )
    wrong = [
        {"column": name, "answer": answer}
        for name, answer in expected.items()
        if not isinstance(name, str)
        or isinstance(answer, bool)
        or not isinstance(answer, str | Real)
    ]
    if wrong:
        raise ModelError(
            "An attention item is the name of a column, and a text or a number as its answer.",
            hint=EXAMPLE,
            failures=wrong,
        )
    return dict(expected)


def attention_counts(sheet: AnswerSheet, expected: AttentionItems) -> tuple[Counts, Counts]:
    """Count the attention items that each respondent answered as asked for, and otherwise.

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents.
    expected : mapping of str to str or number
        By column the answer that was asked for: a code or the text of an answer.

    Returns
    -------
    passed, failed : ndarray of int, shape (n,)
        An attention item that was left open is neither.

    Raises
    ------
    ModelError
        Where there is no such column, or nobody gave the expected answer.
    """
    there = sheet.context.columns
    absent = [name for name in expected if name not in there]
    if absent:
        near = suggestion(absent[0], [str(name) for name in there])
        guess = f"Did you mean {near!r}? " if near else ""
        raise ModelError(
            f"No column {listed([repr(name) for name in absent])} for attention items.",
            hint=f"{guess}There are: {listed(list(there)) or 'none'}. An attention item of an "
            "export has to be a context question, or an item that is not scored, of the "
            "instrument.",
        )
    passed, failed = (np.zeros(sheet.n, dtype=np.int64) for _ in range(2))
    for name, answer in expected.items():
        column = sheet.context[name]
        said = column.notna().to_numpy()
        texts = column[said].map(_folded)
        right = np.zeros(sheet.n, dtype=bool)
        right[said] = (texts == _folded(answer)).to_numpy(dtype=bool)
        if said.any() and not right.any():
            answers = [masked_answer(text) for text in sorted(set(texts))]
            raise ModelError(
                f"Nobody answered {answer!r} to the attention item {name!r}.",
                hint=f"The answers are: {listed(answers, most=6)}. Give the right one as it stands "
                "in the data.",
            )
        passed += right
        failed += said & ~right
    return passed, failed


def _folded(answer: object) -> str:
    """Write an answer so that 3, "3", "3.0" and " 3 " are the same."""
    text = str(answer).strip().casefold()
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number:g}" if math.isfinite(number) else text
