"""The tests of all scales as tables, readings and notes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.criteria import Reading, functioning, functioning_sample
from relsurvey.errors import listed
from relsurvey.psychometrics.functioning.item_tests import KINDS
from relsurvey.psychometrics.functioning.parts import Part, adjusted
from relsurvey.psychometrics.functioning.result import DifferentialResult, finding
from relsurvey.psychometrics.functioning.settings import Settings
from relsurvey.psychometrics.grouping import FEWEST_SHOWN

__all__ = ["tabulated"]

NORMAL_975 = 1.959963984540054


def tabulated(parts: Sequence[Part], settings: Settings) -> DifferentialResult:
    """Put the parts together in one result."""
    table = _table(parts, settings)
    readings = [
        functioning(f"{row['item']} by {row['by']}", row["r2_change_total"], reason=row["reason"])
        for row in table.assign(reason=_reasons(table)).to_dict(orient="records")
    ]
    return DifferentialResult(
        table=table,
        effects=_frame((row for part in parts for row in _effects(part)), _EFFECTS),
        groups=_frame((row for part in parts for row in _groups(part, settings)), _GROUPS),
        readings=(*readings, *_sizes(parts)),
        matching=settings.matching,
        purified=settings.purify,
        adjust=settings.adjust,
        alpha=settings.alpha,
        minimum_group=settings.minimum_group,
        notes=tuple(_notes(parts, settings)),
    )


def _reasons(table: pd.DataFrame) -> list[str]:
    untold = table["r2_change_total"].isna()
    return table["note"].where(untold, "").tolist()


def _table(parts: Sequence[Part], settings: Settings) -> pd.DataFrame:
    rows = []
    for part in parts:
        for place, item in enumerate(part.items):
            test = part.tests.tests[place]
            rows.append(
                {
                    "by": part.by,
                    "scale": part.scale,
                    "item": item,
                    "n": math.nan if _withheld(part, settings) else part.n,
                    "n_groups": len(part.used),
                    "n_answers": part.n_answers[place],
                    **test.figures,
                    "note": test.note,
                }
            )
    table = pd.DataFrame(rows)
    for kind in KINDS:
        chances = table.groupby("by", sort=False)[f"p_{kind}"].transform(
            lambda p: adjusted(p.tolist(), settings.adjust)
        )
        table.insert(list(table.columns).index(f"p_{kind}") + 1, f"p_adjusted_{kind}", chances)
    pairs = zip(table["r2_change_total"], table["p_adjusted_total"], strict=True)
    found = [finding(change, p, settings.alpha) for change, p in pairs]
    table.insert(len(table.columns) - 1, "finding", found)
    return table


def _frame(rows: Iterable[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns)


_GROUPS = ["by", "scale", "group", "n", "used", "note"]
_EFFECTS = ["by", "scale", "item", "group", "reference", "log_odds", "std_error", "odds_ratio",
            "conf_low", "conf_high"]  # fmt: skip


def _effects(part: Part) -> Iterable[dict[str, Any]]:
    for item, test in zip(part.items, part.tests.tests, strict=True):
        for group, odds, error in zip(part.used, test.log_odds, test.std_errors, strict=True):
            yield {
                "by": part.by,
                "scale": part.scale,
                "item": item,
                "group": group,
                "reference": part.used[0],
                "log_odds": float(odds),
                "std_error": float(error),
                "odds_ratio": float(np.exp(odds)),
                "conf_low": float(odds - NORMAL_975 * error),
                "conf_high": float(odds + NORMAL_975 * error),
            }


def _groups(part: Part, settings: Settings) -> Iterable[dict[str, Any]]:
    for label, count in part.counts.items():
        used = count >= settings.minimum_group
        yield {
            "by": part.by,
            "scale": part.scale,
            "group": label,
            "n": count if used and not _withheld(part, settings) else math.nan,
            "used": used,
            "note": "" if used else f"left out: fewer than {settings.minimum_group} people",
        }


def _withheld(part: Part, settings: Settings) -> bool:
    """Whether sizes, together with a total, would tell how many the few people left out are."""
    hidden = sum(count for count in part.counts.values() if count < settings.minimum_group)
    return 0 < hidden < FEWEST_SHOWN


def _sizes(parts: Sequence[Part]) -> Iterable[Reading]:
    for part in parts:
        if len(part.used) > 1:
            smallest = min(part.used, key=part.counts.__getitem__)
            about = f"{part.scale} by {part.by}"
            yield functioning_sample(about, smallest, part.counts[smallest])


def _notes(parts: Sequence[Part], settings: Settings) -> Iterable[str]:
    if settings.adjust != "none":
        words = {"benjamini-hochberg": "Benjamini and Hochberg", "holm": "Holm"}
        yield (
            "p values are adjusted for the number of items tested, after "
            f"{words[settings.adjust]}; the table has the unadjusted ones too"
        )
    hidden = dict.fromkeys(part.by for part in parts if _withheld(part, settings))
    if hidden:
        yield (
            f"the sizes of the groups by {listed(list(hidden))} are not shown: with a total, they "
            "would tell how few people were left out"
        )
    for part in parts:
        where = f"{part.scale} by {part.by}"
        removed = [item for item in part.items if item not in part.tests.fair]
        if removed:
            yield f"{where}: matched without {listed(removed)} (purified)"
        if part.tests.note:
            yield f"{where}: {part.tests.note}"
