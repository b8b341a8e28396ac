"""The teams' section: over all staff only, never a single team, and no claim of cause."""

from __future__ import annotations

import dataclasses
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.reporting import plot_moderation
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.teams import teams_section

CAUSAL = re.compile(r"\b(effects?|impact|because|causes?|leads? to|improves?|influence)\b", re.I)


def staff(n_teams, per_team=10, red=True, seed=2):
    """Make what staff of made-up teams said, as a study holds it."""
    random = np.random.default_rng(seed)
    sword = rs.load_instrument("sword")
    n = n_teams * per_team
    team = np.repeat([f"Team {k:02}" for k in range(n_teams)], per_team)
    answers = np.clip(random.normal(4, 1.4, (n, len(sword.item_ids))).round(), 1 if red else 3, 6)
    items = pd.DataFrame(answers, columns=list(sword.item_ids))
    scores = rs.score(items, sword).assign(team=team)
    scales = pd.DataFrame(
        {
            "scale": scale.id, "title": scale.title, "n_staff": n, "mean": scores[scale.id].mean(),
            "sd": scores[scale.id].std(), "n_teams": n_teams, "icc2": 0.71, "rwg": 0.82, "note": "",
        }
        for scale in sword.scales
    )  # fmt: skip
    return SimpleNamespace(
        instrument=sword, responses=SimpleNamespace(n=n, items=items), scores=scores,
        columns={scale.id: scale.id for scale in sword.scales}, scales=scales, fewest=5,
        n_teams=n_teams, n_workers_without=4,
        scale_of=lambda column: column if column in sword.scales.ids else None,
    )  # fmt: skip


def moderation(interaction=0.9, n_teams=14, n_workers=140):
    random = np.random.default_rng(3)
    team = random.integers(0, n_teams, n_workers)
    support, x = random.normal(4, 0.6, n_teams), random.normal(4, 0.8, n_workers)
    worker = np.repeat(np.arange(n_workers), random.integers(2, 9, n_workers))
    moved = interaction * (x - 4)[worker] * (support[team] - 4)[worker]
    data = {
        "worker_id": worker, "team": team[worker], "RC": x[worker], "SECURE": support[team][worker],
        "TOTAL": 2 + 0.3 * x[worker] + moved + random.normal(0, 1, len(worker)),
    }  # fmt: skip
    return rs.associate(
        data, "TOTAL", "RC", moderator="SECURE", group="worker_id", team="team"
    ).moderation


@pytest.fixture
def made(fake):
    def make(teams=None, found=None, **changes):
        study = fake.study(**changes)
        primary = dataclasses.replace(study.primary, moderation=found)
        return teams_section(gathered(dataclasses.replace(study, teams=teams, primary=primary)))

    return make


def words_of(section):
    parts = []
    for block in section.blocks:
        parts += [
            getattr(block, name) for name in ("text", "caption", "alt") if hasattr(block, name)
        ]
        parts += getattr(block, "notes", ())
        parts += [cell for row in getattr(block, "rows", ()) for cell in row]
    return " ".join(parts)


def test_without_teams_and_moderator_there_is_no_section(made) -> None:
    assert made() is None


def test_means_and_shares_are_over_all_staff(made) -> None:
    teams = staff(14)
    section = made(teams)
    means, lights = section.tables
    assert means.rows[0][:2] == ("Secure base", f"{teams.scores['SECURE'].mean():.2f}")
    assert means.columns[-1] == "Agreement, mean r_wg(j)"
    answers = teams.responses.items[["SB1", "SB2"]].to_numpy()
    red = f"{100 * (answers <= 2).mean():.0f}%"
    assert lights.rows[0][1] == red
    assert lights.columns[1] == "Red, 1 to 2: Urgent action needed"
    assert len(lights.rows) == 5
    words = words_of(section)
    assert not any(f"Team {k:02}" in words for k in range(14))
    assert "Fewer than 10 workers are of a team without one" in words
    assert not CAUSAL.search(words)


def test_a_light_that_few_staff_gave_hides_its_whole_row(made) -> None:
    teams = staff(14, red=False)
    teams.responses.items.loc[:2, "SB1"] = 1
    lights = made(teams).tables[1]
    assert lights.rows[0][1:] == ("–", "–", "–")
    assert lights.rows[1][1] == "0%"


def test_few_teams_few_staff_or_one_large_team_are_not_told_of(made) -> None:
    section = made(staff(6))
    assert section.tables[0].columns == ("Scale", "Mean", "SD")
    assert "nothing is said of differences between them" in words_of(section)
    assert made(staff(2, per_team=4)).tables == ()
    large = staff(14)
    large.scores["team"] = ["Team 00"] * 120 + ["Team 01"] * 20
    assert made(large).tables == ()
    assert "one or two teams have most of them" in words_of(made(large))


def test_a_moderation_has_its_sentence_figure_and_slopes(made) -> None:
    found = moderation()
    section = made(staff(14), found)
    words = words_of(section)
    assert (
        "The slope of Emotional care on Reflective capacity was higher where Secure base" in words
    )
    assert not CAUSAL.search(words)
    (figure,) = section.figures
    assert "Slopes with 95% intervals" in figure.alt
    assert figure.picture.svg.startswith("<svg")
    table = section.tables[-1]
    assert [row[0] for row in table.rows] == [
        "Interaction", "Slope at one SD below the mean", "Slope at the mean",
        "Slope at one SD above the mean", "Interaction, CR2",
    ]  # fmt: skip


def test_an_uncertain_one_claims_no_direction_and_one_of_few_teams_is_withheld(made) -> None:
    assert "These data do not show whether the slope" in words_of(made(staff(14), moderation(0.0)))
    section = made(staff(8), moderation(n_teams=8))
    assert section.figures == ()
    assert "is withheld" in words_of(section)


def test_the_figure_has_three_lines_and_no_person() -> None:
    found = moderation()
    axes = found.plot()
    lines = axes.get_lines()
    assert [line.get_label().rsplit(" ", 1)[0] for line in lines] == [
        "one SD below", "the mean", "one SD above",
    ]  # fmt: skip
    assert len({line.get_linestyle() for line in lines} | {line.get_marker() for line in lines}) > 3
    for line, slope in zip(lines, found.slopes["slope"], strict=True):
        x, y = line.get_xdata(), line.get_ydata()
        assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(slope)
    assert len(axes.collections) == 2
    again = plot_moderation(found, axes)
    assert again is axes
