"""How scores changed over waves, and whether they changed differently where people were trained."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any, cast

import numpy as np
import pandas as pd

from relsurvey.association.models.mixed import mixed_result
from relsurvey.errors import ModelError
from relsurvey.evaluation.checks import (
    BY_MODEL,
    NUMBERS,
    by_units,
    change_checks,
    changes_of_units,
    disagreement,
)
from relsurvey.evaluation.model import (
    DIFFERENCE,
    EVERYONE,
    TRAINED,
    change_rows,
    expected_means,
    fit_change,
    trend_rows,
)
from relsurvey.evaluation.persons import attrition, reliable_counts
from relsurvey.evaluation.remarks import (
    before_training,
    by_team,
    lost,
    not_shown,
    return_to_the_mean,
)
from relsurvey.evaluation.result import ChangeResult
from relsurvey.evaluation.rows import ChangeRows, find_baseline, read_change
from relsurvey.evaluation.sentence import Found, change_sentence
from relsurvey.evaluation.shown import Shown, what_is_shown
from relsurvey.evaluation.words import some
from relsurvey.faults import Faults
from relsurvey.moments.group_columns import Floats
from relsurvey.options import require_confidence, require_flag, require_number
from relsurvey.small_groups import USUAL_THRESHOLD, require_threshold
from relsurvey.text import and_list, counted

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
        Fewest people in a number that is shown (see Notes).

    Returns
    -------
    ChangeResult
        Means by wave, changes from the baseline, trend, checks, counts, and a sentence.

    Raises
    ------
    ModelError
        Where the order of waves is not known, there is one wave or one with a single row, a
        person is twice in a wave (or a few workers are, where most are there once), training
        differs within a team, nobody's answers belong together, an option is out of bounds, or
        the model cannot be fitted.

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
    chance; where it is not, its interval is too narrow. With training of units of several people
    (teams), changes, intervals and p are therefore taken from the units' own means, one value
    each (Donald & Lang, 2007): Student's t for an arm, Welch's for the difference; every unit
    counts alike. What the model says is in ``by_model``. ``checks`` has the last change by the
    model, from units' means and by regression with errors clustered by unit (CR2); the sentence
    claims a direction only where none of these speaks against it.

    One rule says what is shown, in texts, tables, ``to_dict`` and the figure. A cell is a wave of
    everyone, or with training a wave of the trained or of the others. It is shown where at least
    ``threshold`` people are in it (workers where their column is named, or else persons, or else
    answers) and, with training of teams, people of two teams or more. Of a cell that is not shown
    nothing is: not its mean and counts; not a change from or to it, nor the difference of trained
    and others there; not the straight line through it; and no total (answers, units, variances,
    the test of any wave, losses, reliable change) that it is a part of. Where that is the baseline
    or the last wave, there is no headline either: the numbers are NaN, and the sentence says why.
    So a study of fewer people than the threshold shows nothing.

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
    >>> data = {"wave": [1, 2] * 10, "worker_id": list("aabbccddeeffgghhiijj"),
    ...         "reflection": [3.0, 3.5, 4.0, 4.2, 2.5, 3.1, 3.3, 3.6, 4.1, 4.4, 2.9, 3.8,
    ...                        3.4, 3.4, 2.8, 3.3, 3.9, 4.1, 3.1, 3.0]}
    >>> result = change(data, "reflection", group="worker_id")
    >>> round(result.estimate, 3), round(result.df, 1), result.design
    (0.34, 9.0, 'each worker_id once a wave')
    """
    rows = _read(
        data, outcome, wave, (person, group, team), trained, order, baseline,
        {
            "confidence": lambda: require_confidence(confidence),
            "higher_is_better": lambda: require_flag("higher_is_better", higher_is_better),
            "threshold": lambda: require_threshold(threshold, "people"),
            "reliability": lambda: _require_reliability(reliability),
            "sd": lambda: _require_sd(sd),
        },
    )  # fmt: skip
    model = fit_change(rows)
    panel = rows.panel
    shown = what_is_shown(rows, threshold)
    method = by_units(rows) or BY_MODEL
    by_model = change_rows(rows, model, confidence)
    changes = by_model if method == BY_MODEL else changes_of_units(rows, confidence)
    checks = change_checks(rows, model, _last(by_model, rows), confidence)
    disputed = disagreement(method, checks, confidence)
    by_model = shown.changes(_with_holm(by_model, rows))
    changes = shown.changes(_with_holm(changes, rows))
    headline = _last(changes, rows)
    headline.pop("statistic")
    checks = shown.whole(checks, shown.headline)
    if not shown.totals:
        checks["n"] = math.nan
        checks["note"] = shown.headline
    reliable = None
    if reliability is not None or sd is not None:
        if panel is None or reliability is None:
            raise _no_reliable_change(reliability)
        reliable = shown.whole(
            reliable_counts(
                rows, rows.levels[panel], reliability=reliability, sd=sd, confidence=confidence,
                higher_is_better=higher_is_better, threshold=threshold,
            ),
            shown.whole_reason,
        )  # fmt: skip
    lost_of = panel or rows.group or rows.unit
    losses = shown.whole(
        attrition(rows, rows.levels[lost_of], lost_of, confidence, threshold), shown.whole_reason
    )
    spread = float(rows.y[rows.at(rows.baseline)].std(ddof=1))
    standardised = headline["estimate"] / spread if spread > 0 else math.nan
    fitted = mixed_result(model.fit, confidence)
    first, last = rows.waves.labels[rows.baseline], rows.waves.labels[rows.last]
    found = Found(
        outcome, first, last,
        headline["estimate"], headline["conf_low"], headline["conf_high"], headline["p_value"],
        standardised, confidence, _basis(rows) if shown.totals else "", rows.unit, *_arms(rows),
        disputed=bool(disputed), withheld=shown.headline,
    )  # fmt: skip
    return ChangeResult(
        outcome=outcome,
        wave=wave,
        person=rows.person,
        group=rows.group,
        team=rows.team,
        design=_design(rows, panel, counts=shown.totals),
        waves=rows.waves.labels,
        baseline=first,
        with_training=rows.trained is not None,
        method=method,
        standardised=standardised,
        means=_means(rows, expected_means(rows, model, confidence), shown),
        changes=changes,
        by_model=by_model,
        trend=shown.lines(trend_rows(rows, model, confidence)),
        joint_p=model.joint_p if shown.totals else math.nan,
        time_unit=rows.waves.unit,
        order_from=rows.waves.found_by,
        variance=fitted.variance if shown.totals else dict.fromkeys(fitted.variance, math.nan),
        checks=checks,
        reliable=reliable,
        attrition=losses,
        n_rows=len(rows.y) if shown.totals else None,
        n_units={
            name: len(np.unique(codes)) if shown.totals else None
            for name, codes in rows.levels.items()
        },
        unit=rows.unit,
        confidence=confidence,
        threshold=threshold,
        sentence=change_sentence(found),
        notes=(
            *_uncounted((*rows.notes, *model.notes, *fitted.notes), shown),
            *(() if shown.headline else (*by_team(rows, method), *disputed)),
            *before_training(rows, changes), *lost(losses),
            *return_to_the_mean(rows, model, shown), *not_shown(shown),
        ),
        **headline,
    )  # fmt: skip


