"""What a reader has to know besides the numbers, in words."""

from __future__ import annotations

import math

import pandas as pd

from relsurvey.evaluation.checks import BY_MODEL
from relsurvey.evaluation.model import DIFFERENCE, OTHERS, TRAINED, Model
from relsurvey.evaluation.rows import ChangeRows
from relsurvey.evaluation.shown import Shown
from relsurvey.evaluation.words import several, some
from relsurvey.text import and_list, readable

__all__ = ["before_training", "by_team", "lost", "not_shown", "return_to_the_mean"]


def before_training(rows: ChangeRows, changes: pd.DataFrame) -> list[str]:
    """Say whether trained and others moved alike before the training, as far as can be seen."""
    if rows.trained is None or math.isnan(changes["estimate"].iloc[-1]):
        return []
    first = rows.waves.labels[rows.baseline]
    before = changes[(changes["kind"] == "before training") & (changes["who"] == DIFFERENCE)]
    if not before.empty and before["estimate"].isna().all():
        return []
    if before.empty:
        more = "; name the last wave before the training as baseline" if rows.last > 1 else ""
        return [
            f"There is no wave earlier than {first!r}: whether trained and others were moving "
            f"alike before the training cannot be seen{more}."
        ]
    apart = before.loc[(before["conf_low"] > 0) | (before["conf_high"] < 0), "wave"].tolist()
    if apart:
        return [
            f"Trained and others were not moving alike before the training (between {first} and "
            f"{and_list(apart)}): their difference in change cannot be put down to it."
        ]
    return [
        f"Between {and_list(before['wave'].tolist())} and {first} no difference in change is seen "
        "between trained and others; that small ones are there cannot be ruled out."
    ]


def lost(losses: pd.DataFrame) -> list[str]:
    """Say how many of the baseline were lost, and how those had answered."""
    row = losses.to_dict(orient="records")[0]
    if math.isnan(row["n_lost"]) or not row["n_lost"]:
        return []
    text = (
        f"{int(row['n_lost']):,} of {some(int(row['n_baseline']), row['unit'])} seen at the "
        "baseline are not seen at the last wave"
    )
    if math.isnan(row["difference"]):
        return [f"{text}."]
    return [
        f"{text}; at the baseline their mean was {readable(row['mean_lost'])}, that of those who "
        f"stayed {readable(row['mean_stayed'])}."
    ]


def return_to_the_mean(rows: ChangeRows, model: Model, shown: Shown) -> list[str]:
    """Say how a difference at the start may show as a difference in change by chance alone."""
    if rows.trained is None:
        return [
            "Without others to compare with, a change over time may as well be the calendar, or a "
            "return to the mean where people were chosen for low or high scores."
        ]
    if shown.reason(DIFFERENCE, (shown.baseline,)):
        return []
    at = 1 + model.fit.predictors.index(TRAINED)
    apart = float(model.fit.effects[at])
    higher = apart > 0
    drawn = "rise less, or fall more," if higher else "rise more, or fall less,"
    turned = "lower" if higher else "higher"
    return [
        f"At the baseline the trained were {readable(abs(apart))} points "
        f"{'higher' if higher else 'lower'} than the {OTHERS} (from the model). Who starts "
        f"{'higher' if higher else 'lower'} tends to {drawn} by chance alone (return to the "
        f"mean), most of all where training was given for {'high' if higher else 'low'} scores: "
        f"without any training the difference in change may come out {turned} than none."
    ]


def by_team(rows: ChangeRows, method: str) -> list[str]:
    """Say where the change is taken from, if not from the model."""
    if method == BY_MODEL:
        return []
    units = several(rows.unit)
    return [
        f"Changes, intervals and p are from the {method.split(',')[0]}, one value each (Welch's t "
        f"for the difference, Student's for the rest): the mixed model takes all {units} to "
        "change alike, and where they do not, its intervals are too narrow. Lines, the test of "
        "any difference and the means are the model's."
    ]


def not_shown(shown: Shown) -> list[str]:
    """Say what is withheld, and why."""
    if shown.totals:
        return []
    return [
        f"Not shown: numbers of groups with {shown.whole_reason}, and what they could be worked "
        "out from (changes, lines, totals)."
    ]
