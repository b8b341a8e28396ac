"""Whether an association is the same at all values of a third property: the moderator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.cluster_ols.ols import OlsResult, cluster_ols
from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.mixed import MixedResult, mixed_result
from relsurvey.association.models.nested_estimability import constant_within_units
from relsurvey.association.moderation_words import Differing, moderation_sentence
from relsurvey.association.prepared import Prepared, prepare
from relsurvey.errors import ModelError
from relsurvey.moments.group_columns import Floats, number_matrix, take_columns
from relsurvey.moments.groups import GroupSums
from relsurvey.results import Drawn
from relsurvey.text import and_list, p_value_text, percent, readable, wrapped

__all__ = ["Moderation", "moderated", "product_name"]

POINTS = (
    (-1.0, "one SD below the mean"),
    (0.0, "the mean"),
    (1.0, "one SD above the mean"),
)
CURVE_POINTS = 33
NO_SPREAD = 1e-10  # of the mean's size: rounding


@dataclass(frozen=True, eq=False)
class Moderation(Drawn):
    """How far the slope of a predictor differs with the value of another property.

    Attributes
    ----------
    outcome, predictor, moderator : str
        The columns.
    covariates : tuple of str
        As given.
    level : {"team", "worker", "service_user"}
        What the moderator is a property of: the same for all of a team, of a worker, or neither.
    interaction, interaction_low, interaction_high, std_error, df, p_value : float
        By how much the slope is higher per point of the moderator, its interval and test.
    slopes : pandas.DataFrame
        Simple slopes, one row each of one SD below the moderator's mean, the mean, and one SD
        above: at, moderator, slope, std_error, df, p_value, conf_low, conf_high.
    lines : pandas.DataFrame
        at, moderator, predictor, expected, low, high: the three fitted lines over one SD of the
        predictor to both sides of its mean, covariates at their means.
    predictor_mean, predictor_sd, moderator_mean, moderator_sd : float
        Over workers, one value each (divisor n - 1); for a moderator that differs between service
        users of one worker, over service users. Both columns are centred at these means.
    n_workers, n_service_users, n_dropped : int
        Used, and service users left out for a missing value.
    n_teams : int or None
        Teams, where a team column is known.
    confidence : float
        Coverage of all intervals.
    model : MixedResult
        The fit (REML): predictor, moderator, their product, covariates.
    robust : OlsResult or None
        The same terms by ordinary regression with CR2 standard errors, by team where teams are
        a level of the model and by worker otherwise; ``None`` where it cannot be computed.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_moderation"

    outcome: str
    predictor: str
    moderator: str
    covariates: tuple[str, ...]
    level: str
    interaction: float
    interaction_low: float
    interaction_high: float
    std_error: float
    df: float
    p_value: float
    slopes: pd.DataFrame
    lines: pd.DataFrame
    predictor_mean: float
    predictor_sd: float
    moderator_mean: float
    moderator_sd: float
    n_workers: int
    n_service_users: int
    n_dropped: int
    n_teams: int | None
    confidence: float
    model: MixedResult
    robust: OlsResult | None
    sentence: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a quantity: the interaction, simple slopes, the robust interaction."""
        own = {
            "quantity": "interaction", "moderator": float("nan"), "estimate": self.interaction,
            "std_error": self.std_error, "df": self.df, "p_value": self.p_value,
            "conf_low": self.interaction_low, "conf_high": self.interaction_high,
        }  # fmt: skip
        slopes = self.slopes.assign(quantity="slope at " + self.slopes["at"]).rename(
            columns={"slope": "estimate"}
        )
        rows = [pd.DataFrame([own]), slopes[list(own)]]
        if self.robust is not None:
            table = self.robust.table
            found = table[table["term"] == product_name(self.predictor, self.moderator)]
            rows.append(
                found.assign(quantity="interaction, CR2", moderator=float("nan"))[list(own)]
            )
        return pd.concat(rows, ignore_index=True)

    def summary(self) -> str:
        """Return the moderation as a text for people."""
        adjusted = f", adjusted for {and_list(self.covariates)}" if self.covariates else ""
        lines = [
            f"{self.outcome} by {self.predictor}, at different {self.moderator}{adjusted}",
            "",
            *wrapped(self.sentence),
            "",
            *(f"  {label:<42}{text}" for label, text in self._rows()),
        ]
        remarks = [line for note in self.notes for line in wrapped(f"Note: {note}", hanging="  ")]
        return "\n".join([*lines, *remarks])

    def _rows(self) -> list[tuple[str, str]]:
        level = percent(self.confidence)
        table = self.to_frame().to_dict("records")
        return [
            (
                str(row["quantity"]),
                f"{readable(row['estimate'])}, {level} interval {readable(row['conf_low'])} to "
                f"{readable(row['conf_high'])}, {p_value_text(row['p_value'])}",
            )
            for row in table
        ]


def product_name(predictor: str, moderator: str) -> str:
    """Return what the product of predictor and moderator is called in tables.

    Examples
    --------
    >>> product_name("RC", "SECURE")
    'RC x SECURE'
    """
    return f"{predictor} x {moderator}"


def moderated(
    linked: Any,
    outcome: str,
    predictor: str,
    moderator: str,
    *,
    covariates: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    confidence: float = 0.95,
    split_covariates: bool | Sequence[str] = True,
    df: str,
) -> Moderation:
    """Fit predictor, moderator and their product; see ``associate``.

    Parameters
    ----------
    linked, outcome, predictor, covariates, group, team, confidence, split_covariates
        As in ``associate``.
    moderator : str
        A number column of the team, the worker or the service user.
    df : {"satterthwaite", "kenward_roger", "residual"}
        Degrees of freedom of the tests.

    Returns
    -------
    Moderation
        Interaction, simple slopes, lines, and a sentence.

    Raises
    ------
    ModelError
        Where the moderator is the predictor, the outcome, a covariate or an id, is the same
        for everybody, holds no numbers, or the product follows from the other terms.

    Notes
    -----
    The model is that of ``associate`` with two more terms, both entered unsplit. Predictor and
    moderator are centred at their means, so that each one's own coefficient is a slope at the mean
    of the other; the interaction and the simple slopes do not depend on it. A simple slope is the
    contrast b1 + b3 m of the fixed effects at m points from the moderator's mean, tested as any
    contrast of them is (Aiken & West, 1991; Bauer & Curran, 2005).
    The slope does not vary at random between teams or workers in the model. Where it does, the
    interval of a cross-level interaction is too narrow (Heisig & Schaeffer, 2019); the
    cluster-robust companion does not rest on it.

    References
    ----------
    Aiken, L. S., & West, S. G. (1991). Multiple regression: testing and interpreting
    interactions. Sage.
    Bauer, D. J., & Curran, P. J. (2005). Probing interactions in fixed and multilevel
    regression. Multivariate Behavioral Research, 40(3), 373-400.
    Heisig, J. P., & Schaeffer, M. (2019). Why you should always include a random slope for the
    lower-level variable involved in a cross-level interaction. European Sociological Review,
    35(2), 258-279.
    """
    asked: dict[str, Any] = {
        "group": group, "team": team, "split_covariates": split_covariates,
    }  # fmt: skip
    if moderator in (predictor, outcome):
        role = "predictor" if moderator == predictor else "outcome"
        raise ModelError(
            f"The moderator {moderator!r} is the {role}.",
            hint="A moderator is a third column, by which the slope may differ.",
        )
    first = prepare(linked, outcome, predictor, covariates=covariates, whole=(moderator,), **asked)
    _require_spread(first, moderator)
    means = _mean_and_sd(first.sums, predictor), _mean_and_sd(first.sums, moderator)
    frame = _with_product(first, moderator, (means[0][0], means[1][0]))
    ready = prepare(
        frame, outcome, predictor, covariates=covariates,
        whole=(moderator, product_name(predictor, moderator)),
        **asked | {"group": first.group, "team": first.team}, each_within=True,
    )  # fmt: skip
    # A mapping of columns does not tell what its groups are, nor why there is no level for teams.
    missing = {name: n for name, n in ready.sums.missing.items() if name in first.sums.missing}
    ready = replace(
        ready, sums=replace(ready.sums, missing=missing), persons=first.persons,
        n_teams=first.n_teams, notes=first.notes,
    )  # fmt: skip
    fit = fit_sums(ready.sums, outcome, ready.terms, df=df)
    return _result(ready, fit, moderator, means, confidence)


def _require_spread(ready: Prepared, moderator: str) -> None:
    """Refuse a moderator that is the same for everybody."""
    sums = ready.sums
    if not sums.standard_deviation(moderator) > NO_SPREAD * abs(sums.mean(moderator)):
        raise ModelError(
            f"The moderator {moderator!r} is the same in all rows that are complete: a slope "
            "cannot be held against differences in it.",
            hint="Choose another moderator, or check the column.",
        )


def _mean_and_sd(sums: GroupSums, name: str) -> tuple[float, float]:
    """Return mean and SD over workers, or over rows for what varies within workers."""
    place = sums.place(name)
    if sums.varying[place]:
        return sums.mean(name), sums.standard_deviation(name)
    values = sums.means[:, place]
    return float(values.mean()), float(values.std(ddof=1))


def _with_product(ready: Prepared, moderator: str, centres: tuple[float, float]) -> dict[str, Any]:
    """Return the columns of the model, predictor and moderator centred, and their product."""
    pair = [ready.predictor, moderator]
    others = [*ready.given, ready.outcome, ready.group, *filter(None, [ready.team])]
    table = take_columns(ready.frame, list(dict.fromkeys([*pair, *others])))
    centred = number_matrix(table, pair) - np.array(centres)[:, None]
    native = {name: table.by_name[name] for name in others}
    return {
        **{name: getattr(one, "to_native", lambda one=one: one)() for name, one in native.items()},
        **dict(zip(pair, centred, strict=True)),
        product_name(*pair): centred[0] * centred[1],
    }


def _result(
    ready: Prepared,
    fit: MixedFit,
    moderator: str,
    means: tuple[tuple[float, float], tuple[float, float]],
    confidence: float,
) -> Moderation:
    (x_mean, x_sd), (m_mean, m_sd) = means
    product = product_name(ready.predictor, moderator)
    model = mixed_result(fit, confidence)
    row = model.table.iloc[1 + model.predictors.index(product)]
    slopes = _slopes(fit, (ready.predictor, product), (m_mean, m_sd), confidence)
    level = _level(ready.sums, moderator)
    robust, why = _robust(ready, confidence)
    numbers = {
        "interaction": float(row["estimate"]),
        "interaction_low": float(row["conf_low"]),
        "interaction_high": float(row["conf_high"]),
        "std_error": float(row["std_error"]),
        "df": float(row["df"]),
        "p_value": float(row["p_value"]),
    }
    return Moderation(
        outcome=ready.outcome,
        predictor=ready.predictor,
        moderator=moderator,
        covariates=ready.given,
        level=level,
        slopes=slopes,
        lines=_lines(fit, (ready.predictor, moderator, product), means, confidence),
        predictor_mean=x_mean,
        predictor_sd=x_sd,
        moderator_mean=m_mean,
        moderator_sd=m_sd,
        n_workers=ready.sums.n_groups,
        n_service_users=ready.sums.n_rows,
        n_dropped=ready.sums.n_dropped,
        n_teams=ready.n_teams,
        confidence=confidence,
        model=model,
        robust=robust,
        sentence=moderation_sentence(
            Differing(
                ready.outcome, ready.predictor, moderator, level, ready.given, slopes,
                numbers["interaction"], numbers["interaction_low"], numbers["interaction_high"],
                numbers["p_value"], confidence, ready.sums.n_groups, ready.sums.n_rows,
                ready.n_teams,
            )
        ),
        notes=(*model.notes, *ready.notes, *_notes(ready, moderator, level), *why),
        **numbers,
    )  # fmt: skip


def _level(sums: GroupSums, moderator: str) -> str:
    if sums.varying[sums.place(moderator)]:
        return "service_user"
    return "team" if constant_within_units(sums, moderator) else "worker"


def _contrasts(fit: MixedFit, rows: Sequence[dict[str, float]], *, centre: bool) -> Floats:
    """Return contrasts of the fixed effects; other terms at their means, or out of it."""
    sums = fit.sums
    base = [sums.centres[sums.place(name)] if centre else 0.0 for name in fit.predictors]
    table = np.tile([1.0 if centre else 0.0, *base], (len(rows), 1))
    for place, row in enumerate(rows):
        for name, value in row.items():
            table[place, 1 + fit.predictors.index(name)] = value
    return table


def _slopes(
    fit: MixedFit, names: tuple[str, str], moderator: tuple[float, float], confidence: float
) -> pd.DataFrame:
    mean, sd = moderator
    predictor, product = names
    rows = [{predictor: 1.0, product: steps * sd} for steps, _ in POINTS]
    tested = fit.test(_contrasts(fit, rows, centre=False), confidence)
    return pd.DataFrame(
        {
            "at": [label for _, label in POINTS],
            "moderator": [mean + steps * sd for steps, _ in POINTS],
            "slope": tested["estimate"],
            **{
                name: tested[name]
                for name in ("std_error", "df", "p_value", "conf_low", "conf_high")
            },
        }
    )


def _lines(
    fit: MixedFit,
    names: tuple[str, str, str],
    means: tuple[tuple[float, float], tuple[float, float]],
    confidence: float,
) -> pd.DataFrame:
    """Return the three lines within one SD of the predictor: no single person ends them."""
    (x_mean, x_sd), (m_mean, m_sd) = means
    values = np.linspace(-x_sd, x_sd, CURVE_POINTS)
    frames = []
    for steps, label in POINTS:
        away = steps * m_sd
        rows = [dict(zip(names, (x, away, x * away), strict=True)) for x in values]
        tested = fit.test(_contrasts(fit, rows, centre=True), confidence)
        frames.append(
            pd.DataFrame(
                {"at": label, "moderator": m_mean + away, "predictor": x_mean + values,
                 "expected": tested["estimate"], "low": tested["conf_low"],
                 "high": tested["conf_high"]}
            )
        )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _robust(ready: Prepared, confidence: float) -> tuple[OlsResult | None, list[str]]:
    """Fit the same terms by ordinary regression with CR2 errors; say why where that fails."""
    by_team = ready.sums.nested_in is not None
    try:
        found = cluster_ols(
            ready.sums, ready.outcome, ready.terms, by_parent=by_team, confidence=confidence
        )
    except ModelError as problem:
        return None, [f"There is no cluster-robust companion: {problem.message}"]
    return found, []


def _notes(ready: Prepared, moderator: str, level: str) -> list[str]:
    whose = "service users" if level == "service_user" else "workers, one value each"
    notes = [
        f"{ready.predictor} and {moderator} are centred at their means (of {moderator} over "
        f"{whose}): each one's own coefficient is its slope at the mean of the other.",
        f"The slope of {ready.predictor} is not let vary at random"
        f"{' between teams' if level == 'team' else ''} beyond what goes with {moderator}: if it "
        "does, the interval of the interaction is too narrow. The cluster-robust companion does "
        "not rest on that.",
    ]
    if level == "service_user":
        notes.append(
            f"{moderator} differs between service users of one {ready.group} and enters as it is: "
            "the interaction mixes differences within and between them."
        )
    return notes
