"""Words and figures of the technical report that follow from what a study has, and no more."""

import dataclasses
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from relsurvey.reporting import build_report
from relsurvey.reporting.figures.people import PeopleRow, people_drawing
from relsurvey.reporting.figures.shared import Point, draw_forest
from relsurvey.reporting.figures.spread import plot_spread
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.material import gathered
from relsurvey.reporting.numbered import numbered
from relsurvey.reporting.sections.background import background_section
from relsurvey.reporting.sections.cautions import cautions_section
from relsurvey.reporting.sections.checklist_items import ITEMS
from relsurvey.reporting.writers import FORMATS
from relsurvey.reporting.writers.html import as_html
from relsurvey.views import Figure, Section

pytestmark = pytest.mark.usefixtures("undrawn")


def words(section):
    return " ".join(
        part
        for block in section.blocks
        for part in (getattr(block, "text", ""), *sum(getattr(block, "points", ()), ()))
    )


def item(name, asked):
    return next(one for one in ITEMS if one.name == name and asked in one.asked)


def test_waves_are_named_and_not_called_one_point_in_time(fake):
    study = fake.study()
    study.service_users.n_waves = 2
    material = gathered(study)
    design, cautions = words(background_section(material)), words(cautions_section(material))
    assert "the service users in 2 waves" in design
    assert "Cross-sectional" not in design
    assert "Waves read as one" in cautions
    assert "answered once" not in cautions
    assert "pools the waves" in item("COSMIN: over time", "").otherwise(material)


def test_without_waves_surveys_were_answered_once(made_up):
    material = gathered(made_up)
    assert "Cross-sectional" in words(background_section(material))
    assert "answered once" in words(cautions_section(material))
    assert "answered once" in item("COSMIN: over time", "").otherwise(material)


@pytest.mark.parametrize(("teams", "said"), [(1, "All workers are in one team"), (12, "no level")])
def test_one_team_is_not_workers_who_share_teams(fake, teams, said):
    study = fake.study(primary=fake.Association(n_teams=teams))
    text = words(cautions_section(gathered(study)))
    assert said in text
    assert ("no level" in text) == (teams > 1)


def test_the_checklist_says_who_is_not_described(fake):
    study = fake.study()
    lacks = item("STROBE 14a", "").lacks
    assert lacks(gathered(study)) == ""
    question = SimpleNamespace(
        id="sex", answer="choice", gist="Sex", codes=[SimpleNamespace(value=1, label={"en": "a"})]
    )
    users = study.service_users
    users.instrument = dataclasses.replace(users.instrument, context=(question,))
    users.responses.context = pd.DataFrame({"sex": ["1"] * users.responses.n})
    said = lacks(gathered(study))
    assert said.startswith("Of the service users only: RPQ names no context question")


def test_tables_have_numbers_and_the_checklist_points_to_them(made_up):
    sections = build_report(made_up).sections
    captions = [one.caption for section in sections for one in section.tables]
    assert [int(re.match(r"Table (\d+)\. ", one)[1]) for one in captions] == list(
        range(1, len(captions) + 1)
    )
    checklist = next(one for one in sections if one.id == "checklist").tables[0]
    told = [row[3] for row in checklist.rows if row[3].startswith("Table ")]
    assert told
    assert all(any(one[:20] == caption[:20] for caption in captions) for one in told)


def test_word_and_latex_keep_the_number_once(made_of):
    report = made_of()
    report = dataclasses.replace(report, sections=numbered(report.sections))
    tex = FORMATS["latex"].write(report)[""].decode()
    assert r"\caption{Caption: plain words}" in tex
    import io

    import docx

    document = docx.Document(io.BytesIO(FORMATS["docx"].write(report)[""]))
    captions = [one for one in document.paragraphs if "Caption: plain words" in one.text]
    assert len(captions) == 1
    assert captions[0].text.count("Table") == 1
    assert r"SEQ Table \* ARABIC \r 1" in captions[0]._p.xml


