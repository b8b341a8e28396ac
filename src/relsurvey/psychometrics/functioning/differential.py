"""Differential item functioning by ordinal logistic regression."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relsurvey.instruments import InstrumentLike
from relsurvey.psychometrics.functioning.parts import tests_of
from relsurvey.psychometrics.functioning.result import DifferentialResult
from relsurvey.psychometrics.functioning.settings import (
    Adjustment,
    Matching,
    checked,
)
from relsurvey.psychometrics.functioning.tabulated import tabulated
from relsurvey.psychometrics.grouping import FEWEST_SHOWN, eager, grouping, names_of
from relsurvey.scoring import keyed_items
from relsurvey.scoring.answers import instrument_of
from relsurvey.scoring.items import ScaleChoice

__all__ = ["differential_functioning"]


def differential_functioning(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    by: str | Iterable[str],
    scales: ScaleChoice | None = None,
    matching: Matching = "rest",
    purify: bool = False,
    adjust: Adjustment = "benjamini-hochberg",
    alpha: float = 0.05,
    minimum_group: int = FEWEST_SHOWN,
) -> DifferentialResult:
    """Test whether groups of people answer items alike at the same score.

    Three proportional-odds models of each item are compared: with the matching score; with the
    groups as well (uniform functioning: one group answers higher throughout); with the groups'
    interaction with the score as well (non-uniform: how far depends on the score).

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    by : str or iterable of str
        Columns that make groups (sex, language, who filled it in, ethnicity): of the frame, or
        of ``context`` or ``meta`` of responses. Labels are taken as given, of any type.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        With an instrument, ids of its scales, by default all that are not made of other scales;
        without one, the columns of each scale.
    matching : {"rest", "scale"}
        Match people on the sum of the other items of the scale, or of all of them.
    purify : bool
        Take items found to function differently out of the matching score and test again, until
        the same items are found.
    adjust : {"benjamini-hochberg", "holm", "none"}
        For the number of items tested, separately for each grouping and kind of test.
    alpha : float
        Level, for the adjusted p of both kinds together, from which a difference counts as
        beyond chance in ``finding``, and for ``purify`` together with the size of the change.
    minimum_group : int
        People with every item of the scale answered that a group needs; smaller ones are left
        out, and how many they are is not shown. At least 10.

    Returns
    -------
    DifferentialResult
        Likelihood-ratio tests and the change of McFadden's R-squared of every item; below .02
        is the criterion of COSMIN. What cannot be tested is NaN, with the reason in ``note``.

    Raises
    ------
    ScoringError
        Where a column is missing or not numeric, a value is off the scale, or a scale is
        unknown.
    ModelError
        Where there is no such column to group by, or a setting cannot be.

    Notes
    -----
    Rows that leave an item of the scale unanswered, or whose group is not known, are not used.
    An answer that nobody gave makes no category; one that nobody in one of the groups gave needs
    no collapsing, since the thresholds are those of everybody.

    The models are fitted to counts of answers by matching score and group, which gives the same
    estimates as the rows do, at a small part of the work.

    References
    ----------
    Swaminathan H, Rogers HJ (1990). Journal of Educational Measurement 27(4):361-370.
    doi 10.1111/j.1745-3984.1990.tb00754.x.
    Zumbo BD (1999). A handbook on the theory and methods of differential item functioning.
    Ottawa: Directorate of Human Resources Research and Evaluation.
    Crane PK, Gibbons LE, Jolley L, van Belle G (2006). Medical Care 44(11 Suppl 3):S115-S123.
    doi 10.1097/01.mlr.0000245183.28384.ed.
    Choi SW, Gibbons LE, Crane PK (2011). Journal of Statistical Software 39(8):1-30.
    doi 10.18637/jss.v039.i08.
    McFadden D (1974). Conditional logit analysis of qualitative choice behavior. In Zarembka P,
    Frontiers in econometrics, 105-142. New York: Academic Press.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> trait = rng.normal(size=400)
    >>> group = np.repeat(["easy read", "standard"], 200)
    >>> items = {f"q{i}": np.digitize(trait + rng.normal(size=400), [-1, 0, 1]) for i in range(6)}
    >>> items["q5"] = np.where(group == "standard", np.minimum(items["q5"] + 1, 3), items["q5"])
    >>> answers = pd.DataFrame({**items, "form": group})
    >>> result = differential_functioning(answers, by="form", scales={"s": list(items)})
    >>> result.to_frame().set_index("item").loc[["q4", "q5"], "finding"].tolist()
    ['none', 'important']
    """
    settings = checked(matching, purify, adjust, alpha, minimum_group)
    table = eager(data)
    items = keyed_items(table, instrument, _own_items(table, instrument, scales))
    groupings = [grouping(table, name, items.frame.columns) for name in names_of(by)]
    parts = [
        tests_of(items, scale, groups, settings) for groups in groupings for scale in items.scales
    ]
    return tabulated(parts, settings)


def _own_items(
    data: Any, instrument: InstrumentLike | None, scales: ScaleChoice | None
) -> ScaleChoice | None:
    """Return the scales asked for; by default those that are not made of other scales."""
    found = instrument_of(data, instrument)
    if found is None or scales is not None:
        return scales
    return [scale.id for scale in found.scales if scale.items] or None
