"""Whether the questions of each questionnaire go together as its scales say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from relsurvey.criteria import Reading
from relsurvey.criteria.structure import FIT_BARS
from relsurvey.psychometrics.structure import CfaResult, StructureResult
from relsurvey.reporting.disclosure import uncounted
from relsurvey.reporting.figures.shared import Point
from relsurvey.reporting.figures.structure import (
    correlations_drawing,
    loading_points,
    loadings_drawing,
)
from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.reporting.numbers import MISSING, beside, bounded, interval, number
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.estimates import p_cell
from relsurvey.reporting.sections.measurement import criteria_table
from relsurvey.text import and_list
from relsurvey.views import Block, Figure, Paragraph, Section, Subheading, Table

__all__ = ["model_of_scales", "scale_correlations", "structure_section"]

ESTIMATORS = {
    "ML": "maximum likelihood, from people who answered every question",
    "FIML": "full-information maximum likelihood, from everybody who answered any question",
    "WLSMV": "weighted least squares (WLSMV), which takes answers as steps, not as numbers",
}
OF_ALL_MODELS = "the models"


def structure_section(material: Material) -> Section:
    """Show the factor models of both questionnaires, and how their scales go together."""
    blocks = [block for one in material.surveys for block in _survey_blocks(material, one)]
    return Section("structure", "Structure of the questionnaires", tuple(blocks))


def _survey_blocks(material: Material, one: SurveyMaterial) -> Iterator[Block]:
    yield Subheading(f"{plain(one.survey.instrument.title)}: {one.people}")
    structure, rules = one.survey.structure, material.rules
    if one.withheld:
        yield Paragraph(f"Nothing is shown: {one.withheld}.")
        return
    if structure is None:
        note = plain(uncounted(one.survey.structure_note)).rstrip(".")
        why = f"could not be fitted: {note}" if note else "were not asked for"
        none = "names no factor model" in note
        yield Paragraph(f"{note}, so that none was fitted." if none else f"Factor models {why}.")
    elif not rules.allows(structure.n):
        yield Paragraph(
            f"Factor models are not shown: {rules.few} {one.people} answered every question."
        )
    else:
        yield from _models(material, one, structure)
    yield from _correlations(material, one)


def _models(material: Material, one: SurveyMaterial, structure: StructureResult) -> Iterator[Block]:
    chosen = model_of_scales(one, structure)
    yield Paragraph(_finding(material, one, structure, chosen))
    yield _fit_table(material, one, structure)
    titles = _titles(structure)
    yield criteria_table(
        f"table-criteria-structure-{_key(one)}",
        f"Structure of {plain(one.survey.instrument.short_title)} beside the criteria",
        [_counted(material, one, reading) for reading in structure.readings],
        titles,
    )
    if chosen:
        yield from _loadings(material, one, structure, chosen)


def _key(one: SurveyMaterial) -> str:
    return one.role.replace("_", "-")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _titles(structure: StructureResult) -> dict[str, str]:
    rows = structure.to_frame()
    named = zip(rows["model"].astype(str), rows["title"].astype(str), strict=True)
    titles = {name: plain(title) or plain(name) for name, title in named}
    return titles | {OF_ALL_MODELS: "All models"}


def _counted(material: Material, one: SurveyMaterial, reading: Reading) -> Reading:
    """Return a reading whose number of people is written as the report writes it."""
    structure = one.survey.structure
    if structure is None:
        return reading
    if reading.about != OF_ALL_MODELS:
        return replace(reading, figure=_indices(material, one, structure, reading.about))
    people = material.rules.count(structure.n, one.role)
    return replace(
        reading,
        figure=f"{people} {one.people} for {len(structure.items)} questions",
        because=reading.because.replace("rows", one.people),
    )


def _digits(material: Material, one: SurveyMaterial, index: str) -> int:
    """Return the decimals of a fit index: three, where they do not tell how many people there are.

    With chi-square, a fine RMSEA does; the others do not depend on that number.
    """
    return 2 if index == "rmsea" and material.rules.rounds(one.role) else 3


def _ending(structure: StructureResult) -> str:
    return "_scaled" if "cfi_scaled" in structure.table else ""


def _indices(material: Material, one: SurveyMaterial, structure: StructureResult, name: str) -> str:
    """Write a model's fit from its numbers, each as it stands in the table of models."""
    ending = _ending(structure)
    row = next(row for row in structure.to_frame().to_dict("records") if row["model"] == name)
    values = {
        index: row["srmr"] if index == "srmr" else row[f"{index}{ending}"] for index in FIT_BARS
    }
    return ", ".join(
        f"{index.upper()} {_beside(value, index, _digits(material, one, index))}"
        for index, value in values.items()
    )


def _beside(value: float, index: str, digits: int = 3) -> str:
    """Write an index of fit so that it stands on its side of what COSMIN asks.

    The RMSEA has no decimals more: with the chi-square they would tell the number of people.
    """
    if index == "rmsea":
        return bounded(value, digits)
    return beside(value, FIT_BARS[index], digits)


