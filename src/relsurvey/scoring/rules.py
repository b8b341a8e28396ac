"""How a score is made of answers: which, how many are needed, what does-not-apply counts as."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

from relsurvey.errors import ScoringError, listed, suggestion
from relsurvey.instruments import Instrument, MinimumAnswered, Scale

__all__ = ["NotApplicableRule", "ScaleRule", "scale_rules"]

NotApplicableRule: TypeAlias = Literal["excluded", "best", "missing"]


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """One score, with everything resolved.

    Attributes
    ----------
    scale : Scale
        As the instrument has it.
    items : tuple of str, length k
        The items below it; a composite's are those of all its scales, each once.
    parts : tuple of str
        Ids of the scales of a composite; empty for a scale of items.
    of_scores : bool
        Whether it is made of its parts' scores instead of the items.
    minimum : MinimumAnswered
        How many answers (scores, for a composite of scores) it needs.
    not_applicable : {"excluded", "best", "missing"}
        What does-not-apply counts as.
    level : int
        0 for a scale of items; a composite is one above the highest of its parts.
    """

    scale: Scale
    items: tuple[str, ...]
    parts: tuple[str, ...]
    of_scores: bool
    minimum: MinimumAnswered
    not_applicable: NotApplicableRule
    level: int

    @property
    def id(self) -> str:
        """Id of the scale."""
        return self.scale.id

    @property
    def n_units(self) -> int:
        """How many answers (or scores) it has when nothing is missing."""
        return len(self.parts) if self.of_scores else len(self.items)

    @property
    def by_share(self) -> bool:
        """Whether how many are needed depends on how many items apply."""
        return self.minimum.share is not None


def scale_rules(
    instrument: Instrument,
    min_answered: int | Mapping[str, int] | None = None,
    not_applicable: str | None = None,
) -> dict[str, ScaleRule]:
    """Resolve every scale of an instrument, with the caller's own rules in place of its.

    Parameters
    ----------
    instrument : Instrument
        The definition.
    min_answered : int or mapping of str to int, optional
        A count for every scale, or counts by scale id, in place of the instrument's rule.
    not_applicable : {"excluded", "best", "missing"}, optional
        In place of the instrument's rule.

    Returns
    -------
    dict of str to ScaleRule
        By scale id, in the order of the instrument.

    Raises
    ------
    ScoringError
        Where a rule names no scale, is not a whole number, or asks for more answers than the
        scale has items; or where ``not_applicable`` is not one of the three words.
    """
    _require_known_rule(not_applicable)
    levels: dict[str, int] = {}
    bare = {
        scale.id: ScaleRule(
            scale=scale,
            items=tuple(dict.fromkeys(instrument.items_of(scale.id))),
            parts=tuple(scale.scales),
            of_scores=scale.composite_of == "scores",
            minimum=scale.minimum_answered,
            not_applicable=not_applicable or scale.not_applicable,  # type: ignore[arg-type]
            level=_level(instrument, scale, levels),
        )
        for scale in instrument.scales
    }
    counts = _counts(min_answered, bare)
    return {
        key: replace(rule, minimum=MinimumAnswered(count=counts[key])) if key in counts else rule
        for key, rule in bare.items()
    }


def _level(instrument: Instrument, scale: Scale, known: dict[str, int]) -> int:
    if scale.id not in known:
        parts = [_level(instrument, instrument.scales[part], known) for part in scale.scales]
        known[scale.id] = 1 + max(parts) if parts else 0
    return known[scale.id]


def _require_known_rule(not_applicable: str | None) -> None:
    allowed = get_args(NotApplicableRule)
    if not_applicable is not None and not_applicable not in allowed:
        near = suggestion(str(not_applicable), allowed)
        guess = f"Did you mean {near!r}? " if near else ""
        raise ScoringError(
            f"What 'does not apply' counts for cannot be {not_applicable!r}.",
            hint=f"{guess}Allowed: {listed(allowed)}; None keeps the instrument's own rule.",
        )


def _counts(
    min_answered: int | Mapping[str, int] | None, rules: Mapping[str, ScaleRule]
) -> dict[str, int]:
    if min_answered is None:
        return {}
    given: Mapping[str, Any] = (
        min_answered if isinstance(min_answered, Mapping) else dict.fromkeys(rules, min_answered)
    )
    counts: dict[str, int] = {}
    failures: list[dict[str, Any]] = []
    for key, value in given.items():
        reason = _fault(key, value, rules)
        if reason:
            failures.append({"scale": key, "min_answered": value, "problem": reason})
        else:
            counts[key] = operator.index(value)
    if failures:
        raise ScoringError(
            "The number of answers a scale needs (--min-answered / min_answered) does not fit the "
            "instrument.",
            hint="Give a whole number for all scales; in Python also one by scale, such as "
            f"{{{next(iter(rules))!r}: 2}}.",
            failures=failures,
        )
    return counts


def _fault(key: str, value: Any, rules: Mapping[str, ScaleRule]) -> str:
    if key not in rules:
        near = suggestion(str(key), rules)
        return f"no such scale{f'; did you mean {near!r}?' if near else ''}"
    try:
        count = operator.index(value)
    except TypeError:
        # One number for both a count and a share invites the wrong reading: is 1.0 one answer,
        # or all of them? A share is the instrument's to say.
        return "a count of answers is needed, a whole number; a share belongs in the instrument"
    if isinstance(value, bool) or count < 1:
        return "at least 1 answer is needed"
    units = rules[key].n_units
    return f"there are only {units}" if count > units else ""
