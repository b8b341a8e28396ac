"""Somebody tries once more what has been tried: each way that told something must tell nothing."""

import dataclasses
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from relsurvey.agreement import scale_agreement
from relsurvey.instruments import load_instrument
from relsurvey.psychometrics.structure import compare_models
from relsurvey.quality.missing import McarResult
from relsurvey.reporting import build_report
from relsurvey.reporting.build import build_reports
from relsurvey.reporting.disclosure import Disclosure, uncounted
from relsurvey.reporting.figures.association import association_drawing
from relsurvey.reporting.figures.structure import loading_points
from relsurvey.reporting.labels import ScoreLabel
from relsurvey.reporting.lights import lights_table
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.agreement import agreement_section
from relsurvey.reporting.sections.association import association_section
from relsurvey.reporting.sections.characteristics import characteristics_section
from relsurvey.reporting.sections.flow import flow_section
from relsurvey.reporting.sections.missing import missing_section
from relsurvey.reporting.sections.sensitivity import sensitivity_section
from relsurvey.reporting.sections.structure import structure_section
from relsurvey.reporting.sections.teams import teams_section
from relsurvey.reporting.stored import to_json
from relsurvey.reporting.withheld import with_log
from relsurvey.sensitivity import SensitivityResult, linked_against_unlinked
from relsurvey.sensitivity.slope import Slope
from relsurvey.small_groups import PRESETS, SmallGroupRules

SLOPE = Slope(
    estimate=0.2, std_error=0.05, df=100.0, p_value=0.04, conf_low=0.1, conf_high=0.3,
    n_workers=113.0, n_service_users=861.0,
)  # fmt: skip


def tables(section):
    return {one.id: one for one in section.tables}


def users_of(*sizes, linked=30):
    """Thirty linked workers with eight service users each, and others with so many."""
    names = np.repeat([f"W{i}" for i in range(linked)], 8).tolist()
    for place, size in enumerate(sizes):
        names += [f"unlinked {place}"] * size
    values = np.random.default_rng(3).normal(2.0, 0.4, len(names))
    return pd.DataFrame({"worker_id": names, "TOTAL": values})


def compared(users):
    linked = users[~users["worker_id"].fillna("unlinked").str.startswith("unlinked")]
    return linked_against_unlinked(
        users, linked, ["TOTAL"], who="service users", on="worker_id", threshold=10
    )


@pytest.mark.parametrize("sizes", [(12,), (12,) * 9, (100, *[1] * 12), (60, 60, *[1] * 10)])
def test_the_mean_of_one_unlinked_worker_cannot_be_had_from_linked_against_unlinked(fake, sizes):
    check = compared(users_of(*sizes))
    assert np.isnan(check.versions[0].found.estimate)
    found = SensitivityResult(
        outcome="TOTAL", predictor="RC", group="worker_id", team=None, covariates=(),
        primary=SLOPE, checks=(check,), n_slopes=0, n_other_direction=0, n_other_verdict=0,
        sentence="", confidence=0.95, threshold=10, notes=(),
    )  # fmt: skip
    material = gathered(fake.study(sensitivity=found))
    section = sensitivity_section(material)
    (row,) = tables(section)["table-sensitivity-other"].rows
    assert row[2:] == ("withheld: one side is of too few workers", "–")
    report = dataclasses.replace(build_report(fake.study(), "plain"), sections=(section,))
    log = with_log(report, material).withheld
    assert any(one.why == "it would tell of one or a few workers" for one in log)


def test_who_names_no_worker_does_not_count_for_one():
    nobody = pd.DataFrame({"worker_id": [None] * 50, "TOTAL": np.linspace(0, 3, 50)})
    users = pd.concat([users_of(12), nobody], ignore_index=True)
    assert np.isnan(compared(users).versions[0].found.estimate)
    assert np.isfinite(compared(users_of(*[4] * 12)).versions[0].found.estimate)


SEX = SimpleNamespace(
    id="sex", gist="Sex", answer="choice",
    codes=tuple(
        SimpleNamespace(value=value, label={"en": label})
        for value, label in enumerate(("Woman", "Man"), 1)
    ),
)  # fmt: skip


