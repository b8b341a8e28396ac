import dataclasses
import math
import re
from types import SimpleNamespace

import numpy as np
import pytest

from relsurvey.reporting import build_report
from relsurvey.reporting.numbers import p_value
from relsurvey.views import Bullets

pytestmark = pytest.mark.usefixtures("undrawn")

ORDER = [
    "background",
    "instruments",
    "methods",
    "who-answered",
    "missing",
    "scores",
    "reliability",
    "structure",
    "agreement",
    "association",
    "sensitivity",
    "cautions",
    "provenance",
    "references",
    "checklist",
    "withheld",
]


def cautions(report):
    (bullets,) = (
        b
        for s in report.sections
        for b in s.blocks
        if s.id == "cautions" and isinstance(b, Bullets)
    )
    return dict(bullets.points)


def table(report, name):
    return next(t for s in report.sections for t in s.tables if t.id == name)


def test_sections_come_in_order(made_up):
    report = build_report(made_up)
    assert [section.id for section in report.sections] == ORDER
    ids = [view.id for s in report.sections for view in (*s.tables, *s.figures)]
    assert len(ids) == len(set(ids))


def test_every_row_fills_its_table(made_up, sample):
    for study in (made_up, sample):
        for section in build_report(study).sections:
            for one in section.tables:
                for row in one.rows:
                    width = sum(getattr(cell, "span", 1) for cell in row)
                    assert width == len(one.columns), (one.id, row)


def test_a_draft_is_announced_first_and_among_the_cautions(made_up, fake):
    report = build_report(made_up)
    assert report.notices[0].title == "Draft instrument"
    assert "Emotional care in social work (peech-x 0.1.0)" in report.notices[0].text
    assert "Draft instrument" in cautions(report)
    published = fake.survey("service_user", fake.users_instrument(status="published"), 200, 4)
    assert not build_report(fake.study(service_users=published)).notices


def test_the_notice_of_the_study_file_comes_before_all(fake):
    first, second = build_report(fake.study(notice="All\tanswers are made up.")).notices
    assert (first.title, first.text) == ("Please note", "All answers are made up.")
    assert second.title == "Draft instrument"


def test_the_flow_table_counts_both_surveys(made_up):
    rows = {row[0]: row[1:] for row in table(build_report(made_up), "table-flow").rows}
    assert rows["Answered"] == ("140", "930")
    assert rows["Not linked"] == ("20", "56")
    assert rows["Linked, but left out of the main analysis"] == ("fewer than 10", "13")
    assert rows["In the main analysis"] == ("115", "861")


def test_the_association_table_says_what_each_number_is(made_up):
    one = table(build_report(made_up), "table-association")
    rows = {row[0]: row[1:] for row in one.rows}
    assert rows["Slope"][:2] == ("0.21", "0.11 to 0.32")
    assert rows["p"][0] == "< .001"
    assert "about 110 degrees of freedom" in rows["p"][2]
    assert rows["Correlation across workers, r"][:2] == (".38", ".21 to .53")
    assert rows["Between-worker variance explained"][0] == "27%"
    assert all(row[3] for row in one.rows)


def test_degrees_of_freedom_are_exact_where_counts_are(fake):
    study = fake.study(linked_workers=113, n_workers=140)
    one = table(build_report(_complete(study)), "table-association")
    assert any("with 111.4 degrees of freedom" in row[3] for row in one.rows)


def _complete(study):
    """Let every worker have answered everything, so that nothing has to be rounded."""
    frame = study.workers.reliability.to_frame().assign(n=lambda f: f["n_total"])
    reliability = SimpleNamespace(to_frame=lambda: frame, missing="listwise", readings=())
    return dataclasses.replace(
        study, workers=SimpleNamespace(**{**vars(study.workers), "reliability": reliability})
    )


def test_secondary_associations_are_called_secondary(made_up):
    one = table(build_report(made_up), "table-secondary")
    assert [row[:2] for row in one.rows] == [
        ("Reflective capacity", "Security"),
        ("Reflective-in-action", "Emotional care"),
    ]
    assert one.rows[1][2] == "−0.04"
    assert "secondary" in one.notes[0]
    assert "Several associations" in cautions(build_report(made_up))


