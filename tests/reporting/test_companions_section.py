"""The panel of methods in a report: its figures are the true ones, and none tells a number."""

import dataclasses
import math
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from relsurvey.association.companions.bayes_factor import bayes_factor_reading
from relsurvey.association.companions.companion import Companion
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.material import gathered
from relsurvey.reporting.numbers import interval, number
from relsurvey.reporting.sections.companions import companion_blocks
from relsurvey.reporting.sections.estimates import p_cell

NAN = math.nan
SLOPE = "points per point"
BAYES = "Bayes factor, association against none"
ROWS = (
    (
        Companion("Mixed model", SLOPE, 0.2134, 0.052, 111.4, 4.1, 0.00008, 0.1102, 0.3166),
        "primary",
    ),
    (
        Companion(
            "BCa bootstrap over teams", SLOPE, 0.0741, 0.0332, NAN, NAN, 0.01224, 0.0161, 0.1485,
            "With 14 teams the bootstrap is not to be trusted: the BCa interval is too narrow. In "
            "3% of the replicates the teams drawn leave nothing.",
        ),
        "companion",
    ),
    (
        Companion(
            "Permutation", SLOPE, 0.0710, NAN, NAN, 2.6, 0.0116, NAN, NAN,
            "With 6 workers in 3 teams there are 8 orders; the smallest p there can be is .25, so "
            "p below .05 cannot be reached. Differences between teams play no part.",
        ),
        "companion",
    ),
    (
        Companion(
            "CR2 by team", SLOPE, 0.2, 0.1, 2.1, 2.0, 0.11, -0.2, 0.6,
            "Too few clusters bear on x for p value and interval to be relied on: degrees of "
            "freedom below 4 ((Intercept) 1.1 and x 2.1).",
        ),
        "companion",
    ),
    (
        Companion(
            "Spearman, worker means", "correlation", 0.3, NAN, 111.0, 3.0, 0.001, 0.1, 0.5,
            "the interval is rough with so few workers",
        ),
        "companion",
    ),
    (
        Companion(
            "Pearson, worker means", "correlation", 0.38, NAN, 111.0, 4.3, 0.00004, 0.21, 0.53
        ),
        "companion",
    ),
    (Companion("Bayes factor", BAYES, 6.3, *[NAN] * 6, bayes_factor_reading(6.3)), "companion"),
)  # fmt: skip


def panel_of(study, rows=ROWS):
    table = pd.DataFrame(
        [{**dataclasses.asdict(row), "standing": standing, "agrees": ""} for row, standing in rows]
    ).drop(columns="able")
    return SimpleNamespace(primary=study.primary, to_frame=table.copy, disagreeing=())


def shown(study, *, rounded=True, **changes):
    material = gathered(dataclasses.replace(study, companions=panel_of(study, **changes)))
    assert material.rules.rounds("worker")
    if not rounded:
        material = dataclasses.replace(material, rules=Disclosure(10))
    return next(companion_blocks(material))


def test_a_p_by_draws_is_the_one_computed(made_up):
    rows = {row[0]: row for row in shown(made_up).rows}
    assert rows["BCa bootstrap over teams"][4] == ".012"
    assert rows["Permutation"][4] == ".012"


def test_what_follows_from_the_number_of_workers_is_not_printed(made_up):
    table = shown(made_up)
    rows = {row[0]: row for row in table.rows}
    assert rows["Bayes factor"][2:5] == ("–", "–", "–")
    assert rows["Spearman, worker means"][3:5] == ("–", "–")
    assert rows["Pearson, worker means"][4] == "–"
    assert not any("times as likely" in note for note in table.notes)


def test_notes_of_methods_hold_no_count(made_up):
    names = [row.name for row, _ in ROWS]
    notes = [note for note in shown(made_up).notes if note.split(":")[0] in names]
    assert "With so few teams the bootstrap is not to be trusted" in notes[0]
    assert "Too few orders are there" in notes[1]
    assert "no part" in notes[1]
    assert "relied on." in notes[2]
    assert len(notes) == 3
    assert not re.search(r"\d", " ".join(notes).replace("CR2", ""))


def test_where_nothing_is_rounded_all_stands_there(made_up):
    table = shown(made_up, rounded=False)
    rows = {row[0]: row for row in table.rows}
    assert rows["Bayes factor"][2] == "6.30"
    assert any("6.3 times as likely" in note for note in table.notes)
    assert any("With 14 teams" in note for note in table.notes)


def test_a_huge_bayes_factor_is_written_in_one_way(made_up):
    factor = 75_382_396_009.3
    huge = Companion("Bayes factor", BAYES, factor, *[NAN] * 6, bayes_factor_reading(factor))
    table = shown(made_up, rounded=False, rows=(*ROWS[:1], (huge, "companion")))
    assert table.rows[-1][2] == "7.54e+10"
    assert any("7.54e+10 times" in note for note in table.notes)


def test_nothing_is_said_to_be_fixed_beforehand(made_up):
    blocks = shown(made_up)
    assert "beforehand" not in " ".join(blocks.notes)


def test_every_figure_of_the_sample_is_the_true_one_or_absent(sample):
    material = gathered(sample)
    table = next(companion_blocks(material))
    truth = sample.companions.to_frame().to_dict("records")
    own = truth[0]
    for row, true in zip(table.rows, truth, strict=True):
        digits = len(row[2].partition(".")[2])
        assert row[2] in {"–", number(true["estimate"], digits)}, row[0]
        assert row[3] in {"–", interval(true["conf_low"], true["conf_high"], digits)}, row[0]
        assert row[4] in {"–", p_cell(true["p_value"])}, row[0]
    assert table.rows[0][2] == number(own["estimate"], 3)


@pytest.mark.parametrize("factor", [1234.0, 2e9])
def test_large_factors_are_read_as_they_are_tabulated(made_up, factor):
    row = Companion("Bayes factor", BAYES, factor, *[NAN] * 6, bayes_factor_reading(factor))
    table = shown(made_up, rounded=False, rows=(*ROWS[:1], (row, "companion")))
    assert any(f"are {table.rows[-1][2]} times" in note for note in table.notes)