def model_of_scales(one: SurveyMaterial, structure: StructureResult) -> str:
    """Return the model whose factors are the scales that are scored.

    Parameters
    ----------
    one : SurveyMaterial
        The survey.
    structure : StructureResult
        Its models.

    Returns
    -------
    str
        Its name; where no model is so, or it has no solution, that of the lowest BIC; empty
        where none has one.
    """
    scales = {frozenset(scale.items) for scale in one.survey.instrument.scales if scale.items}
    sound = {name: fit for name, fit in structure.fits.items() if not fit.doubt}
    for name, fit in sound.items():
        members = fit.loadings.groupby("factor")["item"].agg(frozenset)
        if set(members) == scales:
            return name
    return structure.best if structure.best in sound else ""


def _finding(
    material: Material, one: SurveyMaterial, structure: StructureResult, chosen: str
) -> str:
    people = material.rules.count(structure.n, one.role)
    titles = _titles(structure)
    count = len(structure.table)
    models = "One factor model was" if count == 1 else f"{count} factor models were"
    how = ESTIMATORS.get(structure.estimator, structure.estimator)
    if not structure.fits:
        none = "The factor model" if count == 1 else f"None of {count} factor models"
        not_fitted = "could not be fitted" if count == 1 else "could be fitted"
        return f"{none} {not_fitted} to the answers of {one.people} by {how}; the table says why."
    text = (
        f"{models} fitted to the answers of {people} {one.people} by {how}. A factor model says "
        "which questions have something in common; how far it misses the answers is its fit."
    )
    if structure.best and count > 1 and _tells_bic(material, one):
        text += (
            f" “{_upper(titles[structure.best])}” has the lowest BIC, which makes it the best "
            "supported of these models, not a good one."
        )
    said = {"met": "meets", "not met": "does not meet"}
    for reading in structure.readings:
        if chosen and reading.about == chosen and reading.verdict in said:
            text += (
                f" “{_upper(titles[chosen])}”, whose loadings are shown, {said[reading.verdict]} "
                "COSMIN's criterion of structural validity."
            )
    return text


def _tells_bic(material: Material, one: SurveyMaterial) -> bool:
    """Say whether BIC may be shown: differences of it tell how many people there are."""
    return not material.rules.rounds(one.role)


def _fit_table(material: Material, one: SurveyMaterial, structure: StructureResult) -> Table:
    ending = _ending(structure)
    rows = structure.to_frame().to_dict("records")
    with_bic = _tells_bic(material, one) and any(math.isfinite(row["bic"]) for row in rows)
    rmsea = _digits(material, one, "rmsea")
    titles = _titles(structure)
    notes = [
        f"{_upper(titles[str(row['model'])])}: {plain(uncounted(row['note']))}"
        for row in rows
        if row["note"]
    ]
    return Table(
        id=f"table-models-{_key(one)}",
        caption=f"Factor models of {plain(one.survey.instrument.short_title)} side by side",
        columns=(
            "Model", "Chi-square", "df", "p", "CFI", "TLI", "RMSEA", "90% interval", "SRMR",
            *(("BIC",) if with_bic else ()),
        ),
        rows=tuple(
            (
                titles[str(row["model"])],
                number(row["chisq" + ending], 1),
                number(row["df" + ending], 0),
                p_cell(row["p_value" + ending]),
                _beside(row["cfi" + ending], "cfi"),
                _beside(row["tli" + ending], "tli"),
                bounded(row["rmsea" + ending], rmsea),
                interval(
                    row["rmsea_low" + ending], row["rmsea_high" + ending], rmsea, below_one=True
                ),
                _beside(row["srmr"], "srmr"),
                *((number(row["bic"], 1),) if with_bic else ()),
            )
            for row in rows
        ),
        notes=(
            "Chi-square: what the model misses, 0 if nothing. CFI, TLI: near 1 is good; RMSEA, "
            "SRMR: near 0 is good." + (" BIC: lower is better supported." if with_bic else ""),
            *notes,
        ),
    )  # fmt: skip


def _wider(material: Material, one: SurveyMaterial, structure: StructureResult) -> float:
    """Return by what intervals are multiplied, so that they are those of the number shown."""
    return math.sqrt(structure.n / material.rules.shown(structure.n, one.role))


