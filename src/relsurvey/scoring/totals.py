"""Per respondent and scale: the sum of the keyed answers, how many there are, how many apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import narwhals as nw

from relsurvey.scoring.answers import Answers
from relsurvey.scoring.columns import Frame
from relsurvey.scoring.keying import applies_not, keyed
from relsurvey.scoring.rules import ScaleRule

__all__ = ["Totals", "with_keyed_items", "with_totals"]

Kind: TypeAlias = Literal["sum", "answered", "not_applicable", "top", "score"]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the totals of a set of scales are called and made of.

    Attributes
    ----------
    answers : Answers
        What is scored.
    rules : mapping of str to ScaleRule
        All scales by id.
    prefix : str
        Begins the name of every working column; no column of the data begins with it.
    """

    answers: Answers
    rules: Mapping[str, ScaleRule]
    prefix: str

    def name(self, kind: Kind, scale: str) -> str:
        """Name the working column of one total of one scale."""
        return f"{self.prefix}{kind} {scale}"

    def item(self, item: str, rule: ScaleRule) -> str:
        """Name the working column of a keyed item, under the scale's does-not-apply rule."""
        variant = "best" if self.counts_best(rule) else "item"
        return f"{self.prefix}{variant} {item}"

    def counts_best(self, rule: ScaleRule) -> bool:
        """Say whether does-not-apply becomes an answer in this scale."""
        return rule.not_applicable == "best" and bool(self.answers.not_applicable)

    def shrinks(self, rule: ScaleRule) -> bool:
        """Say whether does-not-apply changes how many answers are needed."""
        excluded = rule.not_applicable == "excluded" and bool(self.answers.not_applicable)
        return excluded and rule.by_share and not rule.of_scores

    def kinds(self, rule: ScaleRule) -> list[Kind]:
        """List the totals of items that a scale has."""
        kinds: list[Kind] = ["sum", "answered"]
        if self.shrinks(rule):
            kinds.append("not_applicable")
        if rule.scale.top_box:
            kinds.append("top")
        return kinds

    def adds_up(self, kind: Kind, rule: ScaleRule) -> bool:
        """Say whether a composite's total is the sum of its parts' totals, already at hand."""
        parts = [self.rules[part] for part in rule.parts]
        return (
            bool(parts)
            and sum(len(part.items) for part in parts) == len(rule.items)
            and all(self.counts_best(part) == self.counts_best(rule) for part in parts)
            and all(kind in self.kinds(part) for part in parts)
        )


def with_keyed_items(frame: Frame, carried: Sequence[str], totals: Totals) -> Frame:
    """Keep the carried columns and put the keyed items beside them."""
    columns: dict[str, nw.Expr] = {}
    for rule in totals.rules.values():
        for item in rule.items:
            best = totals.counts_best(rule)
            columns[totals.item(item, rule)] = keyed(item, totals.answers, best=best).fill_nan(None)
            if totals.shrinks(rule):
                columns[f"{totals.prefix}not {item}"] = applies_not(item, totals.answers)
    expressions = [column.alias(name) for name, column in columns.items()]
    return frame.select(*[nw.col(name) for name in carried], *expressions)


def with_totals(frame: Frame, rules: Sequence[ScaleRule], totals: Totals) -> Frame:
    """Add the totals of these scales; those of their parts have to be there."""
    columns = [
        _total(kind, rule, totals)
        .cast(nw.Float64 if kind == "sum" else nw.Int64)
        .alias(totals.name(kind, rule.id))
        for rule in rules
        for kind in totals.kinds(rule)
    ]
    return frame.with_columns(*columns)


def _total(kind: Kind, rule: ScaleRule, totals: Totals) -> nw.Expr:
    if totals.adds_up(kind, rule):
        return nw.sum_horizontal(*[nw.col(totals.name(kind, part)) for part in rule.parts])
    if kind == "not_applicable":
        return _count([nw.col(f"{totals.prefix}not {item}") for item in rule.items])
    columns = [nw.col(totals.item(item, rule)) for item in rule.items]
    if kind == "sum":
        return nw.sum_horizontal(*columns)
    if kind == "answered":
        return _count([~column.is_null() for column in columns])
    highest = float(totals.answers.instrument.response_scale.maximum)
    return _count([column == highest for column in columns])


def _count(truths: Sequence[nw.Expr]) -> nw.Expr:
    # Truth values add up to different types in different libraries; small integers do not, and
    # two bytes a cell are quicker to add than eight.
    return nw.sum_horizontal(*[truth.cast(nw.Int16) for truth in truths])