def test_adjusted_p_values_stand_beside_those_taken_alone(sample):
    one = table(build_report(sample), "table-secondary")
    family = sample.family.to_frame().query("not primary")
    assert one.columns[5:8] == ("p", "p, Holm", "p, max-T")
    for row, found in zip(one.rows, family.to_dict("records"), strict=True):
        assert [f"p {cell}" if cell[0] in "<>" else f"p = {cell}" for cell in row[5:8]] == [
            p_value(found[name]) for name in ("p_value", "holm", "max_t")
        ]
    assert "adjusted for all 4 of them, the primary association not among them" in one.notes[1]
    assert one.notes[2].startswith(f"Once adjusted, {int(family['stands'].sum())} of the 4 shown ")
    assert not any("not adjusted for how many" in note for note in one.notes)


def test_a_withheld_association_shows_no_adjusted_p_and_hands_none_on(sample, monkeypatch):
    monkeypatch.setattr("relsurvey.reporting.material.Material.as_shown", lambda _, one: one)
    first, second, *rest = sample.secondary
    # Holm's steps: four times .004 is more than three times .005, and is handed on to it.
    study = dataclasses.replace(
        sample,
        secondary=(
            dataclasses.replace(first, n_workers=8, n_service_users=30, p_value=0.004),
            dataclasses.replace(second, p_value=0.005),
            *(dataclasses.replace(one, p_value=0.5) for one in rest),
        ),
    )
    one = table(build_report(study), "table-secondary")
    assert set(one.rows[0][2:8]) == {"–"}
    assert one.rows[1][6] == "–"
    assert one.rows[1][5] != "–"
    assert ".016" not in [row[6] for row in one.rows]
    assert " of the 3 shown " in one.notes[2]


def test_no_secondary_no_table(fake):
    report = build_report(fake.study(secondary=()))
    assert all(t.id != "table-secondary" for s in report.sections for t in s.tables)
    assert "Several associations" not in cautions(report)


def test_cautions_follow_from_the_data(fake):
    few = build_report(fake.study(n_workers=40, linked_workers=30))
    assert "Few workers" in cautions(few)
    assert "Few workers" not in cautions(build_report(fake.study()))
    lost = cautions(build_report(fake.study(linked_users=600)))
    assert lost["Workers who could not be linked"].startswith("16% of the workers")
    assert lost["Service users who could not be linked"].startswith("35% of the service users")
    odd = fake.mixed("RC", converged=False, boundary=True)
    shaky = fake.study(primary=dataclasses.replace(fake.Association(), model=odd))
    names = cautions(build_report(shaky))
    assert "The model did not converge" in names
    assert "No variance between workers was found" in names


def test_a_ceiling_is_named(fake):
    high = fake.survey("service_user", fake.users_instrument(), 930, 5, ceiling=2.2)
    found = cautions(build_report(fake.study(service_users=high)))["Ceiling"]
    assert found.startswith("Many service users have the highest score there is on Security (")


def test_low_reliability_and_odd_items_are_named(fake):
    study = fake.study()
    table_, items = study.workers.reliability.frame, study.workers.items.frame
    table_.loc[0, ["alpha", "alpha_low", "alpha_high"]] = 0.55, 0.4, 0.66
    items.loc[0, "item_rest_r"] = -0.2
    report = build_report(study)
    assert "Reflective-in-action (.55)" in cautions(report)["Low reliability"]
    assert "RIA1" in cautions(report)["Questions that run against their scale"]
    paragraph = next(s for s in report.sections if s.id == "reliability").blocks[0]
    assert paragraph.text.endswith("Below it: Reflective-in-action (.55).")


def test_what_was_not_computed_has_its_reason(fake):
    study = fake.study()
    frame = study.workers.reliability.frame
    frame.loc[0, ["alpha", "alpha_low", "alpha_high", "lambda6"]] = np.nan
    frame.loc[0, "note"] = "no variance"
    one = table(build_report(study), "table-reliability-worker")
    assert one.columns[-1] == "Note"
    assert one.rows[0][3:5] == ("–", "–")
    assert one.rows[0][-1] == "no variance"


