import dataclasses
import re
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from relsurvey.reporting import build_report
from relsurvey.reporting.characteristics import characteristics_of, in_analysis
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.characteristics import characteristics_section
from relsurvey.small_groups import PRESETS, SmallGroupRules


def code(value, label, **more):
    return SimpleNamespace(value=value, label={"en": label, **more})


SEX = SimpleNamespace(
    id="sex", gist="Sex", answer="choice",
    codes=(code(1, "Woman", **{"en-GB": "A woman"}), code(2, "Man"), code(3, "Other")),
)  # fmt: skip
YEARS = SimpleNamespace(id="years", gist="Years in the job", answer="number", codes=())
WORDS = SimpleNamespace(id="words", gist="Anything else?", answer="text", codes=())


def asked(fake, sex, years=None, **changes):
    """Make a study in which workers were asked who they are; the first 113 are in the analysis."""
    study = fake.study(**changes)
    survey = study.workers
    n = survey.responses.n
    years = np.arange(n) % 30 if years is None else years
    context = pd.DataFrame(
        {"sex": sex, "years": [str(y) for y in years], "words": ["my name is Ann"] * n}
    )
    responses = SimpleNamespace(**{**vars(survey.responses), "context": context})
    instrument = dataclasses.replace(survey.instrument, context=(SEX, YEARS, WORDS))
    scores = survey.scores.assign(worker_id=[f"W{i}" for i in range(n)])
    survey = SimpleNamespace(
        **{**vars(survey), "responses": responses, "instrument": instrument, "scores": scores}
    )
    rows = pd.DataFrame({"worker_id": scores["worker_id"], "RC": 1.0, "TOTAL": 2.0})
    rows.loc[study.primary.n_workers :, "TOTAL"] = np.nan
    linked = SimpleNamespace(**vars(study.linked), frame=rows)
    return dataclasses.replace(study, workers=survey, linked=linked)


def rows_of(study):
    section = characteristics_section(gathered(study))
    (table,) = section.tables
    return {row[0]: row[1:] for row in table.rows}


def sexes(*counts):
    return np.repeat(["Woman", "2", " other ", "", "Both"], counts)


def test_answers_are_counted_by_label_and_code_for_all_and_for_the_analysis(fake):
    """Of 140 workers, 27 are not in the analysis: the last ones."""
    study = asked(fake, sexes(70, 27, 43, 0, 0), linked_workers=113, n_workers=140)
    found = characteristics_of(study.workers)
    assert [one.title for one in found] == ["Sex", "Years in the job"]
    assert found[0].categories == ("Woman", "Man", "Other", "No answer")
    assert in_analysis(study, study.workers).sum() == 113
    assert found[0].counts(in_analysis(study, study.workers)).tolist() == [
        [70, 0], [27, 0], [16, 27], [0, 0],
    ]  # fmt: skip
    rows = rows_of(study)
    assert rows["All"] == ("140", "113")
    assert rows["Sex: Woman"] == ("70 (50%)", "70 (62%)")
    assert rows["Sex: Other"] == ("43 (31%)", "16 (14%)")
    assert rows["Sex: No answer"] == ("0 (0%)", "0 (0%)")
    mean, spread = re.fullmatch(r"(.+) \((.+)\)", rows["Years in the job: mean (SD)"][0]).groups()
    years = np.arange(140) % 30
    assert (float(mean), float(spread)) == (
        round(years.mean(), 1), round(years.std(ddof=1), 1),
    )  # fmt: skip


def test_what_no_code_knows_is_another_answer_and_free_text_is_nowhere(fake):
    study = asked(fake, sexes(60, 20, 20, 20, 20))
    rows = rows_of(study)
    assert rows["Sex: Another answer"][0] != rows["Sex: Woman"][0]
    assert not any("Ann" in text for row in rows.items() for text in map(str, row))


def test_a_small_category_is_withheld_and_so_is_what_would_give_it_away(fake):
    study = asked(fake, sexes(100, 36, 4, 0, 0), linked_workers=140, primary=whole(fake))
    rows = rows_of(study)
    assert rows["Sex: Other"] == ("withheld",)
    hidden = [name for name, row in rows.items() if name.startswith("Sex") and "withheld" in row]
    assert len(hidden) > 1


