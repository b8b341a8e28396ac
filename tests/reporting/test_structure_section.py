"""The section on structure: what it shows of factor models, and what it leaves out."""

import dataclasses
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from relsurvey.psychometrics.structure import compare_models
from relsurvey.reporting.figures.structure import loading_points
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.structure import (
    model_of_scales,
    scale_correlations,
    structure_section,
)
from relsurvey.views import Paragraph


def answers(instrument, n, seed=3):
    """Draw answers in which each scale has a factor of its own."""
    random = np.random.default_rng(seed)
    general = random.normal(size=n)
    columns = {}
    for scale in instrument.scales:
        if not scale.items:
            continue
        trait = 0.5 * general + 0.8 * random.normal(size=n)
        for item in scale.items:
            columns[item] = trait + 0.7 * random.normal(size=n)
    return pd.DataFrame(columns)


def with_models(fake, n=120, **changes):
    """Return a made-up study whose workers have two models."""
    study = fake.study(**changes)
    instrument = study.workers.instrument
    own = {scale.id: list(scale.items) for scale in instrument.scales if scale.items}
    models = {"one-factor": {"all": list(instrument.item_ids)}, "two-factors": own}
    study.workers.structure = compare_models(answers(instrument, n), models=models)
    return study


def words(section):
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def cells(section, name):
    return next(table for table in section.tables if table.id == name).rows


@pytest.fixture
def study(fake):
    """A study in which no count has to be rounded."""
    return with_models(fake, n=105, linked_workers=113)


def test_models_stand_side_by_side_with_their_fit(study):
    section = structure_section(gathered(study))
    rows = {row[0]: row for row in cells(section, "table-models-worker")}
    table = study.workers.structure.table.set_index("model")
    assert set(rows) == {"one-factor", "two-factors"}
    assert rows["two-factors"][1] == f"{table.loc['two-factors', 'chisq']:.1f}"
    assert rows["two-factors"][2] == f"{table.loc['two-factors', 'df']:.0f}"
    assert rows["one-factor"][6] == f"{table.loc['one-factor', 'rmsea']:.3f}".lstrip("0")
    assert "105 workers by maximum likelihood" in words(section)
    assert "“Two-factors” has the lowest BIC" in words(section)


def test_each_model_is_read_beside_cosmin_with_the_reason(study):
    section = structure_section(gathered(study))
    rows = cells(section, "table-criteria-structure-worker")
    verdicts = {row[0]: row[3:] for row in rows}
    assert verdicts["two-factors"][0] == "met"
    assert "reach" in verdicts["two-factors"][1]
    assert {row[3] for row in rows} <= {"met", "not met", "not known"}
    assert all(row[4] for row in rows)


def test_the_loadings_are_those_of_the_model_of_the_scales(study):
    material = gathered(study)
    chosen = model_of_scales(material.workers, study.workers.structure)
    assert chosen == "two-factors"
    section = structure_section(material)
    rows = cells(section, "table-loadings-worker")
    points = loading_points(study.workers.structure.fits[chosen].loadings)
    assert [row[2] for row in rows] == [f"{point.estimate:.2f}".lstrip("0") for point in points]
    for point in points:
        assert point.low < point.estimate < point.high
    alt = next(one.alt for one in section.figures if one.id == "figure-loadings-worker")
    weakest = min(points, key=lambda point: point.estimate)
    assert alt.startswith("8 of 8 standardised loadings are .50 or more")
    assert weakest.label in alt


def test_correlations_of_scales_are_the_lower_triangle(study):
    material = gathered(study)
    table = scale_correlations(material, material.workers)
    scores = study.workers.scores[["RIA", "ROA", "RC"]].dropna()
    assert table.to_numpy() == pytest.approx(np.corrcoef(scores.to_numpy().T))
    section = structure_section(material)
    rows = cells(section, "table-correlations-worker")
    assert [len([cell for cell in row[1:] if cell]) for row in rows] == [1, 2]
    figure = next(one for one in section.figures if one.id == "figure-correlations-worker")
    assert "Reflective capacity: made of other scales" in figure.notes[1]


def test_too_few_people_are_not_shown(fake):
    study = with_models(fake, 20)
    study.workers.structure = dataclasses.replace(study.workers.structure, n=9)
    section = structure_section(gathered(study))
    assert "fewer than 10 workers answered every question" in words(section)
    assert not any(table.id.startswith("table-models") for table in section.tables)
    assert not any(one.id == "figure-loadings-worker" for one in section.figures)


def test_scales_of_few_people_are_not_correlated(fake):
    study = fake.study()
    study.workers.scores = study.workers.scores.assign(RIA=np.nan)
    material = gathered(study)
    assert scale_correlations(material, material.workers).empty


def test_where_counts_are_rounded_the_fit_does_not_tell_them(fake):
    study = with_models(fake)
    material = gathered(study)
    assert material.rules.rounds("worker")
    section = structure_section(material)
    table = next(one for one in section.tables if one.id == "table-models-worker")
    assert "BIC" not in table.columns
    assert all(len(row[6].split(".")[1]) == 2 for row in table.rows)
    for row in cells(section, "table-criteria-structure-worker")[1:]:
        if "RMSEA" in row[1]:
            assert re.search(r"RMSEA \.\d\d,", row[1])


def test_a_fit_is_written_alike_beside_its_criterion_and_among_the_models(fake):
    section = structure_section(gathered(with_models(fake)))
    models = {row[0]: row for row in cells(section, "table-models-worker")[1:]}
    readings = cells(section, "table-criteria-structure-worker")[1:]
    compared = [row for row in readings if row[0] in models]
    assert compared
    for row in compared:
        cfi, tli, rmsea, srmr = (models[row[0]][place] for place in (4, 5, 6, 8))
        assert row[1] == f"CFI {cfi}, TLI {tli}, RMSEA {rmsea}, SRMR {srmr}"
        assert len(srmr.split(".")[1]) == 3


def test_why_there_are_no_models_is_said(fake):
    study = fake.study()
    study.workers.structure_note = "too few rows for so many items."
    said = words(structure_section(gathered(study)))
    assert "could not be fitted: too few rows for so many items." in said
    assert "Factor models were not asked for." in said


def test_service_users_of_one_worker_are_not_shown(fake):
    study = fake.study()
    counts = fake.users_per_worker([400, *[2] * 30])
    study.linked.log.users_per_worker["counts"] = counts
    section = structure_section(gathered(study))
    assert "Nothing is shown" in words(section)
    assert not any("service-user" in one.id for one in (*section.tables, *section.figures))


def test_a_model_without_a_solution_is_not_the_one_shown(study):
    structure = study.workers.structure
    fits = {
        name: SimpleNamespace(doubt="it did not converge", loadings=fit.loadings)
        for name, fit in structure.fits.items()
    }
    lost = dataclasses.replace(structure, fits=fits)
    material = gathered(study)
    assert model_of_scales(material.workers, lost) == ""