def test_an_association_that_could_not_be_computed_is_said_to_be(fake):
    nothing = dict.fromkeys(
        (
            "slope", "slope_low", "slope_high", "p_value", "df", "correlation", "correlation_low",
            "correlation_high", "slope_standardised", "icc", "design_effect",
            "between_variance_explained", "slope_standardised_low", "slope_standardised_high",
        ),
        math.nan,
    )  # fmt: skip
    study = fake.study(primary=dataclasses.replace(fake.Association(), **nothing))
    report = build_report(study)
    assert "could not be computed" in report.headline.answer
    association = next(s for s in report.sections if s.id == "association")
    assert not association.figures
    assert association.blocks[1].text.startswith("No slope could be computed")


def test_few_workers_still_have_a_figure_without_points(fake):
    one = dataclasses.replace(fake.Association(), n_workers=15, n_service_users=100)

    class FewBins(type(one)):
        @property
        def bins(self):
            return super().bins.iloc[:0]

    study = fake.study(
        primary=FewBins(**{f.name: getattr(one, f.name) for f in dataclasses.fields(one)})
    )
    association = next(s for s in build_report(study).sections if s.id == "association")
    assert len(association.figures) == 1
    assert all(t.id != "table-groups" for t in association.tables)


def methods(report, name="methods"):
    found = next(s for s in report.sections if s.id == name)
    return " ".join(getattr(block, "text", "") for block in found.blocks)


def test_methods_name_what_was_done(sample):
    text = methods(build_report(sample))
    for words in (
        "restricted maximum likelihood",
        "Feldt's 95% interval (Feldt 1965)",
        "by Holm's method (Holm 1979) and by step-down max-T (Westfall and Young 1993)",
        "Kenward-Roger degrees of freedom",
        "Software: Python 3.",
        "relsurvey 0.1.0",
    ):
        assert words in text, words


def test_provenance_is_complete(sample):
    report = build_report(sample)
    inputs = {row[0]: row[1:] for row in table(report, "table-inputs").rows}
    assert set(inputs) == {"workers.csv", "service_users.csv", "rpq-16", "peech-sc"}
    assert {name for name, (_, digest) in inputs.items() if len(digest) == 64} == {
        "rpq-16",
        "peech-sc",
    }
    run = dict(table(report, "table-run").rows)
    assert run["Seed"] == str(sample.provenance.seed)
    assert run["Command"] == sample.provenance.command


@pytest.mark.parametrize("level", [0.05, 0.01])
def test_intervals_are_named_by_the_level_of_the_study(fake, level):
    report = build_report(fake.study(alpha=level))
    name = {0.05: "95%", 0.01: "99%"}[level]
    assert f"{name} confidence interval" in report.headline.certainty
    assert f"{name} interval" in table(report, "table-association").columns


@pytest.fixture
def adjusted(fake):
    """A study with two covariates: one of the worker, one that differs among their people."""
    asked = SimpleNamespace(id="months_known", gist="Months known", answer="text")
    users = fake.survey("service_user", fake.users_instrument(context=(asked,)), 930, 2)
    terms = ("RC", "months_known (within)", "months_known (between)", "RIA")
    primary = dataclasses.replace(
        fake.Association(), covariates=("months_known", "RIA"), model=fake.mixed(*terms)
    )
    return fake.study(service_users=users, primary=primary, secondary=(primary,))


ADJUSTED = ", adjusted for Months known and Reflective-in-action"


def test_covariates_are_named_wherever_the_slope_is(adjusted):
    report = build_report(adjusted)
    association = next(s for s in report.sections if s.id == "association")
    one = table(report, "table-association")
    rows = {row[0]: row[3] for row in one.rows}
    places = (
        report.headline.answer,
        report.headline.certainty,
        association.figures[0].title,
        association.figures[0].alt,
        one.caption,
        rows["Slope"],
        table(report, "table-secondary").rows[0][1],
    )
    for text in places:
        assert ADJUSTED in text
    assert all("months_known" not in text for text in places)
    assert rows["Slope, standardised"].endswith(", adjusted likewise")
    assert report.headline.figures[0].label.endswith(", adjusted")


