"""The section on agreement: which figures are shown, in which words, and of nobody."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from relsurvey.agreement import scale_agreement
from relsurvey.instruments import load_instrument
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.agreement import agreement_section, design_effect
from relsurvey.small_groups import SmallGroupRules
from relsurvey.views import Paragraph

ITEMS = load_instrument("peech-sc").item_ids


def agreement(workers=40, each=6, between=0.5, seed=5):
    """Draw answers of which a share is the worker's."""
    random = np.random.default_rng(seed)
    worker = np.repeat(np.arange(workers), each)
    level = between * random.normal(size=workers)[worker, None]
    raw = 1.5 + level + 0.9 * random.normal(size=(workers * each, len(ITEMS)))
    data = pd.DataFrame(np.clip(np.round(raw), 0, 3), columns=ITEMS).assign(worker_id=worker)
    return scale_agreement(data, instrument="peech-sc")


def section_of(fake, **changes):
    return agreement_section(gathered(fake.study(**changes)))


def words(section):
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def test_each_scale_has_its_coefficients_design_effect_and_answers_needed(fake):
    found = agreement()
    section = section_of(fake, agreement=found, linked_workers=113)
    rows = section.tables[0].rows
    table = found.to_frame()
    assert [row[0] for row in rows] == list(table["title"])
    first = table.iloc[0]
    assert rows[0][1] == f"{first['icc1']:.2f}".lstrip("0")
    assert rows[0][4] == f"{first['icc2']:.2f}".lstrip("0")
    assert float(rows[0][6]) == pytest.approx(1 + 5 * first["icc1"], abs=0.005)
    assert rows[0][7].startswith(f"{first['needed_70']:.0f} (")


def test_no_column_is_a_worker_a_minimum_or_a_maximum(fake):
    section = section_of(fake, agreement=agreement())
    headings = " ".join(name for table in section.tables for name in table.columns).lower()
    assert "min" not in headings.split()
    assert "max" not in headings.split()
    assert all(len(table.rows) <= 5 for table in section.tables)


@pytest.mark.parametrize(
    ("between", "each", "said"),
    [
        (0.9, 12, "The mean of a worker's answers is as reliable as"),
        (0.2, 3, "single workers should not be compared"),
        (0.0, 4, "It is not shown that people with the same worker answer more alike"),
    ],
)
def test_the_finding_follows_the_figures(fake, between, each, said):
    assert said in words(section_of(fake, agreement=agreement(each=each, between=between)))


def test_few_workers_are_not_shown(fake):
    section = section_of(fake, agreement=agreement(workers=8))
    assert words(section) == "Nothing is shown: fewer than 10 workers can be compared."
    assert not section.tables
    assert not section.figures


def test_a_figure_shows_no_scale_that_may_not_be_shown(fake):
    """One scale has too few workers: neither table, alt text nor drawing has it."""
    found = agreement()
    table = found.to_frame()
    table.loc[0, ["n", "n_groups"]] = [54, 9]
    few = dataclasses.replace(found, table=table)
    section = section_of(fake, agreement=few)
    title = table.loc[0, "title"]
    rest = found.to_frame()["title"].iloc[1:].tolist()
    assert [row[0] for row in section.tables[0].rows] == rest
    assert title not in section.figures[0].alt
    table.loc[0, ["icc1", "icc1_low", "icc1_high", "icc2", "icc2_low"]] = [0.9, 0.8, 0.95, 0.9, 0.8]
    moved = section_of(fake, agreement=dataclasses.replace(found, table=table))
    pictures = [(one.figures[0].alt, one.figures[0].picture.svg) for one in (moved, section)]
    assert pictures[0] == pictures[1]
    whole = section_of(fake, agreement=found)
    assert whole.figures[0].picture.svg != section.figures[0].picture.svg


def test_agreement_needs_as_many_workers_as_the_study_file_says(fake):
    settings = SmallGroupRules(10, workers_per_cell=41)
    section = section_of(fake, agreement=agreement(), settings=settings)
    assert words(section) == "Nothing is shown: fewer than 41 workers can be compared."
    assert not section.figures


def test_why_it_is_not_known_is_said(fake):
    assert words(section_of(fake)) == "This was not computed."
    section = section_of(fake, agreement_note="nobody named a worker.")
    assert words(section) == "This cannot be said: nobody named a worker."


def test_a_design_effect_is_never_below_one():
    assert design_effect({"mean_size": 5.0, "icc1": -0.1}) == 1.0