TURNS = "\u202eevil\u202c \u2066x\u2069"


@pytest.mark.parametrize("audience", ["technical", "service", "plain"])
def test_signs_that_turn_the_direction_are_in_no_format(fake, audience):
    workers = fake.workers_instrument(gists={"RIA1": TURNS})
    scales = tuple(
        SimpleNamespace(**{**vars(one), "title": f"{one.title} {TURNS}"}) for one in workers.scales
    )
    study = fake.study(title=TURNS, question=TURNS, notice=TURNS)
    study.workers.instrument = dataclasses.replace(
        study.workers.instrument, scales=scales, gists=workers.gists, title=TURNS
    )
    report = build_report(study, audience)
    # Such signs are written as escapes by repr; what is in no view is in no format.
    assert not re.search(r"\\u(?:202[a-e]|206[6-9])", repr(report))
    assert "evil" in repr(report)
    for name in ("html", "markdown", "latex", "csv"):
        for data in FORMATS[name].write(report).values() if FORMATS[name].fits(report) else ():
            assert not re.search("[\u202a-\u202e\u2066-\u2069]", data.decode()), name


def test_bars_end_where_the_scale_ends():
    result = SimpleNamespace(
        outcome="TOTAL",
        spread=pd.DataFrame(
            {"low": [1.0, 2.0, 2.4], "high": [2.0, 2.4, 3.3], "n_workers": [20, 40, 20]}
        ),
        null_model=SimpleNamespace(
            variance={"worker_id": 0.2, "residual": 0.3}, table=pd.DataFrame({"estimate": [2.2]})
        ),
    )
    axes = plot_spread(result, outcome=ScoreLabel("Emotional care", 0.0, 3.0))
    bars = axes.patches
    assert max(bar.get_x() + bar.get_width() for bar in bars) == pytest.approx(3.0)
    assert sum(bar.get_width() * bar.get_height() for bar in bars) == pytest.approx(1.0)
    assert max(line.get_xdata().max() for line in axes.lines[:1]) <= 3.0
    free = plot_spread(result)
    assert max(bar.get_x() + bar.get_width() for bar in free.patches) == pytest.approx(3.3)


def test_long_names_of_rows_stand_on_two_lines_and_are_whole():
    name = "VAL4: What is asked of how somebody felt valued"
    points = [Point(name, 0.5, 0.4, 0.6), Point("Short", 0.3, 0.2, 0.4)]
    axes = draw_forest(points, label="Loading")
    texts = [one.get_text() for one in axes.texts]
    assert name in [one.replace("\n", " ") for one in texts]
    assert not any("…" in one for one in texts)


def test_narrow_drawings_are_shown_whole_on_a_phone(made_of):
    drawing = people_drawing([PeopleRow("Care", 8, "about 8 in 10")], "figure-p", "Alt")
    report = made_of()
    figure = Figure("figure-p", "People", "Alt", drawing)
    page = as_html(dataclasses.replace(report, sections=(Section("a", "A", (figure,)),)))
    assert 'class="card narrow"' in page
    assert 'class="card"' in as_html(report)


def test_without_teams_no_check_of_teams_is_told(fake):
    from relsurvey.reporting.sections.sensitivity import _not_run_table
    from relsurvey.sensitivity.check import not_run

    found = SimpleNamespace(checks=(
        not_run("one team left out", "Does it hang on one team?", "needs the column of the team"),
        not_run("ceiling", "Many at the top?", "needs the top of the scale (--highest, highest=)"),
    ))  # fmt: skip
    rows = {}
    for teams in (None, 12):
        material = gathered(fake.study(primary=fake.Association(n_teams=teams)))
        rows[teams] = next(_not_run_table(material, found)).rows
    assert len(rows[None]) == 1
    assert len(rows[12]) == 2
    assert rows[None][0][1] == "Needs to be asked for"
    assert np.all([not re.search("--|=", cell) for row in rows[12] for cell in row])