def test_what_is_not_adjusted_is_said_to_be_so(adjusted, made_up):
    report = build_report(adjusted)
    association = next(s for s in report.sections if s.id == "association")
    assert report.headline.figures[1].label == "correlation across workers, not adjusted"
    rows = {row[0]: row[3] for row in table(report, "table-association").rows}
    assert "not adjusted for the covariates" in rows["Correlation across workers, r, not adjusted"]
    notes = " ".join(association.figures[0].notes)
    assert "drawn where Months known and Reflective-in-action are at their means" in notes
    assert "the diamonds are raw means" in notes
    assert "not adjusted for covariates" in methods(report)
    assert "adjusted" not in methods(build_report(made_up))


def test_the_model_is_tabulated_where_there_are_covariates(adjusted, made_up):
    report = build_report(adjusted)
    one = table(report, "table-model")
    assert one.folded
    assert [row[0] for row in one.rows] == [
        "Intercept",
        "The worker's Reflective capacity",
        "Months known, difference from the worker's mean",
        "Months known, the worker's mean",
        "Reflective-in-action",
    ]
    assert one.rows[1][1:] == ("0.21", "–", "about 110", "0.11 to 0.32", "< .001")
    assert all(t.id != "table-model" for s in build_report(made_up).sections for t in s.tables)


def test_methods_say_how_covariates_entered(adjusted):
    text = methods(build_report(adjusted))
    assert (
        "Emotional care was regressed on the worker's Reflective capacity, Months known and "
        "Reflective-in-action in a linear mixed model" in text
    )
    assert (
        "Months known differs among people with the same worker and entered as two terms: the "
        "worker's mean, and the person's difference from it (Mundlak 1978)." in text
    )


def test_no_variance_between_workers_is_said_wherever_the_test_is(fake):
    model = fake.mixed("RC", boundary=True)
    primary = dataclasses.replace(fake.Association(), model=model)
    report = build_report(fake.study(primary=primary, secondary=(primary,)))
    one = table(report, "table-association")
    for text in (
        report.headline.certainty,
        one.notes[0],
        table(report, "table-secondary").notes[-1],
        cautions(report)["No variance between workers was found"],
        methods(report),
    ):
        assert "those of ordinary regression" in text
    # 861 service users are shown; the worker counts are rounded.
    assert "with about 859 degrees of freedom" in {row[0]: row for row in one.rows}["p"][3]


@pytest.mark.parametrize(("workers", "users", "whose"), [(9, 90, "workers"), (12, 9, "service")])
def test_a_withheld_association_is_said_to_be_computed_and_withheld(fake, workers, users, whose):
    primary = dataclasses.replace(fake.Association(), n_workers=workers, n_service_users=users)
    report = build_report(fake.study(primary=primary, secondary=()))
    association = next(s for s in report.sections if s.id == "association")
    for text in (
        report.headline.answer,
        association.blocks[0].text,
        methods(report),
        cautions(report)["Few workers" if whose == "workers" else "Few service users"],
    ):
        assert "withheld" in text
        assert f"fewer than 10 {whose}" in text
    assert "Satterthwaite" not in methods(report)
    assert "Pearson" not in methods(report)


@pytest.mark.parametrize("length", [41, 300])
def test_long_titles_are_quoted_in_sentences_and_whole_in_the_caption(fake, length):
    title = ("how often workers look back " * 20)[:length].strip()
    study = fake.study()
    for scale in study.workers.instrument.scales:
        scale.title = title
    report = build_report(study)
    (quoted,) = re.findall("“(.*?)”", report.headline.answer)
    assert len(quoted) <= 60
    assert title.startswith(quoted.rstrip("…"))
    label = report.headline.figures[0].label
    assert label == "points of the outcome for each point of the worker's score"
    assert f"the worker's “{title}” (1 to 6)" in table(report, "table-association").caption
