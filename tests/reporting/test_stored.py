import dataclasses
import json
from types import SimpleNamespace

import pytest

from relsurvey import views
from relsurvey.errors import ReportError
from relsurvey.reporting.stored import StoredPicture, drawings, from_json, to_json
from relsurvey.reporting.writers.docx import as_docx
from relsurvey.reporting.writers.html import as_html


@pytest.fixture(scope="module")
def reports(made_of):
    return {audience: made_of(audience=audience) for audience in views.AUDIENCES}


def stored(reports, folder):
    for name, picture in drawings(reports).items():
        (folder / f"{name}.svg").write_text(picture.svg, encoding="utf-8")
        (folder / f"{name}.png").write_bytes(picture.png())
    return from_json(to_json(reports), folder)


def changed(reports, change):
    content = json.loads(to_json(reports))
    change(content)
    return json.dumps(content)


def without_pictures(report):
    return dataclasses.replace(
        report,
        sections=tuple(
            dataclasses.replace(
                section,
                blocks=tuple(
                    dataclasses.replace(block, picture=None)
                    if isinstance(block, views.Figure)
                    else block
                    for block in section.blocks
                ),
            )
            for section in report.sections
        ),
    )


def test_reports_come_back_as_they_were(reports, tmp_path):
    read = stored(reports, tmp_path)
    assert list(read) == list(views.AUDIENCES)
    for audience, report in read.items():
        assert without_pictures(report) == without_pictures(reports[audience])
        assert as_html(report) == as_html(reports[audience])
    assert as_docx(read["technical"]) == as_docx(reports["technical"])


def test_the_same_reports_give_the_same_text(reports):
    assert to_json(reports) == to_json(reports)


def test_awkward_text_comes_back(made_of, awkward, tmp_path):
    reports = {audience: made_of(awkward, audience=audience) for audience in views.AUDIENCES}
    read = from_json(to_json(reports), tmp_path)
    assert read["plain"].title == awkward
    assert read["plain"].sections[0].tables[0].rows[0][0] == awkward


def test_a_drawing_is_stored_once_and_two_of_one_id_apart(made_of):
    other = SimpleNamespace(svg="<svg>other</svg>", png=bytes)
    section = views.Section("made", "Made", (views.Figure("figure-made", "T", "A", other),))
    reports = {
        "technical": made_of(),
        "service": made_of(audience="service"),
        "plain": made_of(audience="plain", sections=(section,)),
    }
    assert list(drawings(reports)) == ["figure-made", "figure-made-plain"]


def test_a_link_is_given_only_where_the_figures_lie_beside(reports, tmp_path):
    (alone,) = from_json(to_json(reports), tmp_path)["technical"].sections[0].figures
    (beside,) = from_json(to_json(reports), tmp_path, linked=True)["technical"].sections[0].figures
    assert alone.picture.link is None
    assert beside.picture.link == "figures/figure-made.png"


def test_a_drawing_that_is_gone_is_named(tmp_path):
    with pytest.raises(ReportError, match=r"drawing .*gone\.png cannot be read.*\nRun the study"):
        StoredPicture(tmp_path, "gone").png()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"schema": 1}', "[" * 100_000])
def test_what_is_no_stored_report_is_refused(text, tmp_path):
    with pytest.raises(ReportError, match="Run the study again"):
        from_json(text, tmp_path)


@pytest.mark.parametrize(("key", "value"), [("schema", 99), ("relsurvey", "9.9.9")])
def test_results_of_another_version_are_refused(reports, tmp_path, key, value):
    text = changed(reports, lambda content: content.update({key: value}))
    with pytest.raises(ReportError, match=r"(?s)made with relsurvey .*Run the study again"):
        from_json(text, tmp_path)


def set_in(*keys, to):
    def change(content):
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = to

    return change


TECHNICAL = ("reports", "technical")
BLOCKS = (*TECHNICAL, "sections", 0, "blocks")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: content["reports"].pop("plain"), "lack plain"),
        (set_in("reports", to=[]), "lack technical, service, plain"),
        (lambda content: content["reports"]["plain"].pop("title"), r"keys \(title\)"),
        (set_in(*TECHNICAL, "extra", to=1), r"keys \(extra\)"),
        (set_in(*TECHNICAL, "title", to=5), "technical.title is '5'"),
        (set_in(*TECHNICAL, "date", to="soon"), "technical.date is no date"),
        (set_in(*TECHNICAL, "audience", to="plain"), "one for plain"),
        (set_in(*TECHNICAL, "audience", to="nobody"), "audience is 'nobody'"),
        (set_in(*TECHNICAL, "headline", to=None), "headline is no headline"),
        (set_in(*TECHNICAL, "sections", to="x"), "sections is 'x'"),
        (set_in(*BLOCKS, 0, "kind", to="Script"), r"blocks\[0\] is "),
        (set_in(*BLOCKS, 0, to=7), r"blocks\[0\] is '7'"),
        (set_in(*BLOCKS, 2, "rows", 0, to=["a"]), "1 of 4 columns"),
        (set_in(*BLOCKS, 2, "rows", 1, 1, "span", to="2"), "span is '2'"),
        (set_in(*BLOCKS, 2, "text_columns", to=[True]), r"text_columns\[0\] is 'True'"),
        (set_in(*BLOCKS, 3, "picture", to="../../etc/passwd"), "picture is '../../etc"),
        (set_in(*BLOCKS, 3, "picture", to=None), "picture is 'None'"),
        (set_in(*BLOCKS, 4, "points", to=[["a"]]), r"points\[0\] is"),
    ],
)
def test_what_was_changed_by_hand_is_refused_and_named(reports, tmp_path, change, said):
    with pytest.raises(ReportError, match=rf"(?s){said}.*Run the study again"):
        from_json(changed(reports, change), tmp_path)
