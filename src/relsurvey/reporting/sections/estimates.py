"""The numbers of an association: what each is, and the model's fixed effects."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from relsurvey.association import AssociationResult
from relsurvey.association.caveats import is_ordinary
from relsurvey.moments.groups import between_name, within_name
from relsurvey.reporting import explanations, wording
from relsurvey.reporting.disclosure.statistics import rounded_df
from relsurvey.reporting.labels import covariate_title, outcome_label, predictor_label, quoted
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, bounded, interval, number, p_value, percent, places
from relsurvey.views import Table

__all__ = ["degrees_of_freedom", "main_table", "model_table", "p_cell", "rounded_words"]

Row = tuple[str, ...]
FEWEST_TEAMS = 3


def main_table(material: Material, one: AssociationResult, said: wording.Said) -> Table:
    """Tabulate an association: estimate, interval and what each quantity says."""
    rules, one = material.rules, material.as_shown(one)
    workers = rules.count(one.n_workers, "worker")
    users = rules.count(one.n_service_users, "service_user")
    return Table(
        id="table-association",
        caption=_caption(material, one),
        columns=("Quantity", "Estimate", f"{material.level} interval", "What it says"),
        rows=(
            *_slope_rows(material, one, said),
            *_level_rows(material, one, said),
            ("Workers", workers, "", "in the analysis"),
            ("Service users", users, "", "in the analysis"),
        ),
        notes=(*wording.boundary_words(one), *rounded_words(material)),
        text_columns=frozenset({0, 3}),
    )


def rounded_words(material: Material) -> tuple[str, ...]:
    """Say that figures were made from rounded numbers, where they were."""
    if not material.rules.rounds("worker"):
        return ()
    return (
        "The interval and p of a correlation across workers are those for the rounded number of "
        "workers, and p of a slope that for rounded degrees of freedom, so that the exact number "
        "cannot be worked out.",
    )


def _caption(material: Material, one: AssociationResult) -> str:
    outcome = outcome_label(material.study, one.outcome).in_caption.with_range
    predictor = predictor_label(material.study, one.predictor).in_caption.with_range
    covariates = [quoted(covariate_title(material.study, name)) for name in one.covariates]
    held = wording.adjusted(covariates)
    return f"Primary association: {outcome} on the worker's {predictor}{held}"


def _slope_rows(
    material: Material, one: AssociationResult, said: wording.Said
) -> tuple[Row, Row, Row]:
    digits = places((one.slope_high - one.slope_low) / 2)
    return (
        (
            "Slope",
            number(one.slope, digits),
            interval(one.slope_low, one.slope_high, digits),
            explanations.slope_words(said),
        ),
        (
            "Slope, standardised",
            number(one.slope_standardised),
            interval(one.slope_standardised_low, one.slope_standardised_high),
            "standard deviations of the outcome for one standard deviation of the worker's score"
            + (", adjusted likewise" if said.covariates else ""),
        ),
        (
            "p",
            p_cell(one.p_value),
            "",
            f"test of the slope against zero, two-sided, t with "
            f"{degrees_of_freedom(material, one, one.df)} degrees of freedom",
        ),
    )


def _level_rows(material: Material, one: AssociationResult, said: wording.Said) -> tuple[Row, ...]:
    unadjusted = ", not adjusted" if one.covariates else ""
    return (
        (
            f"Correlation across workers, r{unadjusted}",
            bounded(one.correlation),
            interval(one.correlation_low, one.correlation_high, below_one=True),
            explanations.correlation_words(one, said),
        ),
        ("Intraclass correlation, ICC", bounded(one.icc), "", explanations.icc_words(one.icc)),
        *_team_row(material, one),
        (
            "Design effect",
            _design(material, one),
            "",
            f"{explanations.design_words()}; for groups as large as a person's own is on average, "
            "which is more than the mean over workers where some have many service users",
        ),
        (
            "Between-worker variance explained",
            _explained(one.between_variance_explained),
            "",
            explanations.explained_words(one.between_variance_explained, said),
        ),
    )


def _team_row(material: Material, one: AssociationResult) -> tuple[Row, ...]:
    # Of two teams, each could tell the other's part from what is said of both.
    if one.team is None or material.teams(one.n_teams) < FEWEST_TEAMS:
        return ()
    words = "part of the intraclass correlation that lies between teams"
    return (("between teams", bounded(one.icc_team), "", words),)


def p_cell(value: float) -> str:
    """Write a p value for a cell whose heading says p."""
    return p_value(value).removeprefix("p ").removeprefix("= ")


def degrees_of_freedom(material: Material, one: AssociationResult, df: float) -> str:
    """Write degrees of freedom, as coarsely as the counts of people they would give away."""
    rules = material.rules
    if not math.isfinite(df):
        return MISSING
    if not rules.rounded:
        return number(df, 1)
    if is_ordinary(one.model):
        # Here they are people minus fixed effects, so that they are made from the count shown.
        shown = rules.shown(one.n_service_users, "service_user")
        return f"about {number(shown - len(one.model.table), 0)}"
    return f"about {number(rounded_df(df, rules.base), 0)}"


def _design(material: Material, one: AssociationResult) -> str:
    """Write the design effect; with the ICC it would give the mean cluster size away."""
    return number(one.design_effect, 1 if material.rules.rounded else 2)


def _explained(share: float) -> str:
    return "0%" if share < 0 else percent(share)


def model_table(material: Material, one: AssociationResult) -> Table:
    """Tabulate all fixed effects of an association's model, for those who want them."""
    outcome = outcome_label(material.study, one.outcome).in_sentence
    names = _term_names(material, one)
    rows = []
    for row in one.model.to_frame().to_dict("records"):
        digits = places((row["conf_high"] - row["conf_low"]) / 2)
        rows.append((
            names.get(str(row["term"]), str(row["term"])),
            number(row["estimate"], digits),
            # With the interval, it would tell the degrees of freedom.
            MISSING if material.rules.rounds("worker") else number(row["std_error"], digits),
            degrees_of_freedom(material, one, row["df"]),
            interval(row["conf_low"], row["conf_high"], digits),
            p_cell(_p_of_row(material, row)),
        ))  # fmt: skip
    return Table(
        id="table-model",
        caption="The model of the primary association: all fixed effects",
        columns=(
            "Term",
            "Estimate",
            "Standard error",
            "Degrees of freedom",
            f"{material.level} interval",
            "p",
        ),
        rows=tuple(rows),
        notes=(
            f"Estimates are points of {outcome.title} for one unit of the term. The covariates "
            "are there to adjust the worker's score for them; their own rows answer no question "
            "of this study.",
        ),
        folded=True,
    )


def _p_of_row(material: Material, row: Mapping[Any, Any]) -> float:
    ends = (row["conf_low"], row["conf_high"])
    return material.p_shown(row["p_value"], row["estimate"], ends, row["df"])


def _term_names(material: Material, one: AssociationResult) -> dict[str, str]:
    predictor = predictor_label(material.study, one.predictor).in_caption
    names = {"(Intercept)": "Intercept", one.predictor: f"The worker's {predictor.title}"}
    for column in one.covariates:
        title = quoted(covariate_title(material.study, column))
        names[column] = title
        names[within_name(column)] = f"{title}, difference from the worker's mean"
        names[between_name(column)] = f"{title}, the worker's mean"
    return names