def with_context(fake, *unlinked, settings=None):
    """A study of which these service users are not linked; each says of which sex."""
    named = users_of(*unlinked)["worker_id"]
    n, linked = len(named), 240
    made = fake.study(n_users=n, linked_users=linked, linked_workers=30, n_workers=60)
    survey = made.service_users
    survey.scores = survey.scores.assign(worker_id=named.to_numpy())
    context = pd.DataFrame({"sex": np.resize(["Woman", "Man", "Woman", "", "Man"], n)})
    survey.responses = SimpleNamespace(**vars(survey.responses), context=context)
    survey.instrument = dataclasses.replace(survey.instrument, context=(SEX,))
    rows = pd.DataFrame({"respondent_id": survey.scores["respondent_id"], "RC": 1.0, "TOTAL": 2.0})
    made.linked.frame = rows.head(linked)
    primary = dataclasses.replace(made.primary, n_workers=30, n_service_users=linked)
    return dataclasses.replace(made, primary=primary, settings=settings)


def test_those_not_in_the_analysis_are_told_of_only_where_they_are_of_many_workers(fake):
    for unlinked, columns in (((12,), 2), ((4,) * 12, 3)):
        section = characteristics_section(gathered(with_context(fake, *unlinked)))
        assert len(tables(section)["table-characteristics-service-user"].columns) == columns


