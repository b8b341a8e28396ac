"""The sections on sensitivity and on the specification curve: what they say, and of whom not."""

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from relsurvey.reporting.figures.sensitivity import sensitivity_drawing, slopes_shown
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.sensitivity import (
    sensitivity_section,
    shown_counts,
    without_near_ones,
)
from relsurvey.reporting.sections.specification import curve_shown, specification_section
from relsurvey.sensitivity import SensitivityResult, specification_curve
from relsurvey.sensitivity.check import Check, Version, not_run
from relsurvey.sensitivity.slope import Slope
from relsurvey.views import Bullets, Paragraph


def slope(estimate, workers=113.0, users=861.0, half=0.1):
    return Slope(
        estimate=estimate, std_error=half / 2, df=100.0, p_value=0.04, conf_low=estimate - half,
        conf_high=estimate + half, n_workers=workers, n_service_users=users,
    )  # fmt: skip


def checks(**counts):
    found = {"sign": 0.0, "verdict": 1.0} | counts
    alone = [
        Version("slope at its lowest", slope(0.444, math.nan, math.nan)),
        Version("slope at its highest", slope(0.555, math.nan, math.nan)),
        *(
            Version(f"{what} is another one", Slope(n), "number of workers")
            for what, n in found.items()
        ),
    ]
    others = (
        Version("at least 2", slope(0.19, 110.0, 858.0)),
        Version("at least 5", slope(0.05, 80.0, 700.0)),
        Version("at least 9", slope(-0.05, 65.0, 600.0)),
    )
    votes = (Version("one worker, one vote", slope(0.2)), Version("users", slope(0.01), "points"))
    needs = "needs a column of 0 and 1 (--proxy, proxy=)"
    said = "With each of 113 workers left out, for 1 of these workers the verdict changes."
    return (
        Check("users per worker", "Do workers with more answers differ?", votes, "They do not."),
        Check("minimum of users", "Does it hang on workers with few?", others, "It does."),
        Check("one worker left out", "Does it hang on one worker?", tuple(alone), said),
        not_run("proxy answers", "Did somebody else answer?", needs),
    )


def sensitivity(**counts):
    return SensitivityResult(
        outcome="TOTAL", predictor="RC", group="worker_id", team=None, covariates=(),
        primary=slope(0.2134), checks=checks(**counts), n_slopes=6, n_other_direction=1,
        n_other_verdict=1, sentence="", confidence=0.95, threshold=10, notes=(),
    )  # fmt: skip


@pytest.fixture
def material(fake):
    return gathered(fake.study(sensitivity=sensitivity(), linked_workers=113))


def everything(section):
    texts = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    for block in section.blocks:
        if isinstance(block, Bullets):
            texts += [f"{name} {text}" for name, text in block.points]
    texts += [cell for table in section.tables for row in table.rows for cell in row]
    texts += [one.alt for one in section.figures]
    return " ".join(texts)


def test_each_slope_stands_beside_the_primary_one(material):
    section = sensitivity_section(material)
    rows = section.tables[0].rows
    assert rows[0][:2] == ("primary: as planned", "0.21")
    assert [row[6] for row in rows[1:]] == ["the same", "another verdict", "another direction", ""]
    assert "Of 3 slopes below, 2 have the direction of the primary one, and 1" in everything(
        section
    )


def test_a_slope_of_nearly_the_same_people_is_withheld_everywhere(material):
    """Three workers fewer than in the primary one: both together tell of the three."""
    section = sensitivity_section(material)
    row = section.tables[0].rows[-1]
    assert row[0] == "minimum of users: at least 2 (withheld: fewer than 10 people differ)"
    assert set(row[1:]) == {"–", ""}
    (figure,) = section.figures
    texts = " ".join((everything(section), figure.title, figure.alt, *figure.notes))
    assert "0.19" not in texts
    assert "Withheld, since few people differ: at least 2." in texts
    found = material.study.sensitivity
    assert figure.picture.svg == sensitivity_drawing(
        without_near_ones(found, 10)[0], "figure-sensitivity", figure.alt
    ).svg  # fmt: skip
    moved = checks()
    near = moved[1].versions[0]
    other = dataclasses.replace(near, found=slope(0.31, 110.0, 858.0))
    moved = (moved[0], dataclasses.replace(moved[1], versions=(other, *moved[1].versions[1:])))
    changed = dataclasses.replace(found, checks=(*moved, *found.checks[2:]))
    again = sensitivity_section(
        dataclasses.replace(
            material, study=dataclasses.replace(material.study, sensitivity=changed)
        )
    )
    assert everything(again) == everything(section)
    assert again.figures[0].picture.svg == figure.picture.svg


