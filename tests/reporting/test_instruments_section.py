"""What a report says of the questionnaires: scoring, adaptation, figures of others."""

import dataclasses
from types import SimpleNamespace

import pytest

from relsurvey.instruments.evidence import Adaptation, AdaptedItem, Change, PublishedFigure
from relsurvey.reporting import build_report
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.instruments import instruments_section

pytestmark = pytest.mark.usefixtures("undrawn")


def section(report):
    return next(one for one in report.sections if one.id == "instruments")


def tables(report):
    return {one.id: one for one in section(report).tables}


def words(report):
    return " ".join(getattr(block, "text", "") for block in section(report).blocks)


def test_the_instruments_of_the_sample_are_described(sample):
    report = build_report(sample)
    text, found = words(report), tables(report)
    for said in (
        "(rpq-16, version 1.0.0): 16 questions with 6 answers from 1 (Not at all) to 6 (Extremely)",
        "Reverse-keyed questions (SEC7, VAL6) were turned round.",
        "PEECH-SC, a draft that has not been validated, adapted from PEECH",
        "23 questions, 14 reworded and 9 added.",
        "Sources: Priddis and Rogers 2018; Rogers et al. 2019; Rogers et al. 2024.",
    ):
        assert said in text, said
    scoring = {row[0]: row[1:] for row in found["table-scoring-service-user"].rows}
    assert scoring["Security (SEC)"] == (
        "7", "mean of answers", "0 to 3", "at least 2/3 of those that apply and never fewer than 3",
    )  # fmt: skip
    assert scoring["Emotional care (TOTAL)"][-1] == "at least 16, and a score on each of its scales"
    assert found["table-scoring-service-user"].notes == (
        "“Does not apply” is left out of the score.",
    )
    assert found["table-scoring-worker"].notes == ()
    adapted = {row[0].split()[0]: row for row in found["table-adaptation-service-user"].rows}
    assert len(adapted) == 23
    assert adapted["SEC7"][1:] == ("none", "added", "power", "power")
    assert adapted["CON1"][1:3] == ("Level of connection", "reworded")
    assert "table-adaptation-worker" not in found


def test_figures_of_others_stand_beside_ours(sample):
    report = build_report(sample)
    rows = tables(report)["table-published-worker"].rows
    alpha = sample.workers.reliability.to_frame().set_index("scale").loc["RC", "alpha"]
    first = next(row for row in rows if row[0].startswith("Alpha: reflective capacity"))
    assert first[1:3] == (".82", f"{alpha:.2f}".removeprefix("0"))
    assert first[3] == "student teachers, Scotland; n 467"


def figure(statistic, **changes):
    fields = {"of": "a scale", "sample": "nurses", "n": 300, "source": "Somebody (2001)"}
    return PublishedFigure(statistic=statistic, **{**fields, **changes})


FIGURES = (
    figure("alpha", scale="RIA", value=0.8),
    figure("mean", scale="RIA", value=3.2),
    figure("sd", scale="RIA", value=0.9),
    figure("alpha", low=0.6, high=0.9),
    figure("cfi", model="two", value=0.97),
    figure("structure", finding="Two factors."),
)


def published(study):
    study.workers.instrument = dataclasses.replace(study.workers.instrument, published=FIGURES)
    return tables(build_report(study))["table-published-worker"].rows


def test_every_kind_of_published_figure_has_its_place(fake):
    rows = published(fake.study())
    assert [row[1] for row in rows] == [".80", "3.20", "0.90", ".60 to .90", ".97", "Two factors."]
    assert all(row[2] != "–" for row in rows[:3])
    assert [row[2] for row in rows[3:]] == ["–"] * 3


def test_nothing_of_ours_stands_beside_them_for_few_people(fake):
    rows = published(fake.study(n_workers=8, linked_workers=8, n_users=40, linked_users=40))
    assert [row[2] for row in rows] == ["–"] * 6


@pytest.mark.parametrize(("n", "shown"), [(60, ".94"), (9, "–")])
def test_the_fit_of_our_model_stands_beside_theirs_where_it_may(fake, n, shown):
    study = fake.study()
    study.workers.instrument = dataclasses.replace(study.workers.instrument, published=FIGURES)
    frame = fake.study().workers.reliability.to_frame().iloc[:1].assign(model="two", cfi=0.94)
    study.workers.structure = SimpleNamespace(n=n, to_frame=lambda: frame, readings=())
    (row,) = (
        row
        for table in instruments_section(gathered(study)).tables
        for row in table.rows
        if row[0].startswith("CFI")
    )
    assert row[2] == shown


def test_an_adaptation_in_the_words_of_the_definition(fake):
    record = Adaptation(
        original="<b>Another</b>",
        subscales={"one": "First"},
        changes=(Change(id="setting", change="Home.", reason="No ward."),),
        items=(
            AdaptedItem(item="RIA1", subscale="one", operation="kept", reason="fits"),
            AdaptedItem(
                item="RIA2", subscale=None, operation="added", changes=("setting",), reason="new"
            ),
        ),
    )
    study = fake.study()
    study.workers.instrument = dataclasses.replace(study.workers.instrument, adaptation=record)
    report = build_report(study)
    assert "Adapted from <b>Another</b>: 2 questions, 1 kept and 1 added." in words(report)
    found = tables(report)
    assert found["table-changes-worker"].rows == (("setting", "Home.", "No ward."),)
    assert [row[1:] for row in found["table-adaptation-worker"].rows] == [
        ("First", "kept", "", "fits"),
        ("none", "added", "setting", "new"),
    ]
