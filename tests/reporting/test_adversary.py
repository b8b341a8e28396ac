"""Somebody wants to know what a report withholds, and reads all of it.

Drawings are left out where they are not what is read: they take their time.
"""

import dataclasses
import re
from itertools import combinations, pairwise

import numpy as np
import pytest

from relsurvey.reporting import build_report
from relsurvey.reporting.build import build_reports
from relsurvey.reporting.disclosure import Disclosure, Split
from relsurvey.reporting.disclosure.audit import Known, bounds
from relsurvey.reporting.stored import to_json
from relsurvey.reporting.writers.html import as_html
from relsurvey.small_groups import PRESETS, USUAL_RULES

pytestmark = pytest.mark.usefixtures("undrawn")


def page(study):
    return as_html(build_report(study))


@pytest.fixture(scope="module")
def pages(fake):
    """The technical report of each number of unlinked workers, undrawn as all of this module."""
    made = {}

    def page_with(secret):
        if secret not in made:
            made[secret] = page(_linked(fake, 140 - secret))
        return made[secret]

    return page_with


@pytest.mark.parametrize("secret", range(1, 10))
def test_unlinked_workers_cannot_be_had_by_subtraction(pages, read_page, secret):
    reader = read_page(pages(secret))
    rows = {row[0]: row[1] for row in reader.tables["table-flow"]}
    # What the rounded numbers leave, so that it tells no more than they do.
    assert rows["Not linked"] == ("fewer than 10" if secret < 8 else "10")
    columns = {"table-flow": 1, "table-scores-worker": 3, "table-reliability-worker": 2}
    workers = {
        int(cell)
        for name, column in columns.items()
        for row in reader.tables[name]
        for cell in row[column : column + 1]
        if cell.isdigit()
    }  # fmt: skip
    assert workers
    assert all(count % 5 == 0 for count in workers)
    assert not re.search(rf"\b{140 - secret} workers\b", reader.words) or (140 - secret) % 5 == 0
    if secret % 5:
        assert secret not in {abs(a - b) for a, b in combinations(workers, 2)}


def test_reports_with_different_secrets_are_the_same_report(pages):
    """Nothing tells 3 unlinked workers from 7, nor 1 from 2, nor 8 from 9."""
    for group in ((1, 2), (3, 4, 5, 6, 7), (8, 9)):
        for one, other in pairwise(group):
            assert pages(one) == pages(other), (one, other)


def _linked(fake, linked):
    """All linked workers are in the analysis; all else is the same."""
    primary = dataclasses.replace(fake.Association(), n_workers=linked)
    secondary = (dataclasses.replace(primary, outcome="SEC"),)
    return fake.study(linked_workers=linked, primary=primary, secondary=secondary)


def test_two_analyses_cannot_be_subtracted(fake, read_page):
    """Four people are in one analysis and not in the other; both counts are rounded."""
    study = fake.study()
    other = dataclasses.replace(study.primary, outcome="SEC", n_service_users=865)
    reader = read_page(page(dataclasses.replace(study, secondary=(other,))))
    assert reader.tables["table-secondary"][1][-1] == "865"
    assert reader.tables["table-association"][-1][1] == "860"
    assert "861" not in re.findall(r"\d+", reader.words)


def test_file_sizes_do_not_give_the_whole_away(fake, read_page):
    """The number of answers in the file is rounded where the number of answers is."""
    study = fake.study(n_workers=123, linked_workers=118)
    reader = read_page(page(study))
    rows = {row[0]: row[1] for row in reader.tables["table-inputs"]}
    assert rows["workers.csv"] == "125 answers"
    assert rows["service_users.csv"] == "930 answers"


def test_the_users_secret_rounds_users(fake, read_page):
    study = fake.study(linked_users=926)
    study = dataclasses.replace(
        study, primary=dataclasses.replace(study.primary, n_service_users=926), secondary=()
    )
    reader = read_page(page(study))
    rows = {row[0]: row[2] for row in reader.tables["table-flow"]}
    assert rows["Not linked"] == "fewer than 10"
    assert (rows["Answered"], rows["Linked"]) == ("930", "925")


def test_open_answers_of_few_people_are_not_shown(fake, read_page):
    study = fake.study()
    answers = study.workers.responses
    answers.reasons.loc[:, "RIA1"] = None
    answers.items.loc[:, "RIA1"] = 3.0
    answers.items.loc[:5, "RIA1"] = np.nan
    answers.reasons.loc[:5, "RIA1"] = "unanswered"
    reader = read_page(page(study))
    row = next(r for r in reader.tables["table-answers-worker"] if r[0].startswith("RIA1"))
    assert row[-1] == "fewer than 10"


