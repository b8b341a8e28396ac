"""What a report says of missing answers, reasons apart, and of whom it keeps silent."""

import re

import numpy as np
import pandas as pd
import pytest

from relsurvey.reporting import build_report
from relsurvey.views import Cell

pytestmark = pytest.mark.usefixtures("undrawn")


def section(study):
    return next(one for one in build_report(study).sections if one.id == "missing")


def text(study):
    return " ".join(getattr(block, "text", "") for block in section(study).blocks)


def row(study, item, key="service-user"):
    tables = {one.id: one for one in section(study).tables}
    found = tables[f"table-missing-{key}"]
    return found.columns, next(r for r in found.rows if r[0].startswith(f"{item} "))


def without(survey, item, **reasons):
    """Let so many people have no answer to an item, for each reason."""
    survey.responses.items[item] = 2.0
    survey.responses.reasons[item] = None
    start = 0
    for reason, n in reasons.items():
        people = survey.responses.items.index[start : start + n]
        survey.responses.items.loc[people, item] = np.nan
        survey.responses.reasons.loc[people, item] = reason
        start += n


def test_reasons_stand_apart_where_all_are_many(fake):
    study = fake.study()
    without(study.service_users, "SEC1", not_applicable=93, unanswered=186, dont_know=93)
    columns, found = row(study, "SEC1")
    assert columns == ("Question", "Does not apply", "Left open", "Do not know")
    assert found[1:] == ("10%", "20%", "10%")
    assert "More than 10% of service users gave no answer to SEC1 (30%)." in text(study)


@pytest.mark.parametrize("few", range(1, 10))
def test_a_reason_of_few_people_stands_together_with_the_others(fake, few):
    study = fake.study()
    without(study.service_users, "SEC1", unanswered=186, dont_know=few)
    _, found = row(study, "SEC1")
    assert found[2] == Cell("20%" if few < 5 else "21%", span=2)
    assert not any(isinstance(cell, str) and cell == f"{few}" for cell in found)


def test_few_missing_answers_are_not_counted(fake):
    study = fake.study()
    without(study.service_users, "SEC1", unanswered=4)
    _, found = row(study, "SEC1")
    assert found[-1] == "fewer than 10"


def test_an_instrument_where_everything_applies_has_no_such_column(made_up):
    columns, _ = row(made_up, "RIA1", "worker")
    assert columns == ("Question", "Left open")


def test_scales_say_who_answered_all_and_who_has_no_score(made_up):
    tables = {one.id: one for one in section(made_up).tables}
    found = tables["table-missing-scales-service-user"]
    assert found.columns[2:] == ("Answered every question", "No score: too few answered")
    complete = made_up.service_users.reliability.to_frame().iloc[0]
    share = complete["n"] / complete["n_total"]
    assert abs(int(found.rows[0][2].rstrip("%")) - 100 * share) <= 2.5


def with_a_test(study, *, complete, others, p_value):
    counts = [complete, *([1] * others)]
    study.workers.quality.missing.__dict__.update(
        statistic=31.44, df=28, p_value=p_value, n=sum(counts), n_patterns=len(counts),
        patterns=pd.DataFrame({"n_missing": [0, *([1] * others)], "count": counts}),
    )  # fmt: skip
    return text(study)


@pytest.mark.parametrize(
    ("p_value", "said"),
    [
        (0.0123, "p = .012; whether an answer is missing goes with the answers that were given."),
        (0.31, "p = .31; it finds no sign that"),
    ],
)
def test_littles_test_is_told_in_words(fake, p_value, said):
    study = fake.study(linked_workers=113)
    items = study.workers.responses.items
    study.workers.responses.items = items.fillna(3.0)  # nobody left a single question open
    found = with_a_test(study, complete=110, others=30, p_value=p_value)
    assert "chi-square 31.4 with 28 degrees of freedom" in found
    assert said in found
    assert "p is rough" in found


@pytest.mark.parametrize(("complete", "others"), [(131, 9), (6, 134)])
def test_littles_test_is_withheld_where_few_left_something_open(fake, complete, others):
    found = with_a_test(fake.study(), complete=complete, others=others, p_value=0.31)
    assert "is not shown: fewer than 10 people" in found
    assert "31.4" not in found
    assert not re.search(rf"\b{others}\b", found)


def test_nothing_is_said_where_there_is_no_test(made_up):
    assert "Little" not in text(made_up)


def test_missing_answers_of_few_people_are_not_shown(fake):
    study = fake.study(n_workers=8, linked_workers=8, n_users=40, linked_users=40)
    found = section(study)
    assert not found.tables
    assert "Shares of missing answers of workers are not shown: fewer than 10" in text(study)
    assert "Shares of missing answers of service users are not shown" in text(study)
