"""The mixed model over waves: sums, fits, and the contrasts that are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from relsurvey.association.cluster_ols import cluster_ols
from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.errors import ModelError
from relsurvey.evaluation.rows import ChangeRows
from relsurvey.evaluation.waves import Codes
from relsurvey.moments.group_columns import Floats
from relsurvey.moments.group_rows import group_sums
from relsurvey.moments.groups import GroupSums

__all__ = [
    "DIFFERENCE",
    "EVERYONE",
    "OTHERS",
    "TRAINED",
    "Model",
    "change_rows",
    "clustered",
    "expected_means",
    "fit_change",
    "trend_rows",
]

TIME = "time"
EVERYONE, TRAINED, OTHERS = "all", "trained", "others"
DIFFERENCE = "trained less others"
MOST_LEVELS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The model with waves as categories, and what it rests on.

    Attributes
    ----------
    fit : MixedFit
        REML, Kenward-Roger.
    levels : tuple of str
        The columns that have a random intercept, from the innermost out.
    joint_p : float
        Likelihood-ratio test that no wave differs (with training: that no wave differs in the
        difference between trained and others); NaN for two waves, where the one contrast says it.
    notes : tuple of str
        Which levels are in the model and which are not.
    """

    fit: MixedFit
    levels: tuple[str, ...]
    joint_p: float
    notes: tuple[str, ...]


def _wave_term(label: str) -> str:
    return f"wave {label}"


def _both_term(label: str) -> str:
    return f"{TRAINED} x wave {label}"


def _columns(rows: ChangeRows) -> dict[str, Floats]:
    """Return the terms of the model: waves but the baseline, and trained with each of them."""
    others = [place for place in range(len(rows.waves.labels)) if place != rows.baseline]
    columns = {
        _wave_term(rows.waves.labels[place]): rows.at(place).astype(np.float64) for place in others
    }
    if rows.trained is None:
        return columns
    flags = rows.trained.astype(np.float64)
    products = {_both_term(rows.waves.labels[place]): rows.at(place) * flags for place in others}
    return {**columns, TRAINED: flags, **products}


def _levels(rows: ChangeRows) -> dict[str, Codes]:
    """Return the levels that may have a random intercept, from the innermost out.

    Where nobody can be followed, units may change differently: each has one for each wave, too.
    """
    if rows.panel is not None:
        return rows.levels
    unit = rows.unit if rows.trained is not None else rows.group or rows.unit
    codes = rows.levels[unit]
    return {at_each_wave(unit): codes * len(rows.waves.labels) + rows.waves.codes, unit: codes}


def at_each_wave(unit: str) -> str:
    """Return what the level of a unit at each wave is called."""
    return f"{unit} at each wave"


def _usable(rows: ChangeRows, levels: dict[str, Codes]) -> tuple[list[str], list[str]]:
    """Return the levels that can have a random intercept, at most two, and notes."""
    usable, below, notes = [], len(rows.y), []
    for name, codes in levels.items():
        count = len(np.unique(codes))
        if count == below:
            what = "is seen once" if name == rows.person else "has one only"
            if name.endswith(at_each_wave("")):
                what = "has one answer only"
            notes.append(f"Each {name} {what}: the model has no level for {name}.")
        elif name.endswith(at_each_wave("")) and _all_alike(rows.y, codes):
            notes.append(f"No two answers of one {name} differ: the model has no level for it.")
        elif count == 1:
            notes.append(f"All are of one {name}: the model has no level for {name}.")
        else:
            usable.append(name)
            below = count
    if len(usable) > MOST_LEVELS:
        # The innermost has the pairs of answers; the outermost is where training is given.
        dropped = usable[1] if rows.trained is not None else usable[2]
        usable.remove(dropped)
        notes.append(
            f"Two levels besides the answers are in the model, {usable[0]} and {usable[1]}; "
            f"differences between {dropped} are not."
        )
    return usable, notes


def _all_alike(y: Floats, codes: Codes) -> bool:
    """Say whether no unit has two different answers, as where a row is there twice."""
    size = int(codes.max()) + 1
    least, most = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(least, codes, y)
    np.maximum.at(most, codes, y)
    return bool((least >= most).all())


def _sums(rows: ChangeRows, columns: dict[str, Floats], levels: list[str]) -> GroupSums:
    data: dict[str, Any] = {**columns, rows.outcome: rows.y}
    codes = _levels(rows)
    data |= {name: codes[name] for name in levels}
    nested_in = levels[1] if len(levels) > 1 else None
    return group_sums(data, [*columns, rows.outcome], levels[0], nested_in=nested_in)


def fit_change(rows: ChangeRows) -> Model:
    """Fit the model with waves as categories.

    Parameters
    ----------
    rows : ChangeRows
        The answers.

    Returns
    -------
    Model
        A random intercept for the one or two levels whose units have several answers, or several
        units of the level below.

    Raises
    ------
    ModelError
        Where nobody has two answers at any level, names of columns clash, or the model cannot
        be fitted.
    """
    usable, notes = _usable(rows, _levels(rows))
    columns = _columns(rows)
    if not usable:
        raise ModelError(
            "No two answers belong together: every id is there once.",
            hint="Name the column of ids that are there in several waves or rows: person=, group= "
            "(the worker) or team=.",
        )
    clash = [name for name in (*usable, rows.outcome) if name in (*columns, TIME)]
    if clash:
        raise ModelError(
            f"The column {clash[0]!r} is called as a term of the model is.",
            hint="Give the column another name first.",
        )
    sums = _sums(rows, columns, usable)
    fit = fit_sums(sums, rows.outcome, tuple(columns), df="kenward_roger")
    return Model(fit, tuple(usable), _joint(sums, rows.outcome, tuple(columns)), tuple(notes))


