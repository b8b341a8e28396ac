"""Every public result has a table, a text and a card; a new one without a maker here fails."""

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.resources import shipped
from relsurvey.results import Result
from relsurvey.study.plan import TeamSurvey, load_plan
from relsurvey.study.teams import team_scores
from relsurvey.study.verify import Checked
from relsurvey.views import Table

PUBLIC = sorted(
    name
    for name in rs.__all__
    if isinstance(found := getattr(rs, name), type) and issubclass(found, Result)
)


def collected(thing, found, seen):
    """Put every result inside a thing under the name of its class, the first of each."""
    if id(thing) in seen:
        return found
    seen.add(id(thing))
    if isinstance(thing, Result):
        found.setdefault(type(thing).__name__, thing)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        parts = [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    elif isinstance(thing, dict):
        parts = list(thing.values())
    else:
        parts = list(thing) if isinstance(thing, list | tuple) else []
    for part in parts:
        collected(part, found, seen)
    return found


def people():
    """Answers of 240 people to six questions, who belong to 40 workers and two forms."""
    rng = np.random.default_rng(7)
    worker = np.repeat(np.arange(40), 6)
    trait = 0.6 * rng.normal(size=40)[worker] + rng.normal(size=240)
    answers = pd.DataFrame({
        f"q{i}": np.digitize(trait + rng.normal(size=240), [-1.5, -0.5, 0.5, 1.5]) for i in range(6)
    })  # fmt: skip
    return answers.assign(
        worker_id=[f"w{number:02d}" for number in worker],
        form=np.where(rng.random(240) < 0.5, "easy read", "standard"),
        reflection=rng.normal(size=40)[worker],
        experience=trait,
        wave=np.tile([1, 2], 120),
    )


def on_scales(answers):
    items = [f"q{i}" for i in range(6)]
    only = answers[items]
    return [
        rs.sampling_adequacy(only),
        rs.efa(only, 1),
        rs.parallel_analysis(only, seed=1, n_draws=20),
        rs.minimum_average_partial(only),
        rs.invariance(answers, {"trust": items}, group="form"),
        rs.differential_functioning(answers, by="form", scales={"s": items}),
        rs.reliability_by_level(answers, group="worker_id", scales={"s": items}),
    ]


def on_models(answers):
    smaller, larger = (
        rs.fit_mixed(answers, "experience", terms, "worker_id") for terms in (None, "reflection")
    )
    asked = {"group": "worker_id", "seed": 1}
    return [
        rs.compare_mixed(smaller, larger),
        rs.r_squared(larger),
        rs.residual_summary(larger, answers),
        rs.fit_cluster_ols(answers, "experience", ["reflection"], "worker_id"),
        rs.change(answers, "experience", group="worker_id"),
        rs.measurement_error(answers, "experience", "reflection", reliability=0.8, draws=20,
                             remeasurements=20, **asked),
        rs.smallest_detectable(answers, "experience", "reflection", group="worker_id"),
        rs.power(correlation=0.4, users_per_worker=8, icc=0.12, power=0.8),
        rs.power_curve(n_workers=[40, 80], users_per_worker=[5], correlation=0.5, icc=0.12),
    ]  # fmt: skip


def on_missing(answers):
    holes = answers[["worker_id", "reflection", "experience"]].copy()
    holes.loc[::7, "experience"] = np.nan
    imputed = rs.impute(
        holes, ["experience", "reflection"], group="worker_id", n_imputations=20, seed=1
    )
    return [
        imputed,
        rs.associate_imputed(imputed, "experience", "reflection"),
        rs.delta_adjustment(holes, "experience", "reflection", group="worker_id", seed=1,
                            deltas=[-1, 1]),
    ]  # fmt: skip


def on_teams(sample, answers, study):
    """What staff say of their teams, a slope that differs with it, and what holds a study fast."""
    plan = load_plan(study)
    survey = TeamSurvey(file="staff.csv", instrument="sword", team="team")
    items = rs.load_instrument("sword").item_ids
    rng = np.random.default_rng(3)
    staff = pd.DataFrame(rng.integers(1, 7, (140, len(items))), columns=list(items))
    staff.assign(team=np.repeat([f"T{k:02d}" for k in range(1, 15)], 10)).to_csv(
        study.parent / "staff.csv", index=False
    )
    workers = sample.workers
    others = (workers.instrument, sample.service_users.instrument)
    said = rs.read_responses(study.parent / "staff.csv", "sword", team="team")
    return [
        team_scores(plan, survey, said, workers.responses, others),
        rs.associate(
            answers, "experience", "reflection", moderator="q0", group="worker_id"
        ).moderation,
        rs.lock_study(study),
        rs.Verification(study.parent, (Checked("input", "workers.csv", "same"),), False, ()),
    ]


@pytest.fixture(scope="module")
def results(sample, copy_sample, tmp_path_factory):
    found = collected(sample, {}, set())
    answers = people()
    study = copy_sample(tmp_path_factory.mktemp("locked"))
    more = [*on_teams(sample, answers, study), *on_scales(answers), *on_models(answers),
            *on_missing(answers),
            rs.draft_columns(shipped("sample") / "workers.csv", "rpq-16"),
            found["QualityResult"].exclude(["longstring"]),
            rs.readability("peech-sc", locale="en-GB"), rs.compare_instruments("rpq-40", "rpq-16"),
            ]  # fmt: skip
    return collected(more, found, set())


def test_every_public_result_can_be_looked_at(results):
    """And those inside them; all in one test, since the study behind them is run once for it."""
    missing = sorted(set(PUBLIC) - set(results))
    assert missing == [], "Make one of each in this file: nobody looks at their views."
    assert len(results) > len(PUBLIC)
    faults = {}
    for name, result in results.items():
        try:
            looked_at(result)
        except Exception as error:
            faults[name] = repr(error)
    assert faults == {}


def looked_at(result):
    table = result.to_table()
    assert isinstance(table, Table)
    assert table.columns
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert all(isinstance(cell, str) and cell for row in table.rows for cell in row)
    assert not any(cell in {"nan", "None", "NaT", "<NA>"} for row in table.rows for cell in row)
    short, long = result.to_text("short"), result.to_text("long")
    assert "\n" not in short
    assert 10 < len(short) <= 1_200
    assert long == result.summary()
    shown = result._repr_html_()
    assert shown.count("<table") == shown.count("<details") == 1
    assert not re.search(r"<script|\son\w+=|\bid=|https?://[^<]*\"|url\(", shown)
    assert len(shown) < 60_000
    assert shown == result._repr_html_()


SAID = re.compile(r"\d|holds? |hold as|of the same|dropped|found|Nothing in it")


def test_short_texts_are_sentences_that_say_what_was_found(results):
    faults = {}
    for name, result in results.items():
        short = result.to_text("short")
        if not (short.endswith(".") and SAID.search(short) and "; Groups" not in short):
            faults[name] = short
    assert faults == {}
    for name in ("ItemResult", "ReliabilityResult", "ScalesAgreement", "StructureResult"):
        assert results[name].to_text("short") not in results[name].to_text("long")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CfaResult", r"CFI \d\.\d{3}, RMSEA \d\.\d{3}, SRMR \d\.\d{3}\.$"),
        ("EfaResult", r"^1 factor of 6 items, from 240 of 240 rows: RMSEA "),
        ("LinkLog", r"^872 of 900 service users were linked to 113 of 120 workers\.$"),
        ("Linked", r"^872 of 900 service users were linked"),
        ("QualityResult", r"^A rule of quality points to the answers of \d+ of 120 respondents; "),
        ("Readability", r"the median is \d+\.\d, the highest \d+\.\d\.$"),
        ("MixedResult", r"slopes with 95% intervals: RC 0\.\d+ \("),
        ("LevelsResult", r"^Cronbach's alpha is 0\.\d\d within worker_id and "),
        ("DifferentialResult", r"^\d+ of 6 items that could be tested "),
        ("StudyResult", r"^Sample study: .*one point more on RC went with"),
    ],
)
def test_short_texts_give_the_figure_that_counts(results, name, said):
    assert re.search(said, results[name].to_text("short")), results[name].to_text("short")


def test_cards_name_no_worker_where_frames_do(results):
    """What may be aggregated is shown by coefficient and scale, never by worker."""
    for name in ("AggregationResult", "ScalesAgreement"):
        result = results[name]
        rows = result.group_rows() if name == "ScalesAgreement" else result.to_frame()
        told = result._repr_html_() + json.dumps(result.to_table().rows)
        assert not any(str(worker) in told for worker in rows.iloc[:, 0])
