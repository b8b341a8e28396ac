"""The whole report, for every reader, of a study whose association could not be computed."""

import pytest

from relsurvey.reporting.build import build_reports
from relsurvey.reporting.writers.html import as_html


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("case", ["none", "none of few"])
def test_every_reader_is_told_and_gets_the_rest(cases, case):
    found = build_reports(cases.study_of(case))
    for report in found.values():
        text = " ".join(cases.texts(report))
        assert "nan" not in text.split()
        assert "withheld: it rests" not in text
        assert "It was computed" not in text
    headline = found["technical"].headline
    assert "could not be computed" in headline.answer
    assert "could not be computed" in found["service"].headline.answer
    assert "could not work out" in found["plain"].headline.answer
    names = {section.id for section in found["technical"].sections}
    assert {"association", "reliability", "scores", "methods", "cautions"} <= names


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("case", ["none", "none of few"])
def test_no_section_claims_a_model_or_its_test(cases, case):
    report = build_reports(cases.study_of(case), ["technical"])["technical"]
    by_id = {section.id: section for section in report.sections}
    association = by_id["association"]
    assert not association.figures
    assert not [one for one in association.tables if one.id != "table-secondary"]
    text = " ".join(cases.texts(report))
    for claim in (
        "did not converge",
        "Satterthwaite degrees",
        "and is withheld",
        "found is withheld",
        "was tested with",
    ):
        assert claim not in text, claim


@pytest.mark.usefixtures("undrawn")
def test_no_association_is_not_said_where_none_was_computed(cases):
    report = build_reports(cases.study_of("none of few"), ["technical"])["technical"]
    (section,) = [one for one in report.sections if one.id == "cautions"]
    assert "association not computed" in section.blocks[0].text
    assert "Association not computed" in dict(section.blocks[1].points)
    assert "no association" not in section.blocks[0].text.lower()


@pytest.mark.usefixtures("undrawn")
def test_the_page_of_each_reader_can_be_written(cases):
    for report in build_reports(cases.study_of("none of few")).values():
        page = as_html(report)
        assert "could not" in page
        assert "fewer than 10" in page


def test_the_counts_of_few_people_are_not_told(cases):
    for audience in ("service", "plain"):
        text = " ".join(cases.texts(cases.report("none of few", audience)))
        assert " 3 workers" not in text
        assert "20 service users" not in text