def _loadings(
    material: Material, one: SurveyMaterial, structure: StructureResult, chosen: str
) -> Iterator[Block]:
    key, names, title = _key(one), _names(one), _titles(structure)[chosen]
    fit, rounded = structure.fits[chosen], material.rules.rounds(one.role)
    points = loading_points(fit.loadings, names, wider=_wider(material, one, structure))
    words = _loading_words(points)
    yield Figure(
        id=f"figure-loadings-{key}",
        title=f"Standardised loadings of {plain(one.survey.instrument.short_title)}: {title}",
        alt=words,
        picture=loadings_drawing(points, f"figure-loadings-{key}", words),
        notes=(
            "A loading says how closely a question goes with what its scale has in common: 0 not "
            "at all, 1 wholly. The line is its 95% interval.",
            *(("Intervals are those for the rounded number of people.",) if rounded else ()),
        ),
    )
    yield Table(
        id=f"table-loadings-{key}",
        caption=f"Standardised loadings of {plain(one.survey.instrument.short_title)}, the figure "
        "in numbers",
        columns=("Question", "Factor", "Loading", "95% interval"),
        rows=tuple(
            (
                point.label,
                point.group,
                bounded(point.estimate),
                interval(point.low, point.high, below_one=True),
            )
            for point in points
        ),
        text_columns=frozenset({0, 1}),
        folded=True,
    )
    yield from _factor_correlations(one, fit, names)


def _names(one: SurveyMaterial) -> dict[str, str]:
    instrument = one.survey.instrument
    items = {item.id: f"{item.id}  {plain(item.gist)}" for item in instrument.items}
    return items | {scale.id: plain(scale.title) for scale in instrument.scales}


def _loading_words(points: Sequence[Point]) -> str:
    known = [point for point in points if math.isfinite(point.estimate)]
    ordered = sorted(known, key=lambda point: point.estimate)
    least, most = ordered[0], ordered[-1]
    strong = sum(point.estimate >= 0.5 for point in known)
    return (
        f"{strong} of {len(known)} standardised loadings are {bounded(0.5)} or more; the weakest "
        f"is that of {least.label} ({bounded(least.estimate)}), the strongest that of "
        f"{most.label} ({bounded(most.estimate)})."
    )


def _factor_correlations(
    one: SurveyMaterial, fit: CfaResult, names: Mapping[str, str]
) -> Iterator[Table]:
    table = fit.factor_correlations
    if len(table) < 2:
        return
    titles = [names.get(str(factor), str(factor)) for factor in table.columns]
    yield _square(
        f"table-factors-{_key(one)}",
        f"Correlations of the factors of {plain(one.survey.instrument.short_title)}",
        table.to_numpy(dtype=float),
        titles,
        ("As the model estimates them, free of measurement error.",),
    )


def _square(
    name: str, caption: str, values: np.ndarray[Any, Any], titles: Sequence[str],
    notes: tuple[str, ...],
) -> Table:  # fmt: skip
    """Tabulate correlations, each pair once."""
    return Table(
        id=name,
        caption=caption,
        columns=("", *titles[:-1]),
        rows=tuple(
            (
                title,
                *(bounded(value) for value in values[row, :row]),
                *[""] * (len(titles) - 1 - row),
            )
            for row, title in enumerate(titles)
            if row
        ),
        notes=notes,
        folded=True,
    )  # fmt: skip


def scale_correlations(material: Material, one: SurveyMaterial) -> pd.DataFrame:
    """Correlate the scales of a questionnaire.

    Parameters
    ----------
    material : Material
        The study.
    one : SurveyMaterial
        The survey.

    Returns
    -------
    pandas.DataFrame
        Pearson correlations of people who have a score on every scale, by title; empty where
        they are too few, or there are fewer than two scales.
    """
    shown = [summary.scale for summary in one.scores]
    scores = one.survey.scores[[scale.id for scale in shown]].astype(float).dropna()
    if len(shown) < 2 or not material.rules.allows(len(scores)):
        return pd.DataFrame()
    return scores.corr().set_axis([plain(scale.title) for scale in shown], axis=1)


def _correlations(material: Material, one: SurveyMaterial) -> Iterator[Block]:
    table = scale_correlations(material, one)
    if table.empty:
        return
    key, titles = _key(one), [str(title) for title in table.columns]
    values = table.to_numpy(dtype=float)
    composite = [place for place, summary in enumerate(one.scores) if summary.composite]
    own = [
        (values[row, column], f"{titles[column]} with {titles[row]}")
        for column, row in combinations(range(len(titles)), 2)
        if math.isfinite(values[row, column]) and not {row, column} & set(composite)
    ]
    if not own:
        return
    least, most = min(own), max(own)
    words = (
        f"Correlations between the scales of {plain(one.survey.instrument.short_title)} run from "
        f"{bounded(least[0])} ({least[1]}) to {bounded(most[0])} ({most[1]})."
    )
    notes = ["Pearson, of people with a score on every scale."]
    if composite:
        notes.append(
            f"{and_list([titles[place] for place in composite])}: made of other scales, and goes "
            "with them in any case."
        )
    yield Figure(
        id=f"figure-correlations-{key}",
        title=f"How the scales of {plain(one.survey.instrument.short_title)} go together",
        alt=words,
        picture=correlations_drawing(table, f"figure-correlations-{key}", words),
        notes=tuple(notes),
    )
    yield _square(
        f"table-correlations-{key}",
        f"Correlations of the scales of {plain(one.survey.instrument.short_title)}, the figure in "
        "numbers",
        values,
        titles,
        (f"{MISSING}: not known, since everybody has the same score.",)
        if not np.isfinite(values).all()
        else (),
    )