def test_shares_never_multiply_back_to_few_people(made_up, read_page):
    """Every share of answers stands for nobody or at least ten people."""
    reader = read_page(page(made_up))
    for name, survey in (("worker", made_up.workers), ("service-user", made_up.service_users)):
        for row in reader.tables[f"table-answers-{name}"][1:]:
            item = row[0].split()[0]
            answered = survey.responses.items[item].notna().sum()
            for cell in row[1:]:
                if cell.endswith("%") and cell != "0%" and not cell.startswith(("under", "over")):
                    assert (int(cell[:-1]) + 0.5) / 100 * answered >= 10


def test_nothing_is_computed_for_few_people(fake, read_page):
    study = fake.study(n_workers=8, n_users=40, linked_workers=8, linked_users=40)
    study = dataclasses.replace(
        study,
        primary=dataclasses.replace(study.primary, n_workers=8, n_service_users=40),
        secondary=(dataclasses.replace(study.primary, n_workers=8, outcome="SEC"),),
    )
    reader = read_page(page(study))
    assert "table-association" not in reader.tables
    assert "figure-association" not in reader.ids
    assert "table-scores-worker" not in reader.tables
    assert "fewer than 10 workers" in reader.words
    assert not re.search(r"\b8 workers\b", reader.words)
    assert {row[2] for row in reader.tables["table-flow"][1:-1]} >= {"40", "0"}
    for row in reader.tables["table-reliability-worker"][1:]:
        assert row[2:8] == ["fewer than 10", "–", "–", "–", "–", "–"]
    assert reader.tables["table-secondary"][1][2:6] == ["–"] * 4


def test_results_notes_with_counts_are_not_passed_on(fake):
    model = fake.mixed("RC", notes=("3 rows left out",))
    primary = dataclasses.replace(fake.Association(), model=model)
    assert "3 rows" not in page(fake.study(primary=primary))


def test_a_higher_threshold_withholds_more(fake, read_page):
    reader = read_page(page(fake.study(threshold=30)))
    rows = {row[0]: row[1] for row in reader.tables["table-flow"]}
    assert rows["Not linked"] == "fewer than 30"
    points = reader.tables["table-groups"][1:]
    assert all(int(row[1]) >= 30 for row in points)


def everything(study):
    """Return all views of all readers; what is in the folder that is shared is made of them."""
    return to_json(build_reports(study))


@pytest.mark.parametrize(
    ("preset", "secrets"),
    [("", (3, 7)), ("ons10", (8, 9)), ("opensafely", (3, 7)), ("ukllc", (1, 2)), ("nhs7", (4, 6)),
     ("sail5", (3, 4))],
)  # fmt: skip
def test_all_readers_see_the_same_whatever_the_secret(fake, preset, secrets):
    """Two numbers of unlinked workers that are rounded alike."""
    rules = PRESETS.get(preset, USUAL_RULES)
    one, other = (
        everything(dataclasses.replace(_linked(fake, 140 - secret), settings=rules))
        for secret in secrets
    )
    assert one == other


@pytest.mark.parametrize("preset", ["", *PRESETS])
def test_everything_that_is_shown_leaves_a_small_number_open(fake, read_page, preset):
    """An integer program over all counts of workers, each with what it may be rounded from."""
    rules = PRESETS.get(preset, USUAL_RULES)
    secret = 3
    study = dataclasses.replace(_linked(fake, 140 - secret), settings=rules)
    rows = {row[0]: row[1] for row in read_page(page(study)).tables["table-flow"]}
    told = Disclosure.of(rules, [Split("worker", 140, 140 - secret, "")])

    def known(parts, text):
        if not text[0].isdigit():
            return Known(parts, told.least, told.threshold - 1)
        could = told.could_be(int(text), "worker")
        return Known(parts, could[0], could[-1])

    # Atoms: not linked; linked, but not in the analysis; in the analysis.
    facts = [
        known((0, 1, 2), rows["Answered"]),
        known((1, 2), rows["Linked"]),
        known((2,), rows["In the main analysis"]),
    ]
    # Who is not linked is the difference of what is shown, and so no fact of its own.
    apart = int(rows["Answered"]) - int(rows["Linked"])
    lowest = told.lowest
    assert rows["Not linked"] == (str(apart) if apart >= lowest else f"fewer than {lowest}")
    least, most = bounds(3, facts, [0])
    assert least <= secret <= most
    assert most - least >= 2


def test_the_log_of_what_is_withheld_tells_no_number(fake):
    log = build_report(_linked(fake, 133)).withheld
    assert any("Not linked" in one.what for one in log)
    text = " ".join(f"{one.where} {one.what} {one.why}" for one in log)
    assert not re.search(r"(?<!Table )\b(7|133|140)\b", text)
