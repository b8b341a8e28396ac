"""Describe scores and answers: the numbers behind the tables and figures of a report.

Counts here are exact and belong to no reader; ``disclosure`` decides what becomes of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relsurvey.reporting.disclosure import merged
from relsurvey.reporting.subject import ScaleLike, SurveyLike

__all__ = ["Bars", "ItemAnswers", "ScoreSummary", "answers_of", "bars_of", "scores_of"]

Floats = NDArray[np.float64]

BARS = 12


@dataclass(frozen=True)
class ScoreSummary:
    """One scale's scores, described.

    Attributes
    ----------
    scale : Scale
        The scale.
    composite : bool
        Whether it is made of other scales.
    n_items : int
        Items it is made of.
    values : numpy.ndarray, shape (n,)
        The scores that are there.
    n_total : int
        Respondents, with and without a score.
    mean, sd : float
        Of the scores; NaN for none (``sd``: for fewer than two).
    pomp : float
        Mean percent of maximum possible; NaN where the scale does not ask for it.
    floor, ceiling : int
        Respondents with the lowest and with the highest possible score.
    """

    scale: ScaleLike
    composite: bool
    n_items: int
    values: Floats
    n_total: int
    mean: float
    sd: float
    pomp: float
    floor: int
    ceiling: int

    @property
    def n(self) -> int:
        """Respondents with a score."""
        return len(self.values)


def scores_of(survey: SurveyLike) -> tuple[ScoreSummary, ...]:
    """Describe each scale's scores, in the order of the instrument.

    Parameters
    ----------
    survey : Survey
        One of a study's surveys.

    Returns
    -------
    tuple of ScoreSummary
        One a scale that was scored.
    """
    return tuple(
        _score_summary(survey, scale)
        for scale in survey.instrument.scales
        if scale.id in survey.scores
    )


def _score_summary(survey: SurveyLike, scale: ScaleLike) -> ScoreSummary:
    column = survey.scores[scale.id].to_numpy(dtype=float, na_value=np.nan)
    values = column[~np.isnan(column)]
    spread = scale.maximum - scale.minimum
    mean = float(values.mean()) if len(values) else float("nan")
    return ScoreSummary(
        scale=scale,
        composite=bool(scale.scales),
        n_items=len(survey.instrument.items_of(scale.id)),
        values=values,
        n_total=len(column),
        mean=mean,
        sd=float(values.std(ddof=1)) if len(values) > 1 else float("nan"),
        pomp=100 * (mean - scale.minimum) / spread if scale.pomp else float("nan"),
        floor=int(np.isclose(values, scale.minimum).sum()),
        ceiling=int(np.isclose(values, scale.maximum).sum()),
    )


@dataclass(frozen=True)
class Bars:
    """A histogram in which no bar stands for few people.

    Attributes
    ----------
    edges : numpy.ndarray, shape (n_bars + 1,)
        Where bars begin and end, on the score's scale.
    shares : numpy.ndarray, shape (n_bars,)
        Share of respondents in each bar, rounded to whole percent: a drawing can be measured.
    """

    edges: Floats
    shares: Floats

    @property
    def heights(self) -> Floats:
        """Share for each unit of the scale, so that areas can be compared."""
        return self.shares / np.diff(self.edges)


def bars_of(summary: ScoreSummary, values: Sequence[float], threshold: int) -> Bars | None:
    """Sort scores into bars, neighbours put together where a bar holds few people.

    Parameters
    ----------
    summary : ScoreSummary
        The scores.
    values : sequence of float
        The codes of the response scale, which say how finely scores can lie.
    threshold : int
        Fewest people a bar may stand for.

    Returns
    -------
    Bars or None
        ``None`` where fewer people than the threshold have a score.

    Notes
    -----
    Bars hold equal numbers of possible scores (the last may hold fewer, and is as much
    narrower), so that a discrete score gives no false peaks.
    """
    if summary.n < max(threshold, 1):
        return None
    edges = _edges(summary, values)
    counts = np.histogram(summary.values, edges)[0]
    groups = merged([int(count) for count in counts], threshold)
    shares = np.array([counts[group.start : group.stop].sum() for group in groups]) / summary.n
    kept = [edges[group.start] for group in groups] + [edges[-1]]
    return Bars(np.array(kept), np.round(shares, 2))


def _edges(summary: ScoreSummary, values: Sequence[float]) -> Floats:
    scale = summary.scale
    gap = min(b - a for a, b in itertools.pairwise(values))
    step = gap / summary.n_items if scale.method == "mean" else gap
    width = step * max(1, round((scale.maximum - scale.minimum) / BARS / step))
    start, end = scale.minimum - step / 2, scale.maximum + step / 2
    inner = np.arange(start, end - step / 4, width)
    return np.append(inner, end)


@dataclass(frozen=True)
class ItemAnswers:
    """How an item was answered, as given (a reverse-keyed item is not turned round).

    Attributes
    ----------
    id, gist : str
        The item.
    reverse : bool
        Whether it is reverse-keyed.
    counts : tuple of int
        People by code, in the order of the response scale.
    not_applicable, missing : int
        People who said that it does not apply, and who gave no answer.
    """

    id: str
    gist: str
    reverse: bool
    counts: tuple[int, ...]
    not_applicable: int
    missing: int

    @property
    def answered(self) -> int:
        """People who gave an answer on the scale."""
        return sum(self.counts)

    @property
    def asked(self) -> int:
        """All respondents."""
        return self.answered + self.not_applicable + self.missing


def answers_of(survey: SurveyLike) -> tuple[ItemAnswers, ...]:
    """Count the answers to each item, in the order of the instrument."""
    codes = [code.value for code in survey.instrument.response_scale.codes]
    known = {item.id: item for item in survey.instrument.items}
    answers = []
    for name in survey.instrument.item_ids:
        column = survey.responses.items[name].to_numpy(dtype=float)
        counts = tuple(int(np.isclose(column, code).sum()) for code in codes)
        not_applicable = int((survey.responses.reasons[name] == "not_applicable").sum())
        answers.append(
            ItemAnswers(
                id=name,
                gist=known[name].gist,
                reverse=known[name].reverse,
                counts=counts,
                not_applicable=not_applicable,
                missing=len(column) - sum(counts) - not_applicable,
            )
        )
    return tuple(answers)
