"""From answers to scores, one expression a score, on whatever frame came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from relsurvey.errors import ScoringError, listed
from relsurvey.instruments import InstrumentLike
from relsurvey.intake import Responses
from relsurvey.scoring.answers import Answers, answers_of, require_instrument
from relsurvey.scoring.columns import Frame, require_columns
from relsurvey.scoring.rules import NotApplicableRule, ScaleRule, scale_rules
from relsurvey.scoring.totals import Totals, with_keyed_items, with_totals
from relsurvey.scoring.validity import require_on_scale

__all__ = ["score"]


def score(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    min_answered: int | Mapping[str, int] | None = None,
    not_applicable: NotApplicableRule | None = None,
) -> Any:
    """Score every scale of an instrument, one row a respondent.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent. A frame has a numeric column for each item, with the codes as
        they were answered (not reversed); null and NaN both mean no answer, and a number
        that the instrument declares as does-not-apply or as missing is taken as such.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    min_answered : int or mapping of str to int, optional
        How many answers a score needs: for all scales, or by scale id, in place of the
        instrument's rule. That each scale of a composite be scored is not touched by it.
    not_applicable : {"excluded", "best", "missing"}, optional
        What does-not-apply counts as, in place of the instrument's rule; see Notes.

    Returns
    -------
    frame of the kind that came in (pandas for responses)
        First the columns that are not items, unchanged (of responses ``meta``), then for each
        scale: ``<id>``, the score; ``<id>_answered``, the number of answers in it (of scores,
        for a composite of scores); where the scale has them,
        ``<id>_pomp``, percent of maximum possible (0 to 100), and ``<id>_top_box``, a share
        (0 to 1). A score is missing (NaN in pandas, null in Polars and PyArrow) where fewer
        were answered than the rule asks for. A pandas index is kept; that of responses, named
        "row", is the row in the file.

    Raises
    ------
    ScoringError
        Where an item column is missing or is not numeric; where a value is off the scale
        (every row, column and value in ``.failures``); where a column has the name of a
        score; where ``min_answered`` or ``not_applicable`` cannot be.
    InstrumentError
        Where there is no such instrument.

    Notes
    -----
    A reversed item becomes minimum + maximum - answer, with the declared range.

    The mean is that of the answered items. A sum with items unanswered, but enough answered,
    is prorated: the mean of the answered items times the number of items of the scale, so that
    it keeps the scale's full range. The same holds for items that do not apply.

    Does-not-apply: "excluded" leaves the item out for that respondent, and a rule that asks
    for a share of the items asks for a share of those that apply; "best" takes it for an
    answer, the best one there is; "missing" takes it for no answer, and a share is one of all
    items. Top-box is the share of the answers in the score that are the best answer (for a
    reversed item, the lowest code).

    A composite of items is scored from all items of its scales; a composite of scores from
    the scores of its scales, each with the same weight.

    A lazy frame stays lazy, but for the check for off-scale values: one aggregated pass that
    is run when the function is called.

    References
    ----------
    Cohen P, Cohen J, Aiken LS, West SG (1999). The problem of units and the circumstance for
    POMP. Multivariate Behavioral Research 34(3):315-346. doi 10.1207/S15327906MBR3403_2.

    Examples
    --------
    >>> import pandas as pd
    >>> from relsurvey.instruments import load_instrument
    >>> items = load_instrument("rpq-16").item_ids
    >>> answers = pd.DataFrame([[4] * 16, [6, 6, None, 5] + [None] * 12], columns=items)
    >>> answers.insert(0, "worker_id", ["007", "008"])
    >>> score(answers, "rpq-16")[["worker_id", "RIA", "RIA_answered", "RC", "RC_answered"]]
      worker_id       RIA  RIA_answered   RC  RC_answered
    0       007  4.000000             4  4.0           16
    1       008  5.666667             3  NaN            3
    """
    found = require_instrument(data, instrument)
    rules = scale_rules(found, min_answered, not_applicable)
    answers = answers_of(data, found)
    wanted = {item: rule.id for rule in reversed(rules.values()) for item in rule.items}
    require_columns(
        answers.frame, {name: wanted[name] for name in found.items.ids if name in wanted}
    )
    names = answers.frame.collect_schema().names()
    carried = [name for name in names if name not in found.item_ids]
    _require_free_names(carried, rules)
    require_on_scale(answers, list(wanted))
    scored = _scored(answers, carried, rules).to_native()
    return scored.reset_index(drop=True) if isinstance(data, Responses) else scored


def _scored(answers: Answers, carried: list[str], rules: Mapping[str, ScaleRule]) -> Frame:
    totals = Totals(answers, rules, _free_prefix(answers.frame.collect_schema().names()))
    frame = with_keyed_items(_planned(answers.frame), carried, totals)
    for level in sorted({rule.level for rule in rules.values()}):
        here = [rule for rule in rules.values() if rule.level == level]
        frame = with_totals(frame, here, totals)
        frame = frame.with_columns(
            *[_score(rule, totals).alias(totals.name("score", rule.id)) for rule in here]
        )
    outputs = [
        expression.alias(name)
        for rule in rules.values()
        for name, expression in _outputs(rule, totals).items()
    ]
    scored = frame.select(*[nw.col(name) for name in carried], *outputs)
    was_eager = isinstance(answers.frame, nw.DataFrame)
    return scored.collect() if was_eager and isinstance(scored, nw.LazyFrame) else scored


def _planned(frame: Frame) -> Frame:
    # Polars shares what several columns need, and keeps both cores busy, when it sees the whole
    # work at once; the other libraries compute line by line in any case.
    return frame.lazy() if frame.implementation.is_polars() else frame


def _score(rule: ScaleRule, totals: Totals) -> nw.Expr:
    """Mean or prorated sum, null where too few were answered."""
    total, answered = _sum_and_count(rule, totals)
    weighted = total * rule.n_units if rule.scale.method == "sum" else total
    return nw.when(_enough(rule, totals, answered)).then(weighted / answered)


def _sum_and_count(rule: ScaleRule, totals: Totals) -> tuple[nw.Expr, nw.Expr]:
    if not rule.of_scores:
        return nw.col(totals.name("sum", rule.id)), nw.col(totals.name("answered", rule.id))
    scores = [nw.col(totals.name("score", part)) for part in rule.parts]
    count = nw.sum_horizontal(*[(~column.is_null()).cast(nw.Int64) for column in scores])
    return nw.sum_horizontal(*scores), count


def _enough(rule: ScaleRule, totals: Totals, answered: nw.Expr) -> nw.Expr:
    share = rule.minimum.share
    if share is None:
        enough = answered >= (rule.minimum.count or 1)
    else:
        applicable = nw.lit(rule.n_units)
        if totals.shrinks(rule):
            applicable = rule.n_units - nw.col(totals.name("not_applicable", rule.id))
        # Whole numbers on both sides: two thirds of six is four, not a hair more.
        large_enough = answered * share.denominator >= applicable * share.numerator
        enough = large_enough & (answered >= rule.minimum.at_least)
    if rule.scale.every_scale_scored:
        for part in rule.parts:
            enough = enough & ~nw.col(totals.name("score", part)).is_null()
    return enough


def _outputs(rule: ScaleRule, totals: Totals) -> dict[str, nw.Expr]:
    scale = rule.scale
    scored = nw.col(totals.name("score", rule.id))
    outputs = {
        rule.id: scored,
        f"{rule.id}_answered": _sum_and_count(rule, totals)[1].cast(nw.Int64),
    }
    if scale.pomp:
        outputs[f"{rule.id}_pomp"] = (
            (scored - scale.minimum) * 100 / (scale.maximum - scale.minimum)
        )
    if scale.top_box:
        top = nw.col(totals.name("top", rule.id))
        share = top / nw.col(totals.name("answered", rule.id))
        outputs[f"{rule.id}_top_box"] = nw.when(~scored.is_null()).then(share)
    return outputs


def _output_names(rule: ScaleRule) -> list[str]:
    names = [rule.id, f"{rule.id}_answered"]
    names += [f"{rule.id}_pomp"] if rule.scale.pomp else []
    names += [f"{rule.id}_top_box"] if rule.scale.top_box else []
    return names


def _require_free_names(carried: list[str], rules: Mapping[str, ScaleRule]) -> None:
    outputs = Counter(name for rule in rules.values() for name in _output_names(rule))
    taken = [name for name in carried if name in outputs]
    if taken:
        raise ScoringError(
            f"The data have columns with the name of a score already: {listed(taken)}.",
            hint="Rename or drop them; the scores would overwrite them.",
            failures=[{"column": name} for name in taken],
        )
    twice = [name for name, count in outputs.items() if count > 1]
    if twice:
        raise ScoringError(
            f"Two scales would write the same column: {listed(twice)}.",
            hint="Give one of the scales another id.",
        )


def _free_prefix(names: list[str]) -> str:
    """Return a beginning that no column name has."""
    prefix = "~"
    while any(str(name).startswith(prefix) for name in names):
        prefix += "~"
    return prefix
