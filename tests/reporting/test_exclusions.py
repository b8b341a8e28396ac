"""What a report says of those who were left out, and what it does not give away."""

import dataclasses

import pytest

from relsurvey.quality import check_quality
from relsurvey.reporting import build_report
from relsurvey.reporting.writers.html import as_html
from relsurvey.small_groups import PRESETS

pytestmark = pytest.mark.usefixtures("undrawn")


def study(fake, *, workers=None, users=None, slope=0.18, more=19):
    """Make a study in which some were left out, ``{rule: count}`` for each survey."""
    made = fake.study()
    for survey, gone in ((made.workers, workers or {}), (made.service_users, users or {})):
        survey.excluded = gone
        survey.rules_named = [
            {"rule": name, "looks_at": f"{name} is too much", "threshold": 0.5, "judged": True,
             "source": "Curran 2016", "note": ""}
            for name in gone
        ]  # fmt: skip
        survey.n_answered = survey.responses.n + sum(gone.values())
    everyone = dataclasses.replace(
        made.primary, slope=slope, n_service_users=made.primary.n_service_users + more
    )
    return dataclasses.replace(made, everyone=(everyone,) if workers or users else ())


def test_without_rules_there_is_no_word_of_it(fake, read_page):
    reader = read_page(as_html(build_report(study(fake))))
    assert "table-exclusions" not in reader.tables
    assert "Answers left out" not in reader.words
    assert "Left out by rules" not in str(reader.tables["table-flow"])


def test_the_flow_has_a_step_and_the_estimates_stand_side_by_side(fake, read_page):
    reader = read_page(as_html(build_report(study(fake, users={"outlier": 20, "longstring": 0}))))
    flow = {row[0]: row[1:] for row in reader.tables["table-flow"]}
    assert flow["Answered"] == ["140", "950"]
    assert flow["Left out by rules on their answers"] == ["0", "20"]
    assert flow["Not linked"][1] == "56"
    first, second = reader.tables["table-exclusions"][1:]
    assert first[0] == "Without them (primary)"
    assert second[0] == "With everybody who answered"
    assert first[1] != second[1]
    assert first[-1], second[-1] == ("861", "880")
    assert "The analysis without them is the primary one" in reader.words
    assert "outlier: 20; longstring: 0" in reader.words
    assert "flagged more often" in reader.words


@pytest.mark.parametrize("secret", range(1, 10))
def test_few_who_were_left_out_cannot_be_had_by_subtraction(fake, read_page, secret):
    page = as_html(build_report(study(fake, workers={"attention": secret})))
    reader = read_page(page)
    flow = {row[0]: row[1] for row in reader.tables["table-flow"]}
    assert flow["Left out by rules on their answers"] == "fewer than 10"
    assert all(int(count) % 5 == 0 for count in flow.values() if count.isdigit())
    assert f"attention: {secret}" not in reader.words


def test_a_rule_that_left_out_few_is_not_told_by_the_others(fake, read_page):
    gone = {"attention": 31, "outlier": 3}
    reader = read_page(as_html(build_report(study(fake, users=gone))))
    assert "attention: 30; outlier: fewer than 10" in reader.words
    flow = {row[0]: row[2] for row in reader.tables["table-flow"]}
    assert flow["Left out by rules on their answers"] == "35"
    assert flow["Answered"] == "965"


def test_nobody_left_out_looks_like_few_where_zeros_are_withheld(fake):
    """Somebody who reads all of it cannot tell no worker left out from one."""
    pages = []
    for secret in (0, 1):
        made = study(fake, workers={"attention": secret}, more=0)
        made.workers.n_answered = 140 + secret
        if not secret:
            made = dataclasses.replace(made, everyone=())
        pages.append(as_html(build_report(dataclasses.replace(made, settings=PRESETS["ons10"]))))
    assert pages[0] == pages[1]
    assert "attention: fewer than 10" in pages[0]
    assert "nobody was left out" not in pages[0]


def test_nobody_left_out_is_said_where_zeros_are_shown(fake, read_page):
    made = dataclasses.replace(study(fake, workers={"attention": 0}), everyone=())
    reader = read_page(as_html(build_report(made)))
    assert "nobody was left out (rules named: attention)" in reader.words
    assert "table-exclusions" not in reader.tables


@pytest.mark.parametrize("more", [1, 4, 9])
def test_an_estimate_with_a_few_more_people_is_withheld(fake, read_page, more):
    """Two estimates that differ by one person give that person's score away."""
    reader = read_page(as_html(build_report(study(fake, users={"outlier": more}, more=more))))
    (row,) = (row for row in reader.tables["table-exclusions"] if "everybody" in row[0])
    assert "withheld: fewer than 10 more in it" in row[0]
    assert len(set(row[1:])) == 1
    assert "0.18" not in str(row)


def test_the_rules_are_stated_as_they_were_applied(fake, read_page):
    made = study(fake, users={"outlier": 20, "too_fast": 0})
    made.service_users.rules_named[1] |= {"judged": False, "note": "there are no times"}
    reader = read_page(as_html(build_report(made)))
    stated = {row[1]: row[2:] for row in reader.tables["table-rules"]}
    assert stated["outlier"] == ["outlier is too much", "0.5", "Curran 2016", "20"]
    assert stated["too fast"][-1] == "not judged: there are no times"
    assert "too fast: not judged" in reader.words


def test_an_association_that_could_not_be_had_is_said(fake, read_page):
    made = dataclasses.replace(study(fake, users={"outlier": 20}), everyone=())
    reader = read_page(as_html(build_report(made)))
    assert "could not be computed" in reader.words
    assert "table-exclusions" not in reader.tables


def test_the_figure_of_the_answers(sample):
    result = sample.service_users.quality
    axes = result.plot()
    labels = [label.get_text() for label in axes.get_yticklabels()]
    instrument = sample.service_users.instrument
    turned = {item.id for item in instrument.items if item.reverse}
    assert turned
    assert labels == [f"{one} (r)" if one in turned else one for one in instrument.item_ids]
    names = axes.get_legend_handles_labels()[1]
    assert names == ["0", "1", "2", "3", "does not apply", "no answer"]
    ends = [bar.get_x() + bar.get_width() for bar in axes.containers[-1]]
    assert ends == pytest.approx([100] * 23)
    own = axes.figure.subplots()
    assert result.plot(own) is own


def test_the_figure_of_nobody(sample):
    empty = sample.service_users.responses.to_frame().head(0)
    result = check_quality(empty, "peech-sc")
    assert len(result.plot().containers) == 5
