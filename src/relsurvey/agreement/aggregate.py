"""May what service users say be put together by worker, and is the mean of a worker reliable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.agreement.frames import (
    deviation_table,
    group_table,
    icc_table,
    item_table,
    null_table,
    reliability_table,
)
from relsurvey.agreement.intraclass import Estimate, OneWay, one_way, stepped_up
from relsurvey.agreement.needed import needed_table
from relsurvey.agreement.notes import notes_of
from relsurvey.agreement.nulls import (
    Null,
    null_distributions,
    require_categories,
    require_nulls,
)
from relsurvey.agreement.readings import most_severe, readings_of, typical
from relsurvey.agreement.restricted import restricted_icc
from relsurvey.agreement.result import AggregationResult
from relsurvey.agreement.rows import Rows, take_rows
from relsurvey.agreement.unnamed import by_number_of_users, shares_reliable
from relsurvey.errors import ModelError
from relsurvey.faults import Faults
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.group_spread import GroupSpread, group_spread
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_confidence
from relsurvey.small_groups import USUAL_THRESHOLD, require_threshold

__all__ = ["aggregate_rows", "aggregation"]


def aggregation(
    data: Any,
    outcome: str,
    group: str,
    *,
    items: str | Sequence[str] | None = None,
    categories: int | None = None,
    instrument: InstrumentLike | None = None,
    nulls: Mapping[str, Sequence[float]] | None = None,
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
) -> AggregationResult:
    """Say whether answers may be aggregated to groups, and how reliable the means are.

    Parameters
    ----------
    data : Responses, Linked, frame or mapping of arrays
        One row a service user. pandas, Polars (eager or lazy), PyArrow.
    outcome : str
        A number column; with an instrument also the id of one of its scales, which is scored
        here, or of one of its items, which is keyed.
    group : str
        The column of group ids (of the worker): text, numbers, categories or booleans.
    items : str or sequence of str, optional
        Without an instrument, the columns of the items, keyed already; with one, the id of a
        scale, whose items are keyed here. An outcome that is a scale of the instrument brings
        its own.
    categories : int, optional
        Number of answer categories, one step apart, for r_wg; that of the instrument is known.
    instrument : Instrument, str or path, optional
        The definition. Responses bring their own.
    nulls : mapping of str to sequence of float, optional
        Further null distributions: for each the share of every answer category.
    confidence : float, default 0.95
        Coverage of all intervals.
    threshold : int, default 10
        Fewest groups in a cell that is shown; at least 5.

    Returns
    -------
    AggregationResult
        What cannot be computed is NaN, with the reason in its notes. Rows without the outcome
        or the group are left out and counted; r_wg and the average deviation rest on the rows
        with every item answered ("does not apply" is no answer).

    Raises
    ------
    ModelError
        Where columns are unknown, the same, text or infinite; no row is complete; answers lie
        further apart than the categories allow; ids cannot be told apart; or an option cannot be.
    ScoringError
        Where the instrument's items are not in the data, or a value is off its scale.

    Notes
    -----
    With mean squares MSB and MSW, ICC(1) is (MSB - MSW) / (MSB + (k - 1) MSW) and ICC(2)
    (MSB - MSW) / MSB. ``icc1`` takes k as the mean group size, as R's multilevel does;
    ``icc1_n0`` the size that makes it unbiased for unequal groups (Searle 1971); ``icc_reml`` is
    the share of the REML variance between groups. They agree where groups are of one size (and
    the ICC is not negative: that of the analysis of variance is kept negative, that of REML is
    0). Limits turn those of F, exact for groups of one size and approximate otherwise; those of
    REML are profile limits. The reliability of a group's own mean is ICC(1) stepped up to its
    number of rows, as in R's ``multilevel::gmeanrel``, which takes the REML share.

    References
    ----------
    Bliese PD (2000). In Klein & Kozlowski (eds), Multilevel theory, research, and methods in
    organizations, 349-381.
    Burke MJ, Finkelstein LM, Dusig MS (1999). Organizational Research Methods 2(1):49-68.
    James LR, Demaree RG, Wolf G (1984). Journal of Applied Psychology 69(1):85-98.
    LeBreton JM, Senter JL (2008). Organizational Research Methods 11(4):815-852.
    Searle SR (1971). Linear models. Wiley.

    Examples
    --------
    >>> data = {"worker": list("aaabbbcc"), "said": [4, 5, 4, 2, 1, 2, 3, 4]}
    >>> result = aggregation(data, "said", "worker", categories=5)
    >>> result.to_frame()[["group", "n", "mean", "rwg"]].round(3)
      group  n   mean    rwg
    0     a  3  4.333  0.833
    1     b  3  1.667  0.833
    2     c  2  3.500  0.750
    >>> round(result.icc1, 3), round(result.icc1_n0, 3), round(result.icc_reml, 3)
    (0.841, 0.843, 0.828)
    """
    faults = Faults()
    faults.of("confidence", lambda: require_confidence(confidence))
    faults.of("threshold", lambda: require_threshold(threshold))
    faults.of("nulls", lambda: require_nulls(nulls))
    if categories is not None:
        faults.of("categories", lambda: require_categories(categories))
    faults.refuse()
    rows = take_rows(data, outcome, group, items, categories, instrument)
    return aggregate_rows(
        rows, outcome, group, nulls=nulls, confidence=confidence, threshold=threshold
    )


def aggregate_rows(
    rows: Rows,
    outcome: str,
    group: str,
    *,
    nulls: Mapping[str, Sequence[float]] | None,
    confidence: float,
    threshold: int,
) -> AggregationResult:
    """Do what ``aggregation`` does with rows that are taken already."""
    _require_codes_for(nulls, rows)
    known = null_distributions(rows.codes, nulls) if not rows.obstacle else ()
    sums = group_sums(rows.outcomes, [outcome], group)
    spread = None if rows.answers is None else group_spread(rows.answers, rows.items, group)
    if spread is not None and rows.codes:
        _require_within(spread, rows)
    anova = one_way(sums, outcome)
    icc = _coefficients(sums, outcome, anova, confidence)
    groups = group_table(sums, outcome, spread, rows, known, icc)
    return _result(rows, outcome, group, sums, anova, icc, groups, spread, known,
                   confidence, threshold)  # fmt: skip


def _require_codes_for(nulls: object, rows: Rows) -> None:
    if nulls and rows.obstacle:
        raise ModelError(
            f"nulls are given, but there is no r_wg to compare with them: {rows.obstacle}.",
            hint="Give categories, or the instrument and the answers to its items.",
        )


def _require_within(spread: GroupSpread, rows: Rows) -> None:
    most = rows.codes[-1] - rows.codes[0]
    failures = [
        {"column": name, "lowest": float(low), "highest": float(high)}
        for name, low, high in zip(rows.items, spread.lowest, spread.highest, strict=True)
        if high - low > most
    ]
    if failures:
        raise ModelError(
            f"Answers lie further apart than {len(rows.codes)} categories allow.",
            hint="categories is the number of answers to choose from, one step apart. For a score "
            "made of several items give the items, not the categories alone.",
            failures=failures,
        )


def _coefficients(
    sums: GroupSums, outcome: str, anova: OneWay, confidence: float
) -> dict[str, Estimate]:
    by_n0 = anova.icc1(anova.n0, confidence)
    reml = restricted_icc(sums, outcome, anova, confidence)
    return {
        "icc1": anova.icc1(anova.mean_size, confidence),
        "icc2": anova.icc2(confidence),
        "icc1_n0": by_n0,
        "icc2_n0": stepped_up(by_n0, anova.mean_size),
        "icc_reml": reml,
        "icc2_reml": stepped_up(reml, anova.mean_size),
    }


def _result(
    rows: Rows,
    outcome: str,
    group: str,
    sums: GroupSums,
    anova: OneWay,
    icc: Mapping[str, Estimate],
    groups: pd.DataFrame,
    spread: GroupSpread | None,
    nulls: Sequence[Null],
    confidence: float,
    threshold: int,
) -> AggregationResult:
    sizes = groups["n"].to_numpy(dtype=np.float64)
    reliability = groups["reliability"].to_numpy(dtype=np.float64)
    shares = shares_reliable(reliability, threshold)
    agreement = null_table(groups, nulls, threshold, several=rows.several)
    deviation = deviation_table(groups, threshold)
    taken = shares["n_workers"].dropna().tolist()
    one = icc["icc1"]
    return AggregationResult(
        outcome=outcome,
        group=group,
        title=rows.title,
        n_rows=sums.n_rows,
        n_groups=sums.n_groups,
        n_dropped=sums.n_dropped,
        n_groups_dropped=sums.n_groups_dropped,
        n_rows_items=0 if spread is None else int(spread.counts.sum()),
        mean_size=anova.mean_size,
        n0=anova.n0,
        balanced=anova.balanced,
        icc=icc_table(icc, anova),
        test=anova.test,
        nulls=agreement,
        deviation=deviation,
        items=item_table(spread, rows, nulls, threshold),
        mean_reliability=reliability_table(groups, threshold),
        shares=shares,
        by_users=by_number_of_users(sizes, reliability, threshold, taken),
        needed=needed_table(one.value, one.low, one.high),
        readings=readings_of(
            outcome, (one.value, anova.p_value, icc["icc2"].value), most_severe(agreement),
            typical(None if deviation.empty else deviation.iloc[0].to_dict()), len(rows.codes),
            several=rows.several,
        ),
        notes=tuple(notes_of(sums, anova, icc, groups, rows, spread, threshold)),
        threshold=threshold,
        confidence=confidence,
        groups=groups,
    )  # fmt: skip