def _joint(sums: GroupSums, outcome: str, terms: tuple[str, ...]) -> float:
    tested = [name for name in terms if name.startswith(f"{TRAINED} x")]
    tested = tested or list(terms)
    if len(tested) < 2:
        return float("nan")
    less = tuple(name for name in terms if name not in tested)
    deviances = [fit_sums(sums, outcome, one, reml=False).deviance for one in (less, terms)]
    return float(chdtrc(len(tested), max(deviances[0] - deviances[1], 0.0)))


def _contrast(terms: tuple[str, ...], *wanted: str) -> Floats:
    contrast = np.zeros(1 + len(terms))
    for name in wanted:
        contrast[1 + terms.index(name)] += 1.0
    return contrast


def change_rows(rows: ChangeRows, model: Model, confidence: float) -> pd.DataFrame:
    """Return each wave against the baseline, for all or for trained, others and their difference.

    Parameters
    ----------
    rows : ChangeRows
        The answers.
    model : Model
        Their model.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    pandas.DataFrame
        ``wave, who, estimate, std_error, df, statistic, p_value, conf_low, conf_high``.
    """
    terms = model.fit.predictors
    asked = []
    for place, label in enumerate(rows.waves.labels):
        if place == rows.baseline:
            continue
        wave, both = _wave_term(label), _both_term(label)
        if rows.trained is None:
            asked.append((label, EVERYONE, _contrast(terms, wave)))
            continue
        asked.append((label, OTHERS, _contrast(terms, wave)))
        asked.append((label, TRAINED, _contrast(terms, wave, both)))
        asked.append((label, DIFFERENCE, _contrast(terms, both)))
    tested = model.fit.test(np.stack([contrast for _, _, contrast in asked]), confidence)
    who = {"wave": [one for one, _, _ in asked], "who": [one for _, one, _ in asked]}
    return pd.DataFrame({**who, **tested})


def expected_means(rows: ChangeRows, model: Model, confidence: float) -> pd.DataFrame:
    """Return the mean of each wave and arm with its interval, from the model.

    Returns
    -------
    pandas.DataFrame
        ``wave, who, estimate, conf_low, conf_high``.
    """
    terms = model.fit.predictors
    asked = []
    for who in (EVERYONE,) if rows.trained is None else (TRAINED, OTHERS):
        for place, label in enumerate(rows.waves.labels):
            wanted = [] if place == rows.baseline else [_wave_term(label)]
            if who == TRAINED:
                wanted += [TRAINED, *([] if place == rows.baseline else [_both_term(label)])]
            contrast = _contrast(terms, *wanted)
            contrast[0] = 1.0
            asked.append((label, who, contrast))
    tested = model.fit.test(np.stack([contrast for _, _, contrast in asked]), confidence)
    return pd.DataFrame(
        {
            "wave": [one for one, _, _ in asked],
            "who": [one for _, one, _ in asked],
            **{name: tested[name] for name in ("estimate", "conf_low", "conf_high")},
        }
    )


def trend_rows(rows: ChangeRows, model: Model, confidence: float) -> pd.DataFrame:
    """Fit a straight line over the waves, for all or for trained, others and their difference.

    Returns
    -------
    pandas.DataFrame
        ``who, estimate`` (points per unit of time), ``std_error, df, statistic, p_value,
        conf_low, conf_high``; no rows for two waves, where it says nothing new.
    """
    if len(rows.waves.labels) < 3:
        return pd.DataFrame()
    time = rows.waves.times[rows.waves.codes]
    columns = {TIME: time}
    if rows.trained is not None:
        flags = rows.trained.astype(np.float64)
        columns |= {TRAINED: flags, f"{TRAINED} x {TIME}": time * flags}
    sums = _sums(rows, columns, list(model.levels))
    fit = fit_sums(sums, rows.outcome, tuple(columns), df="kenward_roger")
    asked = [(EVERYONE, _contrast(fit.predictors, TIME))]
    if rows.trained is not None:
        both = f"{TRAINED} x {TIME}"
        asked = [
            (OTHERS, _contrast(fit.predictors, TIME)),
            (TRAINED, _contrast(fit.predictors, TIME, both)),
            (DIFFERENCE, _contrast(fit.predictors, both)),
        ]
    tested = fit.test(np.stack([contrast for _, contrast in asked]), confidence)
    return pd.DataFrame({"who": [who for who, _ in asked], **tested})


def clustered(rows: ChangeRows, cluster: str, confidence: float) -> dict[str, float]:
    """Return the last change (or difference in change) by ordinary regression, errors by CR2.

    Parameters
    ----------
    rows : ChangeRows
        The answers.
    cluster : str
        The level whose units are the clusters.
    confidence : float
        Coverage of the interval.
    """
    columns = _columns(rows)
    data: dict[str, Any] = {**columns, rows.outcome: rows.y, cluster: rows.levels[cluster]}
    sums = group_sums(data, [*columns, rows.outcome], cluster, each_within=True)
    table = cluster_ols(sums, rows.outcome, tuple(columns), confidence=confidence).table
    label = rows.waves.labels[rows.last]
    term = _wave_term(label) if rows.trained is None else _both_term(label)
    found = table[table["term"] == term].drop(columns="term").iloc[0]
    return {str(name): float(value) for name, value in found.items()}
