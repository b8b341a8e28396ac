"""What a reader has to know of a fitted model, in words."""

from __future__ import annotations

from relsurvey.association.models.fit import MixedFit
from relsurvey.errors import listed
from relsurvey.moments.groups import GroupSums
from relsurvey.text import counted

__all__ = ["fit_notes", "left_out_note"]

FEW_GROUPS = 10


def fit_notes(fit: MixedFit) -> list[str]:
    """Return what a reader has to know of a fit, each as a sentence."""
    notes = []
    sums = fit.sums
    if sums.n_dropped:
        notes.append(left_out_note(sums))
    if fit.boundary:
        notes.append(_boundary_note(fit))
    if not fit.converged:
        notes.append("The search for the variance did not come to its end: read with care.")
    if len(fit.effects) > sums.n_groups:
        notes.append(
            f"There are more fixed effects ({len(fit.effects)}, with the intercept) than groups of "
            f"{sums.group} ({sums.n_groups}): those that differ within groups can be estimated, "
            "but the variance between groups hardly."
        )
    if sums.n_groups < FEW_GROUPS:
        notes.append(
            f"Only {sums.n_groups} groups of {sums.group}: the variance between them is "
            "uncertain, and so is what depends on it."
        )
    if sums.nested_in is not None and sums.n_parents < FEW_GROUPS:
        notes.append(
            f"Only {sums.n_parents} units of {sums.nested_in}: the variance between them is "
            "uncertain, and so is what depends on it."
        )
    return notes


def left_out_note(sums: GroupSums) -> str:
    """Say how many rows are left out, by what is missing in them."""
    causes = listed([f"{name} {count:,}" for name, count in sums.missing.items()])
    several = "; some miss more than one" * (sum(sums.missing.values()) > sums.n_dropped)
    rows = counted(sums.n_dropped, "row")
    return f"{rows} left out for missing values ({causes}{several})."


def _boundary_note(fit: MixedFit) -> str:
    """Say in words which variance is zero, and what the fit then is."""
    group, unit = fit.sums.group, fit.sums.nested_in
    beyond = " beyond what the predictors account for" if fit.predictors else ""
    if unit is None:
        return (
            f"The variance between {group}{beyond} is estimated as zero: the groups differ no "
            f"more{beyond} than chance within them would make them differ, and the estimates are "
            "those of ordinary regression."
        )
    if fit.best.ratios[0] > 0:
        return (
            f"The variance between {unit}{beyond} is estimated as zero: the units differ no "
            f"more{beyond} than the {group} in them and chance would make them differ, and the "
            f"estimates are those of the model without the level of {unit}.{_kept(fit, unit)}"
        )
    if fit.best.ratios[1] > 0:
        return (
            f"The variance between {group} of the same {unit}{beyond} is estimated as zero: they "
            f"differ no more{beyond} than chance within them would make them differ, and "
            f"the estimates are those of the model with {unit} as groups.{_kept(fit, group)}"
        )
    return (
        f"The variances between {group} and between {unit}{beyond} are both estimated as zero: "
        f"neither differ more{beyond} than chance would make them differ, and the estimates are "
        f"those of ordinary regression.{_kept(fit, 'both')}"
    )


def _kept(fit: MixedFit, level: str) -> str:
    if fit.df != "kenward_roger":
        return ""
    return f" Kenward and Roger's tests still allow for the uncertainty of it ({level})."
