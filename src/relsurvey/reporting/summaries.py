"""Describe scores and answers: the numbers behind the tables and figures of a report.

Counts here are exact and belong to no reader; ``disclosure`` decides what becomes of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relsurvey.instruments import Scale
from relsurvey.reporting.disclosure import Disclosure, merged
from relsurvey.reporting.subject import SurveyLike

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

    scale: Scale
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


def _score_summary(survey: SurveyLike, scale: Scale) -> ScoreSummary:
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


def bars_of(
    summary: ScoreSummary, values: Sequence[float], rules: Disclosure, role: str
) -> Bars | None:
    """Sort scores into bars, neighbours put together where a bar holds few people.

    Parameters
    ----------
    summary : ScoreSummary
        The scores.
    values : sequence of float
        The codes of the response scale, which say how finely scores can lie.
    rules : Disclosure
        How few people a bar may stand for, and how exactly its share may be given.
    role : str
        Whose scores they are.

    Returns
    -------
    Bars or None
        ``None`` where fewer people than the threshold have a score.

    Notes
    -----
    Bars hold equal numbers of possible scores (the last may hold fewer, and is as much
    narrower), so that a discrete score gives no false peaks. The first and the last bar reach to
    the ends of the possible range, whether or not anybody is there: where bars begin and end
    does not tell the lowest and the highest score.
    """
    if not rules.allows(summary.n):
        return None
    edges = _edges(summary, values)
    counts = [int(count) for count in np.histogram(summary.values, edges)[0]]
    starts = _starts(counts, summary, rules)
    sums = np.add.reduceat(counts, starts)
    step = rules.step(summary.n, role)
    shares = step * np.round(sums / summary.n / step)
    return Bars(np.append(edges[starts], edges[-1]), np.round(shares, 2))


def _starts(counts: Sequence[int], summary: ScoreSummary, rules: Disclosure) -> list[int]:
    """Return where bars begin: none of few people, the outer ones to the ends of the range."""
    groups = merged(counts, rules.threshold, empty=rules.zeros)
    filled = [group for group in groups if sum(counts[i] for i in group)]
    # Empty bars inside stay; those outside belong to the bar beside them.
    starts = [group.start for group in groups if filled[0].start <= group.start]
    starts = [start for start in starts if start <= filled[-1].start]
    starts[0] = 0
    # The share of people at the floor or the ceiling is in the table: whoever else is in the
    # bar of that end must not be few.
    while len(starts) > 1 and rules.is_small(sum(counts[: starts[1]]) - summary.floor):
        del starts[1]
    while len(starts) > 1 and rules.is_small(sum(counts[starts[-1] :]) - summary.ceiling):
        del starts[-1]
    return starts


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

    def moments(self, codes: Sequence[float]) -> tuple[float, float]:
        """Return mean and standard deviation after reverse-keying; NaN where there are none.

        Parameters
        ----------
        codes : sequence of float
            Of the answers, in order.

        Examples
        --------
        >>> ItemAnswers("A1", "gist", True, (3, 0, 0, 1), 0, 0).moments([0, 1, 2, 3])
        (2.25, 1.5)
        """
        values = np.repeat(np.asarray(codes, dtype=float), self.counts)
        if self.reverse:
            values = codes[0] + codes[-1] - values
        return (
            float(values.mean()) if len(values) else float("nan"),
            float(values.std(ddof=1)) if len(values) > 1 else float("nan"),
        )

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