def _read(
    data: Any,
    outcome: str,
    wave: str,
    columns: tuple[str | None, str | None, str | None],
    trained: str | Sequence[Any] | None,
    order: Sequence[Any] | None,
    baseline: Any,
    options: Mapping[str, Callable[[], object]],
) -> ChangeRows:
    """Read the rows; what is wrong with them and with options is said at once."""
    faults = Faults()
    for name, check in options.items():
        faults.of(name, check)
    rows = faults.of("data", lambda: read_change(data, outcome, wave, columns, trained, order))
    place = None
    if rows is not None:
        waves = rows.waves
        place = faults.of("baseline", lambda: find_baseline(waves, baseline))
    faults.refuse()
    return replace(cast(ChangeRows, rows), baseline=place or 0)


def _require_reliability(reliability: object) -> None:
    if reliability is not None:
        require_number(
            "reliability", reliability, lowest=0, below=1,
            hint="That of the score, as relsurvey.reliability reports it.",
        )  # fmt: skip


def _require_sd(sd: object) -> None:
    number = isinstance(sd, Real) and not isinstance(sd, bool)
    if sd is not None and not (number and 0 < float(cast(float, sd)) < math.inf):
        raise ModelError(
            f"sd has to be a number above 0; it is {sd!r}.",
            hint="The standard deviation of the score; that at the baseline if not given.",
        )


def _uncounted(notes: Sequence[str], shown: Shown) -> list[str]:
    """Leave out, where totals are withheld, what counts units: "Only 6 groups", "20 workers"."""
    if shown.totals:
        return list(notes)
    counted_ones = re.compile(r"^[\d,]+ (.+?) (?:has|have) several rows")
    kept = [note for note in notes if not note.startswith("Only ")]
    return [counted_ones.sub(r"Some \1 have several rows", note) for note in kept]


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


def _last(changes: pd.DataFrame, rows: ChangeRows) -> dict[str, float]:
    """Return the numbers of the last wave: of all, or of the difference with training."""
    who = EVERYONE if rows.trained is None else DIFFERENCE
    row = changes[(changes["wave"] == rows.waves.labels[rows.last]) & (changes["who"] == who)]
    return {name: float(row[name].iloc[0]) for name in NUMBERS}


def _means(rows: ChangeRows, expected: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Put counts, means and SDs as observed beside those of the model; hide small ones."""
    found = []
    for row in expected.to_dict(orient="records"):
        here = rows.at(rows.waves.labels.index(row["wave"]))
        if rows.trained is not None:
            here = here & (rows.trained if row["who"] == TRAINED else ~rows.trained)
        cell = (row["wave"], row["who"])
        numbers = {
            "n": float(here.sum()),
            "n_units": float(shown.counts[cell]),
            "mean": float(rows.y[here].mean()),
            "sd": _sd(rows.y[here]),
            **{name: row[name] for name in ("estimate", "conf_low", "conf_high")},
        }
        note = shown.reasons[cell]
        if note:
            numbers = dict.fromkeys(numbers, math.nan)
        found.append({"wave": row["wave"], "who": row["who"], **numbers, "note": note})
    return pd.DataFrame(found)


def _sd(values: Floats) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else math.nan


def _arms(rows: ChangeRows) -> tuple[int | None, int | None]:
    if rows.trained is None:
        return None, None
    codes = rows.levels[rows.unit]
    return len(np.unique(codes[rows.trained])), len(np.unique(codes[~rows.trained]))


def _basis(rows: ChangeRows) -> str:
    counts = [some(len(np.unique(codes)), name) for name, codes in rows.levels.items()]
    return f"{counted(len(rows.y), 'answer')} ({and_list(counts)})"


def _design(rows: ChangeRows, panel: str | None, *, counts: bool) -> str:
    if panel is None:
        return "repeated cross-sections: nobody can be followed from wave to wave"
    if panel != rows.person:
        return f"each {panel} once a wave"
    if not counts:
        return "persons over waves"
    codes = rows.levels[panel]
    again = int((np.bincount(codes) > 1).sum())
    return f"persons over waves: {again:,} of {len(np.unique(codes)):,} answered more than once"
