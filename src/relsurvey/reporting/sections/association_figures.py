"""Two more looks at the associations: all of them side by side, and how far workers' means differ.

Both follow the tables beside them: what a table withholds is in no figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from relsurvey.association import AssociationResult
from relsurvey.reporting.figures.drawing import picture_of
from relsurvey.reporting.figures.family import plot_family
from relsurvey.reporting.figures.spread import plot_spread, within_scale
from relsurvey.reporting.labels import covariate_title, outcome_label, predictor_label
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import interval, number
from relsurvey.text import and_list
from relsurvey.views import Figure

__all__ = ["family_figure", "spread_figure"]


def family_figure(material: Material) -> Iterator[Figure]:
    """Draw the slopes of all associations beside one another.

    Nothing where one of them is withheld: whether another stands can hang on its p value.
    """
    study = material.study
    shown = [study.primary, *study.secondary]
    if study.family is None or not all(material.tells(one) for one in shown):
        return
    table = study.family.table.assign(
        outcome=[outcome_label(study, name).title for name in study.family.table["outcome"]],
        predictor=[predictor_label(study, name).title for name in study.family.table["predictor"]],
    )
    alt = f"Slopes in standard deviations, with {material.level} intervals: " + "; ".join(
        _in_words(material, one) for one in shown
    )
    name = "figure-family"
    yield Figure(
        id=name,
        title="The primary association and the secondary ones, side by side",
        alt=f"{alt}.",
        picture=picture_of(plot_family(replace(study.family, table=table)), name, alt),
        notes=(
            "Intervals are not adjusted for how many there are. A filled point stands once p is "
            "adjusted; an arrow marks an interval that goes on.",
        ),
    )


def _in_words(material: Material, one: AssociationResult) -> str:
    study = material.study
    outcome = outcome_label(study, one.outcome).title
    predictor = predictor_label(study, one.predictor).title
    given = and_list([covariate_title(study, name) for name in one.covariates])
    ends = interval(one.slope_standardised_low, one.slope_standardised_high, 2)
    return (
        f"{outcome} on {predictor}{f', given {given}' if given else ''} "
        f"{number(one.slope_standardised)} ({ends})"
    )


def spread_figure(material: Material) -> Iterator[Figure]:
    """Draw how far workers' mean outcomes differ, from counts as they may be shown.

    Nothing where a bar would be of fewer workers than are told of together, or where service
    users' scores are withheld.
    """
    primary = material.study.primary
    workers = primary.spread["n_workers"]
    if len(workers) == 0 or int(workers.min()) < material.workers_in_group or material.few_linked:
        return
    # Heights are measured by whoever wants to: they are made of the counts that are told.
    told = [material.rules.shown(int(count), "worker") for count in workers]
    label = outcome_label(material.study, primary.outcome)
    bars = within_scale(primary.spread, label)
    low, high = bars["low"], bars["high"]
    most = max(
        range(len(told)), key=lambda place: told[place] / (high.iloc[place] - low.iloc[place])
    )
    alt = (
        f"How workers' mean {label.title} spreads: {len(told)} groups of workers from low to high "
        f"means, most closely together between {number(low.iloc[most])} and "
        f"{number(high.iloc[most])}."
    )
    shown = replace(primary, spread=primary.spread.assign(n_workers=told))
    name = "figure-spread"
    yield Figure(
        id=name,
        title=f"How far workers' means of {label.title} differ",
        alt=alt,
        picture=picture_of(plot_spread(shown, outcome=label), name, alt),
        notes=(
            f"Each bar is of at least {material.workers_in_group} workers; the outer ones hold all "
            "beyond. Means of few service users scatter by chance alone, so that the bars are "
            "wider than the line.",
        ),
    )
