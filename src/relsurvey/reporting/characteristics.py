"""Who answered: the context questions of a survey, counted for all and for the main analysis.

Counts here are exact and belong to no reader; ``disclosure`` decides what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relsurvey.instruments import Instrument
from relsurvey.instruments.items import ContextQuestion
from relsurvey.instruments.labels import fold_label
from relsurvey.reporting.labels import answer_label
from relsurvey.reporting.numbers import whole
from relsurvey.reporting.plain import plain
from relsurvey.reporting.subject import StudyLike, SurveyLike

__all__ = ["NO_ANSWER", "Characteristic", "characteristics_of", "in_analysis"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

NO_ANSWER = "No answer"
OTHER = "Another answer"
A_NUMBER = "Answered"


@dataclass(frozen=True)
class Characteristic:
    """What people said of themselves in one question.

    Attributes
    ----------
    title : str
        What was asked.
    categories : tuple of str
        The answers that can be given, and last the lack of one.
    place : numpy.ndarray of int, shape (n,)
        Which of the categories each person is in.
    values : numpy.ndarray or None, shape (n,)
        The numbers, NaN where there is none; ``None`` where the answers are categories.
    """

    title: str
    categories: tuple[str, ...]
    place: NDArray[np.int64]
    values: Floats | None = None

    def counts(self, used: Bools) -> NDArray[np.int64]:
        """Return people by category (rows), in the analysis and not in it (columns)."""
        size = len(self.categories)
        columns = [np.bincount(self.place[who], minlength=size) for who in (used, ~used)]
        return np.stack(columns, axis=1)


def characteristics_of(survey: SurveyLike) -> tuple[Characteristic, ...]:
    """Sort people by the context questions that the export has; questions for text are left out.

    Parameters
    ----------
    survey : Survey
        One of a study's surveys.

    Returns
    -------
    tuple of Characteristic
        In the order of the instrument.
    """
    asked = [one for one in survey.instrument.context if one.answer != "text"]
    if not asked:
        return ()
    context = survey.responses.context
    return tuple(
        _characteristic(one, context[one.id], survey.instrument)
        for one in asked
        if one.id in context and (one.codes or one.answer == "number")
    )


def _characteristic(
    question: ContextQuestion, column: pd.Series, instrument: Instrument
) -> Characteristic:
    title = plain(question.gist)
    if question.answer == "number":
        values = (
            pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
        )
        values[~np.isfinite(values)] = np.nan
        return Characteristic(
            title, (A_NUMBER, NO_ANSWER), np.isnan(values).astype(np.int64), values
        )
    names = tuple(answer_label(code, instrument) for code in question.codes)
    known = _known(question)
    rows, distinct = pd.factorize(column.fillna("").astype(str))
    places = [_place(text, known, len(names)) for text in distinct]
    place = np.array(places, dtype=np.int64)[rows]
    if not np.any(place == len(names)):
        place[place > len(names)] = len(names)
        return Characteristic(title, (*names, NO_ANSWER), place)
    return Characteristic(title, (*names, OTHER, NO_ANSWER), place)


def _known(question: ContextQuestion) -> Mapping[str, int]:
    """Return the place of each answer, by its code and by its label in every language."""
    return dict(_forms(question))


def _forms(question: ContextQuestion) -> Iterator[tuple[str, int]]:
    for position, code in enumerate(question.codes):
        for text in (*code.label.values(), whole(code.value)):
            yield fold_label(text), position


def _place(text: str, known: Mapping[str, int], n: int) -> int:
    """Return where an answer belongs: after the known ones, what is not known, and then nothing."""
    folded = fold_label(text)
    return known.get(folded, n) if folded else n + 1


def in_analysis(study: StudyLike, survey: SurveyLike) -> Bools | None:
    """Say who of a survey is in the main analysis.

    Parameters
    ----------
    study : StudyResult
        The result.
    survey : Survey
        One of its surveys.

    Returns
    -------
    numpy.ndarray of bool, shape (n,) or None
        ``None`` where ids do not tell: as many as the analysis has are not found by them.
    """
    primary, frame = study.primary, study.linked.frame
    names = [primary.outcome, primary.predictor, *primary.covariates]
    rows = frame.loc[frame[names].notna().all(axis=1)]
    key, n = ("worker_id", primary.n_workers)
    if survey.role == "service_user":
        key, n = "respondent_id", primary.n_service_users
    if key not in survey.scores or key not in rows:
        return None
    used = survey.scores[key].isin(rows[key].dropna()).to_numpy(dtype=bool)
    return used if used.sum() == n else None