def test_two_checks_of_nearly_the_same_people_do_not_stand_side_by_side(fake):
    near = checks()
    third = Version("at least 9", slope(-0.07, 75.0, 640.0))
    near = (dataclasses.replace(near[1], versions=(*near[1].versions[1:2], third)),)
    found = dataclasses.replace(sensitivity(), checks=near)
    text = everything(sensitivity_section(gathered(fake.study(sensitivity=found))))
    assert "at least 9 (withheld: fewer than 10 people differ)" in text
    assert "−0.07" not in text


def test_nothing_follows_from_one_worker_left_out(material):
    section = sensitivity_section(material)
    text = everything(section)
    assert "0.44" not in text
    assert "0.56" not in text
    assert "113 workers left out" not in text
    assert "leaving out a single worker can change the verdict" in text
    names = [version.name for _, version in slopes_shown(material.study.sensitivity)]
    assert not any("lowest" in name or "highest" in name for name in names)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"verdict": 0.0}, "Whichever worker is left out, direction and verdict stay the same."),
        ({"sign": 2.0}, "Leaving out a single worker can turn the direction"),
    ],
)
def test_what_hangs_on_one_worker_is_said_in_words(fake, counts, said):
    material = gathered(fake.study(sensitivity=sensitivity(**counts)))
    assert said in everything(sensitivity_section(material))


def test_counts_from_which_a_small_one_follows_are_not_shown(material):
    pairs = slopes_shown(material.study.sensitivity)
    assert shown_counts(material, pairs, "worker") == ["113", "–", "80", "65"]
    assert shown_counts(material, pairs, "service_user") == ["861", "–", "700", "600"]


def test_what_was_not_run_is_told_without_options(material):
    table = sensitivity_section(material).tables[-1]
    assert table.folded
    assert table.rows == (
        (
            "Did somebody else answer?",
            "No question that this check would need is named in the plan",
        ),
    )


def test_a_result_of_few_people_has_no_checks(fake):
    few = fake.Association(n_workers=8)
    for make in (sensitivity_section, specification_section):
        study = fake.study(sensitivity=sensitivity(), primary=few, curve=SimpleNamespace())
        section = make(gathered(study))
        assert "withheld" in everything(section)
        assert not section.tables
        assert not section.figures


def test_no_checks_are_no_secret(fake):
    material = gathered(fake.study())
    assert "No check of the main result" in everything(sensitivity_section(material))
    assert specification_section(material) is None


@pytest.fixture(scope="module")
def curve():
    random = np.random.default_rng(2)
    worker = np.repeat(np.arange(40), random.integers(2, 8, 40))
    score = random.normal(size=40)
    outcome = 0.4 * score[worker] + random.normal(size=len(worker))
    data = pd.DataFrame({"worker_id": worker, "x": score[worker], "y": outcome})
    return specification_curve(data, "y", "x", group="worker_id", permutations=99, seed=1)


def test_the_curve_is_told_in_shares_median_and_chance(fake, curve):
    apart = curve.only(curve.table["n_workers"].notna())
    apart = dataclasses.replace(apart, permutation=curve.permutation)
    section = specification_section(gathered(fake.study(curve=apart)))
    text = everything(section)
    share = (apart.table["p_value"] < 0.05).mean()
    assert f"answered in {apart.n_fitted} ways." in text
    assert f"{100 * share:.0f}% have p below 0.05" in text
    assert f"slopes is {apart.median:.2f}" in text
    assert "dealt out at random" in text
    assert "withheld" not in text
    options, chance = section.tables
    assert options.folded
    assert len(options.rows) == len(apart.options)
    assert "–" not in [row[1] for row in chance.rows]


def test_slopes_of_nearly_the_same_people_are_no_part_of_the_curve_shown(fake, curve):
    """With the fewer than ten out who have workers with two others, three slopes are withheld."""
    shown = curve_shown(curve, 10)
    assert (curve.n_fitted, shown.n_fitted) == (12, 9)
    assert curve_shown(shown, 10) is shown
    assert shown.median == shown.table["estimate"].median()
    assert set(shown.table["minimum_users"]) == {1, 2, 5}
    section = specification_section(gathered(fake.study(curve=curve)))
    assert "3 more are withheld: fewer than 10 people are in one of them" in everything(section)
    assert "at least 3" not in everything(section)
    chance = section.tables[-1]
    assert {row[1] for row in chance.rows} == {"–"}
    moved = curve.table.copy()
    hidden = moved["minimum_users"] == 3
    moved.loc[hidden, ["estimate", "conf_low", "conf_high", "p_value"]] = [0.9, 0.8, 1.0, 0.5]
    again = specification_section(
        gathered(fake.study(curve=dataclasses.replace(curve, table=moved)))
    )
    assert everything(again) == everything(section)
    assert again.figures[0].picture.svg == section.figures[0].picture.svg


def test_a_curve_without_permutations_says_nothing_of_chance(fake, curve):
    bare = dataclasses.replace(curve, permutation={}, permutations=0)
    section = specification_section(gathered(fake.study(curve=bare)))
    assert "at random" not in everything(section)
    assert not any(one.id == "table-specification-chance" for one in section.tables)
