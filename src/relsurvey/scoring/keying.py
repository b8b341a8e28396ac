"""From codes as answered to keyed items: a high value always means much of what is measured."""

from __future__ import annotations

from functools import reduce
from operator import or_

import narwhals as nw

from relsurvey.scoring.answers import Answers

__all__ = ["applies_not", "keyed"]


def keyed(item: str, answers: Answers, *, best: bool = False) -> nw.Expr:
    """Key one item: declared codes out, then ``minimum + maximum - answer`` where reversed.

    The range is the declared one of the response scale, never the observed one: an end point
    that nobody chose must not shift the scores.

    Parameters
    ----------
    item : str
        The column.
    answers : Answers
        What it stands in.
    best : bool
        Whether "does not apply" counts as the best answer; otherwise it is no answer.

    Returns
    -------
    narwhals.Expr
        Float column; null or NaN where there is no answer.
    """
    scale = answers.instrument.response_scale
    reverse = answers.instrument.items[item].reverse
    column = nw.col(item).cast(nw.Float64)
    for code in answers.missing if best else answers.blanks:
        column = nw.when(column != code).then(column)
    if best and answers.not_applicable:
        best_answer = nw.lit(float(scale.minimum if reverse else scale.maximum))
        column = nw.when(applies_not(item, answers)).then(best_answer).otherwise(column)
    return float(scale.minimum + scale.maximum) - column if reverse else column


def applies_not(item: str, answers: Answers) -> nw.Expr:
    """Say whether "does not apply" was answered: a truth-value column."""
    column = nw.col(item).cast(nw.Float64)
    return reduce(or_, [column == code for code in answers.not_applicable])