def whole(fake, n=140):
    return dataclasses.replace(fake.Association(), n_workers=n, n_service_users=874)


@pytest.mark.parametrize("preset", ["", *PRESETS])
def test_two_studies_that_differ_in_a_small_category_show_the_same(fake, preset):
    """Somebody who knows all other answers cannot tell one to nine apart by the table."""
    settings = PRESETS.get(preset, SmallGroupRules(10))
    secrets = range(1, min(settings.threshold, 5))
    tables = []
    for secret in secrets:
        study = asked(
            fake, sexes(90 - secret, 50, secret, 0, 0), linked_workers=140, primary=whole(fake)
        )
        rows = rows_of(dataclasses.replace(study, settings=settings))
        assert rows["Sex: Other"] == ("withheld",)
        tables.append({name: row for name, row in rows.items() if name.startswith("Sex")})
    if settings.round_to:
        tables = [{k: v for k, v in t.items() if k != "Sex: Woman"} for t in tables]
        for one, other in pairwise(tables):
            assert one == other


def test_the_analysis_is_not_counted_apart_where_it_lacks_few(fake):
    study = asked(fake, sexes(100, 40, 0, 0, 0), linked_workers=140, primary=whole(fake, 135))
    (table,) = characteristics_section(gathered(study)).tables
    assert table.columns == ("Characteristic", "All")
    assert any(
        "so few, or of so few workers, that the difference would tell of them" in n
        for n in table.notes
    )


def test_means_are_not_shown_of_few_nor_where_all_say_the_same(fake):
    few = [5.0] * 6 + [np.nan] * 134
    rows = rows_of(asked(fake, sexes(100, 40, 0, 0, 0), years=few))
    assert rows["Years in the job: mean (SD)"] == ("withheld", "withheld")
    rows = rows_of(asked(fake, sexes(100, 40, 0, 0, 0), years=[7] * 140))
    assert rows["Years in the job: mean (SD)"] == ("withheld", "withheld")


def test_neither_smallest_nor_largest_number_shows(fake):
    """Mean and SD have one decimal, so that one unusual person does not move them to a value."""
    usual = [10, 12, 14, 16] * 35
    rows = rows_of(asked(fake, sexes(100, 40, 0, 0, 0), years=usual))
    assert set(rows) == {
        "Sex: all", "Years in the job: all", "Sex: Woman", "Sex: Man", "Sex: Other",
        "Sex: No answer",
        "Years in the job: Answered", "Years in the job: No answer", "Years in the job: mean (SD)",
    }  # fmt: skip


def test_there_is_no_section_where_nobody_was_asked(fake):
    assert characteristics_section(gathered(fake.study())) is None


def test_service_users_of_few_workers_are_not_described(fake):
    study = asked(fake, sexes(100, 40, 0, 0, 0))
    users = study.service_users
    context = pd.DataFrame({"years": ["1"] * users.responses.n})
    responses = SimpleNamespace(**{**vars(users.responses), "context": context})
    instrument = dataclasses.replace(users.instrument, context=(YEARS,))
    users = SimpleNamespace(**{**vars(users), "responses": responses, "instrument": instrument})
    study.linked.log.users_per_worker["counts"] = fake.users_per_worker([500, *[1] * 100])
    section = characteristics_section(gathered(dataclasses.replace(study, service_users=users)))
    assert [table.id for table in section.tables] == ["table-characteristics-worker"]
    assert "one or two workers have most" in section.blocks[-1].text


@pytest.mark.usefixtures("undrawn")
def test_the_log_names_what_is_withheld_and_has_no_number_of_people(fake):
    study = asked(fake, sexes(100, 36, 4, 0, 0), linked_workers=133)
    report = build_report(study)
    said = [(one.where, one.what) for one in report.withheld]
    assert any("Sex: Other: All" in what for _, what in said)
    assert any("Not linked: Workers" in what for _, what in said)
    words = " ".join(f"{one.where} {one.why}" for one in report.withheld)
    assert not re.search(r"\b(133|7|4|36)\b", words)
    (table,) = next(one for one in report.sections if one.id == "withheld").tables
    assert 0 < len(table.rows) <= len(report.withheld)
