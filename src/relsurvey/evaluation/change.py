"""How scores changed over waves, and whether they changed differently where people were trained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.association.models.mixed import mixed_result
from relsurvey.evaluation.checks import change_checks, disagreement
from relsurvey.evaluation.model import (
    DIFFERENCE,
    EVERYONE,
    OTHERS,
    TRAINED,
    Model,
    change_rows,
    expected_means,
    fit_change,
    trend_rows,
)
from relsurvey.evaluation.persons import attrition, reliable_counts
from relsurvey.evaluation.result import ChangeResult
from relsurvey.evaluation.rows import ChangeRows, read_change
from relsurvey.evaluation.sentence import Found, change_sentence
from relsurvey.evaluation.words import some
from relsurvey.errors import ModelError
from relsurvey.moments.group_columns import Floats
from relsurvey.options import require_confidence, require_flag
from relsurvey.small_groups import USUAL_THRESHOLD, require_threshold
from relsurvey.text import and_list, counted, readable

__all__ = ["change"]


def change(
    data: Any,
    outcome: str,
    *,
    wave: str = "wave",
    person: str | None = None,
    group: str | None = None,
    team: str | None = None,
    trained: str | Sequence[Any] | None = None,
    order: Sequence[Any] | None = None,
    baseline: Any = None,
    reliability: float | None = None,
    sd: float | None = None,
    higher_is_better: bool = True,
    confidence: float = 0.95,
    threshold: int = USUAL_THRESHOLD,
) -> ChangeResult:
    """Estimate how a score changed from wave to wave.

    Parameters
    ----------
    data : Linked, frame or mapping of arrays
        One row an answer, those of all waves below each other: service users with their worker,
        or workers with scores of their own.
    outcome : str
        A number column.
    wave : str, default "wave"
        The column that tells waves apart: numbers, dates, an ordered categorical, or words.
    person : str, optional
        The id of the person who answered, where the same person has the same id in all waves.
    group : str, optional
        The worker's id. Known for ``Linked``.
    team : str, optional
        The team's id. Known for ``Linked``.
    trained : str or sequence, optional
        Who was trained: a column of True and False (or 1 and 0) that is the same in all rows of a
        team, also before the training; or the list of teams. Without ``team``, of workers.
    order : sequence, optional
        The waves from the first to the last; needed where they are words.
    baseline : optional
        The wave that others are compared with, the first if not given. With training, the last
        wave before it: earlier ones then show whether trained and others moved alike before.
    reliability, sd : float, optional
        Of the score, for counts of reliable change (see ``reliable_change``); the standard
        deviation is that at the baseline if not given.
    higher_is_better : bool, default True
        Whether a rise is an improvement.
    confidence : float, default 0.95
        Coverage of the intervals.
    threshold : int, default 10
        Fewest people in a number that is shown.

    Returns
    -------
    ChangeResult
        Means by wave, changes from the baseline, trend, checks, counts, and a sentence.

    Raises
    ------
    ModelError
        Where the order of waves is not known, there is one wave or one with a single row, a
        person is twice in a wave, training differs within a team, nobody's answers belong
        together, or the model cannot be fitted.

    Notes
    -----
    The model has the waves as categories. Where the same people (or workers, with scores of
    their own) answer again, each has a random intercept, and so has the unit they belong to: the
    worker, or with training the team. Where nobody can be followed, the waves are repeated
    cross-sections; each worker (with training, each team) has a random intercept, and another
    for each wave, so that units may change differently (Hooper et al., 2016). With training,
    wave x trained is added: that of the last wave is the difference in differences. Tests have
    Kenward and Roger's degrees of freedom (1997). It takes trained and others to have gone on
    alike had nobody been trained; no test can show that, but waves before the baseline may speak
    against it.

    Where people are followed, the model takes the change to be the same in all units but for
    chance; where it is not, its interval is too narrow. So the same change is given from the
    units' own means, one value each, and by regression with errors clustered by unit (CR2), and
    the sentence claims a direction only where none of these speaks against it.

    Who was chosen for low scores tends to score higher next time, without anything having
    changed (regression to the mean; Barnett, van der Pols & Dobson, 2005). Only others who were
    chosen alike and not trained can tell the two apart.

    References
    ----------
    Barnett, A. G., van der Pols, J. C., & Dobson, A. J. (2005). Regression to the mean: what it
    is and how to deal with it. International Journal of Epidemiology, 34(1), 215-220.
    Donald, S. G., & Lang, K. (2007). Inference with difference-in-differences and other panel
    data. Review of Economics and Statistics, 89(2), 221-233.
    Hooper, R., Teerenstra, S., de Hoop, E., & Eldridge, S. (2016). Sample size calculation for
    stepped wedge and other longitudinal cluster randomised trials. Statistics in Medicine,
    35(26), 4718-4728.
    Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from
    restricted maximum likelihood. Biometrics, 53(3), 983-997.

    Examples
    --------
    >>> data = {"wave": [1, 2] * 6, "worker_id": list("aabbccddeeff"),
    ...         "reflection": [3.0, 3.5, 4.0, 4.2, 2.5, 3.1, 3.3, 3.6, 4.1, 4.4, 2.9, 3.8]}
    >>> result = change(data, "reflection", group="worker_id")
    >>> round(result.estimate, 3), round(result.df, 1), result.design
    (0.467, 5.0, 'each worker_id once a wave')
    """
    require_confidence(confidence)
    require_flag("higher_is_better", higher_is_better)
    require_threshold(threshold, "people")
    rows = read_change(data, outcome, wave, (person, group, team), trained, order, baseline)
    model = fit_change(rows)
    panel = rows.panel
    reliable = None
    if reliability is not None or sd is not None:
        if panel is None or reliability is None:
            raise _no_reliable_change(reliability)
        reliable = reliable_counts(
            rows, rows.levels[panel], reliability=reliability, sd=sd, confidence=confidence,
            higher_is_better=higher_is_better, threshold=threshold,
        )  # fmt: skip
    changes = _with_holm(change_rows(rows, model, confidence), rows)
    headline = _headline(changes, rows)
    checks = change_checks(rows, model, confidence)
    lost_of = panel or rows.group or rows.unit
    disputed = disagreement(headline["p_value"], checks, confidence)
    losses = attrition(rows, rows.levels[lost_of], lost_of, confidence, threshold)
    means = _means(rows, expected_means(rows, model, confidence), threshold)
    spread = float(rows.y[rows.at(rows.baseline)].std(ddof=1))
    standardised = headline["estimate"] / spread if spread > 0 else math.nan
    fitted = mixed_result(model.fit, confidence)
    notes = (
        *rows.notes, *model.notes, *fitted.notes,
        *disputed,
        *_before_training(rows, changes), *_lost(losses), *_return_to_the_mean(rows, model),
        *_small(means, threshold),
    )  # fmt: skip
    found = Found(
        outcome, rows.waves.labels[rows.baseline], rows.waves.labels[rows.last],
        headline["estimate"], headline["conf_low"], headline["conf_high"], headline["p_value"],
        standardised, confidence, _basis(rows), rows.unit, *_arms(rows),
        disputed=bool(disputed),
    )  # fmt: skip
    return ChangeResult(
        outcome=outcome,
        wave=wave,
        person=rows.person,
        group=rows.group,
        team=rows.team,
        design=_design(rows, panel),
        waves=rows.waves.labels,
        baseline=found.first,
        with_training=rows.trained is not None,
        standardised=standardised,
        means=means,
        changes=changes,
        trend=trend_rows(rows, model, confidence),
        joint_p=model.joint_p,
        time_unit=rows.waves.unit,
        order_from=rows.waves.found_by,
        variance=fitted.variance,
        checks=checks,
        reliable=reliable,
        attrition=losses,
        n_rows=len(rows.y),
        n_units={name: len(np.unique(codes)) for name, codes in rows.levels.items()},
        unit=rows.unit,
        confidence=confidence,
        threshold=threshold,
        sentence=change_sentence(found),
        notes=notes,
        **headline,
    )


def _no_reliable_change(reliability: object) -> ModelError:
    if reliability is None:
        return ModelError(
            "Reliable change needs the reliability of the score; only its SD is given.",
            hint="Give reliability= too.",
        )
    return ModelError(
        "Reliable change is of persons, and nobody can be followed from wave to wave.",
        hint="Name the column of persons' ids (person=), if they have the same in all waves; "
        "otherwise leave reliability= out.",
    )


def _with_holm(changes: pd.DataFrame, rows: ChangeRows) -> pd.DataFrame:
    """Add what kind of comparison each row is, and p values adjusted over the waves of an arm."""
    labels = rows.waves.labels
    before = changes["wave"].map(labels.index) < rows.baseline
    kinds = np.where(before & (rows.trained is not None), "before training", "change")
    with_holm = changes.assign(p_holm=changes["p_value"])
    with_holm.insert(2, "kind", kinds)
    if len(labels) == 2:
        return with_holm
    from statsmodels.stats.multitest import multipletests

    for who in changes["who"].unique():
        of_arm = (changes["who"] == who).to_numpy()
        raw = changes.loc[of_arm, "p_value"].to_numpy()
        with_holm.loc[of_arm, "p_holm"] = multipletests(raw, method="holm")[1]
    return with_holm


def _headline(changes: pd.DataFrame, rows: ChangeRows) -> dict[str, float]:
    who = EVERYONE if rows.trained is None else DIFFERENCE
    row = changes[(changes["wave"] == rows.waves.labels[rows.last]) & (changes["who"] == who)]
    names = ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high")
    return {name: float(row[name].iloc[0]) for name in names}


def _means(rows: ChangeRows, expected: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Put counts, means and SDs as observed beside those of the model; hide small ones."""
    units = rows.levels[rows.group or rows.unit]
    found = []
    for row in expected.to_dict(orient="records"):
        here = rows.at(rows.waves.labels.index(row["wave"]))
        if rows.trained is not None:
            here = here & (rows.trained if row["who"] == TRAINED else ~rows.trained)
        n = int(here.sum())
        shown = n >= threshold
        numbers = {
            "n": float(n),
            "n_units": float(len(np.unique(units[here]))),
            "mean": float(rows.y[here].mean()),
            "sd": _sd(rows.y[here]),
            **{name: row[name] for name in ("estimate", "conf_low", "conf_high")},
        }
        if not shown:
            numbers = dict.fromkeys(numbers, math.nan)
        note = "" if shown else f"fewer than {threshold} answers"
        found.append({"wave": row["wave"], "who": row["who"], **numbers, "note": note})
    return pd.DataFrame(found)