def sizes_of_marks(svg):
    """Return the areas of the diamonds of a drawing as shares of the largest."""
    part = svg[svg.find("PathCollection_1") :]
    shapes = re.findall(r' d="([^"]+)"', part[: part.find("</g>")])
    corners = [np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", one), dtype=float) for one in shapes]
    areas = np.array([np.prod(np.ptp(one, axis=0)) for one in corners if len(one) == 4])
    return areas / areas.max()


def test_diamonds_are_as_large_as_the_numbers_of_the_table(fake):
    """Exact areas told each group's number of service users, and so the exact number in all."""
    exact = [97, 103, 88, 112, 91, 109, 101, 94]
    shares = []
    for users in (exact, [96, 104, 89, 111, 90, 110, 99, 93]):
        bins = fake.Association().bins.assign(n_service_users=users)
        one = SimpleNamespace(**{
            name: getattr(fake.Association(), name)
            for name in ("curve", "covariates", "confidence", "predictor_mean", "predictor_sd")
        })  # fmt: skip
        rules = gathered(dataclasses.replace(fake.study(), settings=PRESETS["opensafely"])).rules
        shown = [rules.shown(count, "service_user") for count in users]
        points = bins.assign(n_service_users=shown)
        label = ScoreLabel("score")
        drawing = association_drawing(one, points, (label, label), "figure-association", "words")
        areas = sizes_of_marks(drawing.svg)
        assert areas == pytest.approx(np.array(shown) / max(shown), abs=0.01)
        shares.append(areas)
    assert np.array_equal(*shares)


def test_the_report_draws_the_numbers_that_it_tabulates(fake, monkeypatch):
    drawn = []
    where = "relsurvey.reporting.sections.association.association_drawing"
    monkeypatch.setattr(where, lambda _, points, *more: drawn.append(points))
    study = dataclasses.replace(fake.study(), settings=PRESETS["opensafely"])
    rows = tables(association_section(gathered(study)))["table-groups"].rows
    for column, place in (("n_workers", 1), ("n_service_users", 2)):
        assert [str(count) for count in drawn[0][column]] == [row[place] for row in rows[:-1]]
        assert sum(drawn[0][column]) == int(rows[-1][place])


@pytest.fixture(scope="module")
def models():
    """Factor models of the answers of 57 people: all who answered everything."""
    rng = np.random.default_rng(2)
    instrument = load_instrument("rpq-16")
    domains = {scale.id: list(scale.items) for scale in instrument.scales if scale.items}
    common, data = rng.normal(size=57), pd.DataFrame(index=range(57))
    for items in domains.values():
        trait = 0.7 * common + rng.normal(size=57)
        raw = 3.5 + trait[:, None] + 0.8 * rng.normal(size=(57, len(items)))
        data[items] = np.clip(np.round(raw), 1, 6)
    return compare_models(data, models={"domains": domains})


def test_loadings_have_intervals_of_the_number_shown_and_are_drawn_as_printed(fake, models):
    study = fake.study(n_workers=60, linked_workers=58)
    study.workers.structure = models
    study = dataclasses.replace(study, settings=PRESETS["opensafely"])
    section = structure_section(gathered(study))
    shown = tables(section)["table-loadings-worker"].rows
    fit = next(iter(models.fits.values()))
    points = loading_points(fit.loadings, wider=np.sqrt(57 / 55))
    exact = fit.loadings.to_dict("records")
    for row, point, true in zip(shown, points, exact, strict=True):
        assert row[3] == f"{point.low:.2f} to {point.high:.2f}".replace("0.", ".")
        # Whoever solves for the number of people finds the one that is shown.
        half = 1.959963984540054 * true["standardised_std_error"]
        assert (point.high - point.low) / 2 == pytest.approx(half * np.sqrt(57 / 55), abs=0.011)
        assert {round(value, 2) for value in (point.low, point.high)} == {point.low, point.high}
    figure = next(one for one in section.figures if one.id == "figure-loadings-worker")
    printed = [end for point in points for end in (point.low, point.high)]
    assert off_the_line(drawn_ends(figure.picture.svg, len(points)), printed) < 2e-4
    assert "rounded number of people" in " ".join(figure.notes)


def drawn_ends(svg, count):
    """Return where the first level lines of a drawing begin and end."""
    lines = re.findall(r'<path d="M ([\d.]+) ([\d.]+) \nL ([\d.]+) ([\d.]+) \n?"', svg)
    return [float(x) for a, b, c, d in lines if b == d for x in (a, c)][: 2 * count]


def off_the_line(places, values):
    """Return how far places on a drawing are, at most, from standing for these values."""
    assert len(places) == len(values)
    line = np.polyfit(places, values, 1)
    return np.abs(np.polyval(line, places) - values).max()


def agreement_of(n_workers, seed=5):
    random = np.random.default_rng(seed)
    items, worker = load_instrument("peech-sc").item_ids, np.repeat(np.arange(n_workers), 6)
    raw = 1.5 + 0.5 * random.normal(size=n_workers)[worker, None]
    raw = raw + random.normal(size=(len(worker), len(items)))
    data = pd.DataFrame(np.clip(np.round(raw), 0, 3), columns=items).assign(worker_id=worker)
    return scale_agreement(data, instrument="peech-sc")


@pytest.mark.parametrize("n_workers", [13, 21])
def test_agreement_within_workers_is_the_mean_of_all_and_nothing_more(fake, n_workers):
    """A median was one worker's own value; means of both halves told if the number is odd."""
    found = agreement_of(n_workers)
    within = tables(agreement_section(gathered(fake.study(agreement=found))))[
        "table-agreement-within"
    ]
    assert within.columns == ("Scale", "Mean", "Means reliable to .50")
    for row, scale in zip(within.rows, found.results, strict=True):
        own = found.results[scale].groups["rwg_j"].dropna()
        assert len(own) == n_workers
        assert float(row[1]) == pytest.approx(own.mean(), abs=0.005)


@pytest.mark.parametrize("preset", ["opensafely", "ons10", "nhs7"])
def test_agreement_is_the_same_whatever_the_exact_numbers_are(fake, preset):
    """From ICC(1), ICC(2), design effect and answers needed the number of workers followed."""
    found = agreement_of(31)
    first = found.to_frame()
    shown = set()
    for workers, users, more in ((28, 183, 0.0), (30, 185, 0.002), (32, 187, -0.002)):
        icc1 = first["icc1"].round(2) + more
        mean = users / workers
        table = first.assign(
            n=users, n_groups=workers, mean_size=mean, icc1=icc1, p_value=0.001,
            icc2=mean * icc1 / (1 + (mean - 1) * icc1),
            needed_70=np.ceil(7 / 3 * (1 - icc1) / icc1),
        )  # fmt: skip
        one = dataclasses.replace(found, table=table)
        study = fake.study(agreement=one, settings=PRESETS[preset])
        section = agreement_section(gathered(study))
        texts = [getattr(block, "text", "") for block in section.blocks]
        drawn = [(figure.alt, figure.picture.svg) for figure in section.figures]
        shown.add(repr((texts, drawn, tables(section)["table-agreement"])))
    assert len(shown) == 1
    row = tables(section)["table-agreement"].rows[0]
    printed = float(row[1])
    assert float(row[6]) == pytest.approx(1 + (185 / 30 - 1) * printed, abs=0.051)
    assert int(row[7]) == np.ceil(7 / 3 * (1 - printed) / printed)


def test_agreement_is_drawn_as_it_is_printed(fake):
    """From both exact coefficients the exact mean number of service users a worker followed."""
    section = agreement_section(gathered(fake.study(agreement=agreement_of(31))))
    rows = tables(section)["table-agreement"].rows
    svg = next(one for one in section.figures if one.id == "figure-agreement").picture.svg
    marks = re.findall(r'<use xlink:href="#[^"]*m[0-9a-f]{10}" x="([\d.]+)" y="([\d.]+)"', svg)
    printed = [float(row[place]) for place in (1, 4) for row in rows]
    bottom = max(float(y) for _, y in marks)
    drawn = [float(x) for x, y in marks if float(y) < bottom]
    assert off_the_line(drawn, printed) < 2e-4


def mcar(n_complete, n_patterns):
    missing, count = [0, *[1] * n_patterns], [n_complete, *[1] * n_patterns]
    return SimpleNamespace(
        statistic=270.1, df=n_patterns * 22, p_value=0.31, n_patterns=n_patterns + 1,
        n=n_complete + n_patterns, n_empty=0, note="",
        patterns=pd.DataFrame({"n_missing": missing, "count": count}),
    )  # fmt: skip


@pytest.mark.parametrize("preset", ["", "opensafely"])
def test_littles_test_does_not_tell_how_many_left_something_open(fake, preset):
    """Degrees of freedom of 12 times 22 are those of twelve people, each with one gap."""
    study = fake.study()
    study.workers.quality.missing = mcar(128, 12)
    settings = PRESETS.get(preset) or SmallGroupRules()
    words = words_of(missing_section(gathered(dataclasses.replace(study, settings=settings))))
    assert "p = .31" in words
    assert "264" not in words
    assert "degrees of freedom" not in words


def words_of(section):
    return " ".join(getattr(block, "text", "") for block in section.blocks)


@pytest.mark.usefixtures("undrawn")
def test_hashes_of_the_answers_are_not_in_what_may_be_sent(fake):
    """Of a small file, somebody could try what the one answer is that he does not know."""
    study = fake.study()
    text = to_json(build_reports(study))
    digests = [digest for _, digest, _ in study.provenance.inputs]
    assert len(digests) == 2
    assert not any(digest[:12] in text for digest in digests)
    assert study.provenance.instruments[0][2] in text


SECRET = 4817
PLANTED = (
    f"{SECRET} complete rows are too few for 16 items: there is no fit",
    f"{SECRET} rows for 38 parameters: no omega",
    f"3 of {SECRET:,} rows with an item left unanswered were not used",
    f"only {SECRET} workers have a score",
    f"there are fewer rows ({SECRET}) than parameters (6,000)",
    f"{SECRET} service users of 12 workers",
)


@pytest.mark.usefixtures("undrawn")
def test_no_note_of_a_result_brings_a_number_of_people_into_a_report(fake, models):
    assert all(uncounted(note) != note for note in PLANTED)
    note = "; ".join(PLANTED)
    study = fake.study(agreement_note=note)
    for one in (study.workers, study.service_users):
        one.structure_note = note
        one.reliability.frame["note"] = note
        one.items.frame["note"] = note
        one.excluded = {"straight lining": 0}
        one.rules_named = (
            {"rule": "straight lining", "looks_at": "x", "threshold": 1.0, "source": "x",
             "judged": False, "note": note},
        )  # fmt: skip
    study.workers.structure = dataclasses.replace(
        models, table=models.table.assign(note=note), notes=(note,)
    )
    model = fake.mixed("RC", notes=(note,))
    primary = dataclasses.replace(study.primary, model=model, note=note)
    text = to_json(build_reports(dataclasses.replace(study, primary=primary)))
    assert not re.search(r"4,?817", text)


def test_models_that_were_not_fitted_are_not_said_to_be(fake, models):
    study = fake.study()
    table = models.table.assign(note="13 complete rows are too few for 16 items")
    study.workers.structure = dataclasses.replace(models, table=table, fits={}, best="")
    section = structure_section(gathered(study))
    assert "The factor model could not be fitted to the answers of workers" in words_of(section)
    assert "13 complete" not in " ".join(tables(section)["table-models-worker"].notes)


def few_workers(fake, n_workers, preset):
    made = fake.study(
        n_workers=n_workers, n_users=6 * n_workers, linked_workers=n_workers - 2,
        linked_users=6 * n_workers - 12, settings=PRESETS[preset],
    )  # fmt: skip
    counts = {"n_workers": n_workers - 2, "n_service_users": 6 * n_workers - 12}
    return dataclasses.replace(made, primary=dataclasses.replace(made.primary, **counts))


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("n_workers", [15, 25])
def test_fifteen_workers_get_a_report_whatever_the_preset(fake, n_workers, preset):
    """Where zeros are withheld, all answers to a question stand together in one bar."""
    reports = build_reports(few_workers(fake, n_workers, preset))
    assert set(reports) == {"technical", "service", "plain"}
    answers = next(
        t for s in reports["technical"].sections for t in s.tables if t.id == "table-answers-worker"
    )
    assert all(row[1].text for row in answers.rows)
    assert any(row[1].span == 6 and row[1].text == "100%" for row in answers.rows) or (
        n_workers == 25 or preset == "sail5"
    )


def test_few_who_are_linked_do_not_silence_the_many_who_name_a_worker(fake):
    """Three workers could be linked; 870 service users name eighty others."""
    study = fake.study(n_users=900, linked_workers=3, linked_users=27)
    names = np.repeat([f"W{i}" for i in range(80)], 10)
    study.linked.log.service_users_unmatched = pd.DataFrame({"worker_id": names})
    material = gathered(study)
    assert not material.service_users.withheld
    assert material.few_linked
    study.linked.log.service_users_unmatched = pd.DataFrame({"worker_id": [*names, *["W1"] * 2000]})
    assert "most of the service users who name a worker" in dominated_reason(study)
    study.linked.log.service_users_unmatched = pd.DataFrame({"worker_id": ["W1"] * 9})
    assert "the service users name fewer than 10 workers" in dominated_reason(study)


def dominated_reason(study):
    return gathered(study).service_users.withheld


def shown(text):
    return int(re.match(r"[\d,]+", text)[0].replace(",", ""))


@pytest.mark.parametrize("preset", ["ons10", "opensafely", "nhs7"])
@pytest.mark.parametrize("unlinked", [(4,) * 13, (3, 4) * 9])
def test_totals_are_the_sums_of_what_stands_below_them(fake, preset, unlinked):
    study = with_context(fake, *unlinked, settings=PRESETS[preset])
    rows = tables(characteristics_section(gathered(study)))
    rows = {row[0]: row[1:] for row in rows["table-characteristics-service-user"].rows}
    assert "All" not in rows
    for place in range(2):
        parts = [rows[f"Sex: {name}"][place] for name in ("Woman", "Man", "No answer")]
        assert shown(rows["Sex: all"][place]) == sum(shown(text) for text in parts)


@pytest.mark.parametrize("preset", ["ons10", "opensafely", "nhs7"])
@pytest.mark.parametrize("gone", [{}, {"a": 14, "b": 22}, {"a": 12, "b": 13, "c": 14}])
def test_the_steps_of_the_flow_add_up(fake, preset, gone):
    study = fake.study(linked_workers=118, linked_users=841, settings=PRESETS[preset])
    users = study.service_users
    users.n_answered, users.excluded = users.responses.n + sum(gone.values()), gone
    primary = dataclasses.replace(study.primary, n_service_users=813)
    study = dataclasses.replace(study, primary=primary)
    rows = {row[0]: row[2] for row in tables(flow_section(gathered(study)))["table-flow"].rows}
    left = [shown(rows["Left out by rules on their answers"])] if gone else []
    assert sum([*left, shown(rows["Not linked"]), shown(rows["Linked"])]) == shown(rows["Answered"])
    apart = rows["Linked, but left out of the main analysis"]
    assert shown(apart) + shown(rows["In the main analysis"]) == shown(rows["Linked"])
    assert not gone or left[0] == sum(5 * round(n / 5) for n in gone.values())


@pytest.mark.parametrize("preset", ["opensafely", "ons10", "nhs7"])
@pytest.mark.parametrize(("linked", "used"), [(105, 95), (105, 105), (110, 100), (80, 80)])
def test_the_flow_is_the_same_whatever_the_exact_numbers_are(
    fake, monkeypatch, preset, linked, used
):
    """Of 115 and 105, "fewer than 8" not linked were 6 or 7."""
    where = "relsurvey.reporting.sections.flow.flow_drawing"
    monkeypatch.setattr(where, lambda steps, last, *_: repr((steps, last)))
    study = fake.study(settings=PRESETS[preset])
    rules, shown = gathered(study).rules, set()
    for answered in range(113, 118):
        for moved in range(-2, 3):
            numbers = answered, linked + moved, min(used - moved, linked + moved)
            if numbers[2] == numbers[1] and PRESETS[preset].zeros == "shown":
                continue  # that it is nobody may be told there
            shown.add(flow_of(study, rules, *numbers))
    assert len(shown) == 1
    assert "'fewer than 8'" not in shown.pop()


def flow_of(study, rules, answered, linked, used):
    """Return all that the flow of workers tells."""
    log = SimpleNamespace(n_workers_linked=linked, n_service_users_linked=800)
    study.workers.n_answered = study.workers.responses.n = answered
    told = SimpleNamespace(
        workers=study.workers, service_users=study.service_users,
        primary=dataclasses.replace(study.primary, n_workers=used, n_service_users=780),
        linked=SimpleNamespace(log=log),
    )  # fmt: skip
    section = flow_section(SimpleNamespace(study=told, rules=rules, tells=lambda _: True))
    names = ("text", "picture", "rows")
    return repr([getattr(block, name, "") for block in section.blocks for name in names])


def test_littles_test_of_too_few_people_can_be_stored():
    """Fifteen people who all left the same open: no distance is known of their pattern."""
    patterns = pd.DataFrame({"n_missing": [1], "count": [15], "distance": [np.nan]})
    fields = dict.fromkeys(("statistic", "df", "p_value", "n_patterns", "n", "n_empty"), 0)
    found = McarResult(**fields, patterns=patterns, note="nothing to test")
    assert found.to_dict()["patterns"] == [{"n_missing": 1, "count": 15, "distance": None}]


@pytest.mark.parametrize("preset", ["", *PRESETS])
def test_counts_of_staff_are_rounded_as_all_others(fake, preset):
    """43 members of staff were told of exactly, beside rounded numbers of everybody else."""
    teams = staff_of(43)
    settings = PRESETS.get(preset) or SmallGroupRules()
    exact = settings.round_to is None and settings.zeros == "shown"
    told = gathered(fake.study(teams=teams, settings=settings))
    assert told.rules.spoken(43, "staff") == ("43" if exact else "about 45")
    assert words_of(teams_section(told)).startswith(
        "43 members of staff in 12 teams" if exact
        else "About 45 members of staff in about 10 teams"
    )  # fmt: skip
    # Where a few of them left something open, the whole would give them away.
    teams.scales["n_staff"] = 40
    some = gathered(fake.study(teams=teams, settings=settings)).rules
    assert some.rounds("staff")


def staff_of(n):
    sword, random = load_instrument("sword"), np.random.default_rng(4)
    items = pd.DataFrame(
        np.tile(np.arange(n) % 6 + 1.0, (len(sword.item_ids), 1)).T, columns=list(sword.item_ids)
    )
    scales = pd.DataFrame({
        "scale": [scale.id for scale in sword.scales], "n_staff": n, "mean": 4.0, "sd": 1.0,
        "n_teams": 12, "icc2": 0.7, "rwg": 0.8, "note": "",
    })  # fmt: skip
    team = random.permutation(np.arange(n) % 12).astype(str)
    return SimpleNamespace(
        instrument=sword, responses=SimpleNamespace(n=n, items=items), scales=scales, fewest=3,
        scores=pd.DataFrame({"team": team}), n_teams=12, n_workers_without=0,
        columns={}, scale_of=lambda _: None,
    )  # fmt: skip


def test_traffic_lights_are_in_steps_that_do_not_tell_how_many_answered():
    """Whole percents of exact counts left one number of answers of those rounded alike."""
    for people, step in ((43, 5), (64, 5), (20, 10)):
        rules = Disclosure(5, frozenset({"staff"}))
        rows = lights_table(staff_of(people), rules, "members of staff", "table-lights").rows
        shares = {int(cell.rstrip("%")) for row in rows for cell in row[1:]}
        assert shares
        assert all(share % step == 0 for share in shares)
    exact = lights_table(staff_of(43), Disclosure(5), "members of staff", "table-lights").rows
    assert exact[0][1:] == ("35%", "33%", "33%")