def _sd(values: Floats) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else math.nan


def _small(means: pd.DataFrame, threshold: int) -> list[str]:
    if not means["n"].isna().any():
        return []
    return [f"Means of fewer than {threshold} answers are not shown."]


def _arms(rows: ChangeRows) -> tuple[int | None, int | None]:
    if rows.trained is None:
        return None, None
    codes = rows.levels[rows.unit]
    return len(np.unique(codes[rows.trained])), len(np.unique(codes[~rows.trained]))


def _basis(rows: ChangeRows) -> str:
    counts = [some(len(np.unique(codes)), name) for name, codes in rows.levels.items()]
    return f"{counted(len(rows.y), 'answer')} ({and_list(counts)})"


def _design(rows: ChangeRows, panel: str | None) -> str:
    if panel is None:
        return "repeated cross-sections: nobody can be followed from wave to wave"
    if panel != rows.person:
        return f"each {panel} once a wave"
    codes = rows.levels[panel]
    again = int((np.bincount(codes) > 1).sum())
    return f"persons over waves: {again:,} of {len(np.unique(codes)):,} answered more than once"


def _before_training(rows: ChangeRows, changes: pd.DataFrame) -> list[str]:
    """Say whether trained and others moved alike before the training, as far as can be seen."""
    if rows.trained is None:
        return []
    first = rows.waves.labels[rows.baseline]
    before = changes[(changes["kind"] == "before training") & (changes["who"] == DIFFERENCE)]
    if before.empty:
        more = "; name the last wave before the training as baseline" if rows.last > 1 else ""
        return [
            f"No wave is before {first}: whether trained and others were moving alike before the "
            f"training cannot be seen{more}."
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


def _lost(losses: pd.DataFrame) -> list[str]:
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


def _return_to_the_mean(rows: ChangeRows, model: Model) -> list[str]:
    if rows.trained is None:
        return [
            "Without others to compare with, a change over time may as well be the calendar, or a "
            "return to the mean where people were chosen for low or high scores."
        ]
    at = 1 + model.fit.predictors.index(TRAINED)
    tested = model.fit.test(np.eye(len(model.fit.effects))[[at]], 0.95)
    apart = float(tested["estimate"][0])
    way = "higher" if apart > 0 else "lower"
    return [
        f"At the baseline the trained were {readable(abs(apart))} points {way} than the {OTHERS} "
        "(from the model). Those who start lower tend to rise more by chance alone: if training "
        "was given for low scores, part of the difference is a return to the mean."
    ]
