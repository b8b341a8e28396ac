"""A made-up study result with knobs to turn, a real one, and a reader of pages."""

from __future__ import annotations

import dataclasses
import functools
import io
import math
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from relsurvey import views
from relsurvey.association import MixedResult
from relsurvey.association.equivalence import equivalence
from relsurvey.reporting import build_report, write_report
from relsurvey.resources import shipped
from relsurvey.sensitivity import SensitivityResult
from relsurvey.sensitivity.check import Check, Version
from relsurvey.sensitivity.slope import Slope
from relsurvey.small_groups import SmallGroupRules
from relsurvey.study import run_study

AGREE = ("Not at all", "Slightly", "Somewhat", "Moderately", "Very much", "Extremely")
OFTEN = ("Never", "Sometimes", "Usually", "Always")


def scale(id_, title, items=(), scales=(), maximum=6.0, minimum=1.0, **more):
    rule = SimpleNamespace(count=3, share=None, at_least=1)
    fields = {
        "composite_of": "items" if scales else None,
        "every_scale_scored": bool(scales),
        "method": "mean",
        "pomp": False,
        "not_applicable": "excluded",
    }
    return SimpleNamespace(
        id=id_, title=title, items=tuple(items), scales=tuple(scales), minimum=minimum,
        maximum=maximum, minimum_answered=rule, **{**fields, **more},
    )  # fmt: skip


@dataclass(frozen=True)
class Instrument:
    id: str
    title: str
    short_title: str
    labels: tuple[str, ...]
    lowest: int
    scales: tuple[Any, ...]
    reversed_items: tuple[str, ...] = ()
    status: str = "published"
    version: str = "1.0.0"
    languages: tuple[str, ...] = ("en",)
    gists: dict[str, str] = field(default_factory=dict)
    not_applicable: bool = False
    context: tuple[Any, ...] = ()
    construct: str = "Something"
    adaptation: Any = None
    published: tuple[Any, ...] = ()
    bands: tuple[Any, ...] = ()

    @property
    def sources(self):
        return (
            SimpleNamespace(
                citation="Somebody A (2020). A paper. A journal 1:1.", doi="10.1/x",
                licence="It belongs to somebody.",
            ),
        )  # fmt: skip

    @property
    def response_scale(self):
        codes = [
            SimpleNamespace(value=self.lowest + i, label={"en": label})
            for i, label in enumerate(self.labels)
        ]
        return SimpleNamespace(codes=codes, not_applicable=("9",) if self.not_applicable else ())

    @property
    def item_ids(self):
        return tuple(item for one in self.scales for item in one.items)

    @property
    def items(self):
        return [
            SimpleNamespace(
                id=item,
                gist=self.gists.get(item, f"What is asked in {item}"),
                reverse=item in self.reversed_items,
                scored=True,
            )
            for item in self.item_ids
        ]

    def items_of(self, scale_id):
        one = next(one for one in self.scales if one.id == scale_id)
        return one.items or tuple(i for member in one.scales for i in self.items_of(member))


def workers_instrument(**changes):
    domains = [("RIA", "Reflective-in-action"), ("ROA", "Reflective-on-action")]
    scales = [scale(id_, title, [f"{id_}{i}" for i in range(1, 5)]) for id_, title in domains]
    scales.append(scale("RC", "Reflective capacity", scales=("RIA", "ROA")))
    return Instrument(
        "rpq-x", "Reflective practice questionnaire", "RPQ", AGREE, 1, tuple(scales), **changes
    )


def users_instrument(**changes):
    settings = {"maximum": 3.0, "minimum": 0.0, "pomp": True}
    scales = (
        scale("SEC", "Security", [f"SEC{i}" for i in range(1, 6)], **settings),
        scale("VAL", "Personal value", [f"VAL{i}" for i in range(1, 5)], **settings),
        scale("TOTAL", "Emotional care", scales=("SEC", "VAL"), **settings),
    )
    defaults = {"status": "draft", "version": "0.1.0", "reversed_items": ("SEC5",)}
    return Instrument(
        "peech-x", "Emotional care in social work", "PEECH-X", OFTEN, 0, scales,
        not_applicable=True, **{**defaults, **changes},
    )  # fmt: skip


GENERAL = ("omega_hierarchical_second_order", "omega_hierarchical_bifactor")


@dataclass(frozen=True)
class Tabled:
    frame: pd.DataFrame
    missing: str = "listwise"
    confidence: float = 0.95
    readings: tuple[Any, ...] = ()

    def to_frame(self):
        return self.frame


def responses(instrument, n, rng, *, ceiling=0.0, missing=0.02, not_applicable=0.0):
    """Draw graded answers from one trait."""
    trait = rng.normal(size=(n, 1))
    items = list(instrument.item_ids)
    cuts = np.linspace(-1.6, 1.6, len(instrument.labels) - 1) - ceiling
    latent = 0.8 * trait + 0.6 * rng.normal(size=(n, len(items)))
    codes = (latent[:, :, None] > cuts).sum(axis=2) + float(instrument.lowest)
    ends = instrument.lowest * 2 + len(instrument.labels) - 1
    turned = np.array([item in instrument.reversed_items for item in items])
    codes = np.where(turned, ends - codes, codes)
    frame = pd.DataFrame(codes, columns=items)
    reasons = pd.DataFrame(np.full((n, len(items)), None, dtype=object), columns=items)
    draw = rng.random((n, len(items)))
    reasons[draw < missing + not_applicable] = "not_applicable"
    reasons[draw < missing] = "unanswered"
    return SimpleNamespace(n=n, items=frame.where(reasons.isna()), reasons=reasons)


def scored(instrument, answers):
    """Score roughly as the real room does; the report only reads the columns."""
    ends = instrument.lowest * 2 + len(instrument.labels) - 1
    keyed = answers.items.copy()
    for item in instrument.reversed_items:
        keyed[item] = ends - keyed[item]
    scores = pd.DataFrame({"respondent_id": [f"person-{i}" for i in range(answers.n)]})
    for one in instrument.scales:
        members = keyed[list(instrument.items_of(one.id))]
        enough = members.notna().sum(axis=1) >= 3
        scores[one.id] = members.mean(axis=1).where(enough)
    return keyed, scores


def reliability_of(instrument, keyed):
    rows, items = [], []
    for one in instrument.scales:
        names = list(instrument.items_of(one.id))
        whole = keyed[names].dropna()
        k, n = len(names), len(whole)
        variance = whole.var().sum() / whole.sum(axis=1).var() if n > 1 else np.nan
        alpha = k / (k - 1) * (1 - variance)
        rows.append({
            "scale": one.id, "title": one.title, "n_items": k, "n": n, "n_total": len(keyed),
            "alpha": alpha, "alpha_low": alpha - 0.05, "alpha_high": min(alpha + 0.04, 0.99),
            "alpha_standardised": alpha + 0.003, "lambda6": alpha - 0.01,
            "mean_inter_item_r": whole.corr().to_numpy()[np.triu_indices(k, 1)].mean(), "note": "",
            "omega_total": alpha + 0.002, "ordinal_alpha": alpha + 0.02,
            "ordinal_omega": alpha + 0.01, "split_half_all_min": alpha - 0.06,
            "split_half_all_mean": alpha, "split_half_all_max": alpha + 0.03, "sem": 0.3,
            "mdc95": 0.83, **dict.fromkeys(GENERAL, np.nan),
        })  # fmt: skip
        for item in names:
            rest = whole[names].drop(columns=item).sum(axis=1)
            low, high = instrument.lowest, instrument.lowest + len(instrument.labels) - 1
            items.append({
                "scale": one.id, "item": item, "gist": f"What is asked in {item}",
                "reversed": item in instrument.reversed_items, "n": n,
                "missing_share": keyed[item].isna().mean(), "mean": whole[item].mean(),
                "sd": whole[item].std(), "item_rest_r": whole[item].corr(rest),
                "alpha_if_dropped": alpha - 0.02, "floor": (whole[item] == low).mean(),
                "ceiling": (whole[item] == high).mean(), "note": "",
            })  # fmt: skip
    return Tabled(pd.DataFrame(rows)), Tabled(pd.DataFrame(items))


def survey(role, instrument, n, seed, **drawing):
    answers = responses(instrument, n, np.random.default_rng(seed), **drawing)
    keyed, scores = scored(instrument, answers)
    reliability, items = reliability_of(instrument, keyed)
    return SimpleNamespace(
        role=role, responses=answers, instrument=instrument, scores=scores,
        reliability=reliability, items=items, n_waves=0, n_answered=n, excluded={}, rules_named=(),
        structure=None, structure_note="", quality=SimpleNamespace(missing=untested(n)),
    )  # fmt: skip


def untested(n):
    """Missing answers that Little's test can say nothing of."""
    patterns = pd.DataFrame({"n_missing": [0], "count": [n]})
    return SimpleNamespace(
        statistic=np.nan, df=0, p_value=np.nan, n_patterns=1, n=n, n_empty=0, patterns=patterns,
        note="no answer is missing: nothing to test",
    )  # fmt: skip


def mixed(*predictors, **changes):
    """Make a fitted model with these predictors."""
    table = pd.DataFrame({"term": ["(Intercept)", *predictors]}).assign(
        estimate=0.2134, std_error=0.052, df=111.4, statistic=4.1, p_value=0.00008,
        conf_low=0.1102, conf_high=0.3166,
    )  # fmt: skip
    between = 0.0 if changes.get("boundary") else 0.03
    fields = {
        "outcome": "TOTAL", "predictors": predictors, "group": "worker_id", "table": table,
        "variance": {"worker_id": between, "residual": 0.2}, "log_likelihood": -512.4,
        "deviance": 1024.8, "n_rows": 861, "n_groups": 113, "n_dropped": 9, "converged": True,
        "boundary": False, "reml": True, "df": "satterthwaite", "confidence": 0.95, "notes": (),
    }  # fmt: skip
    return MixedResult(**{**fields, **changes})


@dataclass(frozen=True)
class Association:
    outcome: str = "TOTAL"
    predictor: str = "RC"
    covariates: tuple[str, ...] = ()
    slope: float = 0.2134
    slope_low: float = 0.1102
    slope_high: float = 0.3166
    std_error: float = 0.052
    df: float = 111.4
    p_value: float = 0.00008
    slope_standardised: float = 0.24
    slope_standardised_low: float = 0.12
    slope_standardised_high: float = 0.36
    icc: float = 0.152
    team: str | None = None
    icc_team: float = float("nan")
    design_effect: float = 1.98
    between_variance_explained: float = 0.27
    correlation: float = 0.38
    correlation_low: float = 0.21
    correlation_high: float = 0.53
    correlation_p: float = 0.00004
    n_workers: int = 113
    n_service_users: int = 861
    n_dropped: int = 9
    n_teams: int | None = 12
    predictor_mean: float = 3.5
    predictor_sd: float = 0.71
    outcome_sd: float = 0.52
    confidence: float = 0.95
    model: MixedResult = field(default_factory=lambda: mixed("RC"))
    moderation: Any = None
    equivalence: Any = None
    note: str = ""
    spread: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"low": [], "high": [], "n_workers": []})
    )

    @property
    def curve(self):
        x = np.linspace(2.4, 4.7, 41)
        expected = 2.0 + self.slope * (x - 3.5)
        half = 0.05 + 0.06 * np.abs(x - 3.5)
        return pd.DataFrame(
            {"predictor": x, "expected": expected, "low": expected - half, "high": expected + half}
        )

    @property
    def bins(self):
        counts = np.full(8, 14)
        x = np.linspace(2.5, 4.6, 8)
        wobble = np.array([0.03, -0.05, 0.02, 0.04, -0.03, 0.05, -0.02, 0.01])
        return pd.DataFrame({
            "n_workers": counts, "n_service_users": counts * 7, "predictor_mean": x,
            "outcome_mean": 2.0 + self.slope * (x - 3.5) + wobble,
        })  # fmt: skip


def plan(moderator=None, **more):
    """Make what a report needs of a study file."""
    return SimpleNamespace(
        smallest_effect=0.1, primary=SimpleNamespace(moderator=moderator), **more
    )


@dataclass(frozen=True)
class Study:
    workers: Any
    service_users: Any
    linked: Any
    primary: Any
    secondary: tuple[Any, ...]
    provenance: Any
    title: str = "Reflective practice and relational care, pilot in twelve teams"
    notice: str | None = None
    question: str | None = "Do people report better care when their social worker reflects more?"
    threshold: int = 10
    alpha: float = 0.05
    plan: Any = field(default_factory=plan)
    everyone: tuple[Any, ...] = ()
    companions: Any = None
    family: Any = None
    agreement: Any = None
    agreement_note: str = ""
    sensitivity: Any = None
    curve: Any = None
    settings: Any = None
    lock: Any = None
    teams: Any = None

    @property
    def small_groups(self):
        return self.settings or SmallGroupRules(self.threshold)


def study(n_workers=140, n_users=930, linked_workers=118, linked_users=874, **changes):
    """Make a study; ``changes`` replace its fields."""
    workers = survey("worker", workers_instrument(), n_workers, 1)
    users = survey(
        "service_user", users_instrument(), n_users, 2, ceiling=0.8, not_applicable=0.03
    )  # fmt: skip
    primary = Association(
        n_workers=min(113, linked_workers), n_service_users=min(861, linked_users)
    )
    fields = {
        "workers": workers,
        "service_users": users,
        "linked": link(n_workers, n_users, linked_workers, linked_users),
        "primary": primary,
        "secondary": (
            dataclasses.replace(primary, outcome="SEC", p_value=0.031, slope=0.12),
            dataclasses.replace(primary, predictor="RIA", p_value=0.31, slope=-0.04),
        ),
        "provenance": provenance(n_workers, n_users),
    }
    return Study(**{**fields, **changes})


def users_per_worker(users):
    """Count the workers who have as many service users, as a linkage does."""
    sizes, workers = np.unique(users, return_counts=True)
    return pd.DataFrame({"n_service_users": sizes, "n_workers": workers})


def link(n_workers, n_users, linked_workers, linked_users):
    log = SimpleNamespace(
        n_workers=n_workers, n_service_users=n_users, n_workers_linked=linked_workers,
        n_service_users_linked=linked_users, users_per_worker={}, on="worker_id",
        service_users_unmatched=pd.DataFrame({"row": [], "worker_id": []}),
    )  # fmt: skip
    each, more = divmod(linked_users, linked_workers)
    log.users_per_worker["counts"] = users_per_worker(
        [each] * (linked_workers - more) + [each + 1] * more
    )
    return SimpleNamespace(log=log, on="worker_id")


def provenance(n_workers, n_users):
    return SimpleNamespace(
        inputs=(("workers.csv", "a1" * 32, n_workers), ("service_users.csv", "b2" * 32, n_users)),
        instruments=(("rpq-x", "1.0.0", "c3" * 32), ("peech-x", "0.1.0", "d4" * 32)),
        software={"Python": "3.11.2", "relsurvey": "0.1.0", "numpy": "2.4.0", "pandas": "3.0.0"},
        seed=20260101,
        command="relsurvey run study.yaml --out results",
        created="2026-01-31",
    )


@pytest.fixture(scope="session")
def fake():
    """The makers of made-up results."""
    return SimpleNamespace(
        study=study, Association=Association, mixed=mixed, survey=survey, link=link,
        users_per_worker=users_per_worker, plan=plan,
        provenance=provenance, workers_instrument=workers_instrument,
        users_instrument=users_instrument, Tabled=Tabled,
    )  # fmt: skip


@pytest.fixture(scope="session")
def made_up():
    """A made-up study of ordinary size."""
    return study()


@pytest.fixture(scope="session")
def made_up_report(made_up, tmp_path_factory):
    """The path of its report."""
    return write_report(made_up, tmp_path_factory.mktemp("made-up") / "report.html")


@pytest.fixture(scope="session")
def sample():
    """A real run of the sample study, nothing written."""
    return run_study(shipped("sample") / "study.yaml", None)


@pytest.fixture(scope="session")
def sample_report(sample, tmp_path_factory):
    """The path of its report."""
    return write_report(sample, tmp_path_factory.mktemp("sample") / "report.html")


NOTHING_DRAWN = SimpleNamespace(svg="<svg></svg>", png=lambda: b"")


@pytest.fixture
def undrawn(monkeypatch):
    """Leave the drawings out of reports, for tests of what is written in them."""
    for where in (
        "flow.flow_drawing",
        "scores.scores_drawing",
        "scores.answers_drawing",
        "reliability.reliability_drawing",
        "association.association_drawing",
        "structure.correlations_drawing",
    ):
        monkeypatch.setattr(f"relsurvey.reporting.sections.{where}", lambda *_, **__: NOTHING_DRAWN)
    for where in ("service.brief_drawing", "plain.people_drawing"):
        monkeypatch.setattr(
            f"relsurvey.reporting.audiences.{where}", lambda *_, **__: NOTHING_DRAWN
        )


OPEN = {"slope": 0.02, "slope_low": -0.08, "slope_high": 0.12, "p_value": 0.61}
NOTHING = dict.fromkeys(
    (
        "slope", "slope_low", "slope_high", "std_error", "df", "p_value", "correlation",
        "correlation_low", "correlation_high", "correlation_p", "slope_standardised",
        "slope_standardised_low", "slope_standardised_high", "icc", "design_effect",
        "between_variance_explained", "predictor_mean", "predictor_sd", "outcome_sd",
    ),
    math.nan,
)  # fmt: skip
COVARIATES = {"covariates": ("Age", "Months")}
CASES = (
    "higher", "lower", "trivial", "open", "little", "small", "few", "withheld", "none",
    "none of few", "adjusted", "edge", "unfinished", "few workers", "other methods",
    "other choices", "bend", "waves", "differs", "differs alike", "differs open",
    "differs unsure",    "differs withheld", "differs unknown",
)  # fmt: skip


def held(one, margin):
    """Hold an association against a smallest one, in standard deviations, as the real room does."""
    ratio = one.predictor_sd / one.outcome_sd
    found = equivalence(one.slope, one.std_error, one.df, margin, per_deviation=ratio)
    return dataclasses.replace(one, equivalence=found)


def moderation(low=0.1, high=0.6, below=(-0.1, 0.2), above=(0.5, 0.8), n_workers=113):
    """Say how the slope differs with a third property: interaction and two slopes."""
    ends = {"at": ["one SD below the mean", "the mean", "one SD above the mean"]}
    middle = tuple((a + b) / 2 for a, b in zip(below, above, strict=True))
    rows = [below, middle, above]
    slopes = pd.DataFrame(ends).assign(
        slope=[(a + b) / 2 for a, b in rows], conf_low=[a for a, _ in rows],
        conf_high=[b for _, b in rows],
    )  # fmt: skip
    return SimpleNamespace(
        moderator="Caseload", level="worker", interaction=(low + high) / 2, interaction_low=low,
        interaction_high=high, p_value=0.004, df=100.0, slopes=slopes, n_workers=n_workers,
        n_service_users=861, n_teams=12,
    )  # fmt: skip


def sensitivity(*checks):
    """Make the result of checks beside the primary slope."""
    return SensitivityResult(
        outcome="TOTAL", predictor="RC", group="worker_id", team=None, covariates=(),
        primary=checked(0.2134), checks=checks, n_slopes=len(checks), n_other_direction=0,
        n_other_verdict=0, sentence="", confidence=0.95, threshold=10, notes=(),
    )  # fmt: skip


def checked(estimate, half=0.1, n_workers=113.0, n_users=861.0, p=0.02):
    return Slope(estimate, half / 2, 100.0, p, estimate - half, estimate + half, n_workers, n_users)


def other_choice(n_workers=80.0, n_users=600.0):
    version = Version("at least 5", checked(-0.1, n_workers=n_workers, n_users=n_users))
    return Check("minimum of users", "Does it hang on workers with few?", (version,), "It does.")


def bend(estimate=0.3):
    version = Version("squared term", checked(estimate), "points per squared point")
    return Check("straight line", "Is the relation a straight line?", (version,), "It bends.")


def panel(primary, *disagreeing):
    return SimpleNamespace(primary=primary, disagreeing=disagreeing)


def study_of(case):
    """Make the study of a case of wording."""
    primary = Association()
    changes = {
        "lower": {"slope": -0.2134, "slope_low": -0.3166, "slope_high": -0.1102},
        "open": OPEN,
        "little": OPEN,
        "small": OPEN,
        "few": {"n_workers": 9},
        "withheld": {"n_workers": 9},
        "none": {**NOTHING, "note": "does not vary"},
        "none of few": {**NOTHING, "note": "too few", "n_workers": 3, "n_service_users": 20},
        "adjusted": COVARIATES,
        "edge": {"model": mixed("RC", boundary=True)},
        "unfinished": {"model": mixed("RC", converged=False)},
        "few workers": {"n_workers": 40},
        "differs": {"moderation": moderation()},
        "differs alike": {"moderation": moderation(below=(0.1, 0.2))},
        "differs unsure": {"moderation": moderation(below=(-0.4, 0.2), above=(-0.1, 0.5))},
        "differs open": {"moderation": moderation(low=-0.2)},
        "differs withheld": {"moderation": moderation(n_workers=9)},
    }.get(case, {})
    primary = dataclasses.replace(primary, **changes)
    # By the test against these, the slope of 0.02 is not known, too small, and too little known.
    margin = {"open": 0.13, "small": 0.2, "trivial": 0.5}.get(case, 0.1)
    if math.isfinite(primary.slope):
        primary = held(primary, margin)
    more = {
        "few": {"threshold": 5},
        "other choices": {"sensitivity": sensitivity(other_choice())},
        "bend": {"sensitivity": sensitivity(bend())},
        "other methods": {"companions": panel(primary, "Rank correlation")},
    }.get(case, {})
    planned = plan("Caseload" if case.startswith("differs") else None)
    made = study(primary=primary, plan=planned, secondary=(), **more)
    if case == "waves":
        made.service_users.n_waves = 2
    return made


@functools.cache
def report_of(case, audience):
    """Make the report of a case once for all tests, undrawn."""
    with pytest.MonkeyPatch.context() as patch:
        for where in ("service.brief_drawing", "plain.people_drawing"):
            patch.setattr(f"relsurvey.reporting.audiences.{where}", lambda *_, **__: NOTHING_DRAWN)
        return build_report(study_of(case), audience)


def texts(report):
    """All texts of a report that this package wrote, without the study's own."""
    yield from (report.headline.title, report.headline.answer, report.headline.certainty)
    yield from report.headline.limits
    for figure in report.headline.figures:
        yield from (figure.label, figure.detail)
    for notice in report.notices:
        yield from (notice.title, notice.text)
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            yield from _of_block(block)


def _of_block(block):
    yield from getattr(block, "notes", ())
    for name in ("text", "caption", "title", "alt"):
        yield getattr(block, name, "")
    yield from getattr(block, "columns", ())
    for pair in getattr(block, "points", ()):
        yield from pair
    for row in getattr(block, "rows", ()):
        yield from (getattr(cell, "text", cell) for cell in row)


@pytest.fixture
def cases():
    """Every case of wording as a study, and all texts of a report."""
    return SimpleNamespace(
        names=CASES, study_of=study_of, report=report_of, texts=texts, held=held,
        sensitivity=sensitivity, other_choice=other_choice, bend=bend, moderation=moderation,
    )  # fmt: skip


class Reader(HTMLParser):
    """Collects what a test wants to know of a page, and checks that tags are closed in order."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input", "col"})

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.ids, self.links = [], [], [], []
        self.headings, self.text, self.tables, self.faults = [], [], {}, []
        self._table = self._row = self._cell = None

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found[k] for k in ("href", "xlink:href", "src") if k in found]
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "table":
            self._table = self.tables.setdefault(found["id"], [])
        if tag == "tr":
            self._row = []
            self._table.append(self._row)
        if tag in {"th", "td"}:
            self._cell = []
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")
        if tag in {"th", "td"}:
            self._row.append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"style", "script"}:
            self.text.append(data)
        if self._cell is not None:
            self._cell.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


@pytest.fixture(scope="session")
def read_page():
    """Read a page into a ``Reader``."""

    def read(page):
        reader = Reader()
        reader.feed(page if isinstance(page, str) else page.read_text(encoding="utf-8"))
        reader.close()
        return reader

    return read


def hand_made(word="plain words", audience="technical", rows=None, **changes):
    """Make a report with every kind of block, ``word`` in every text that people can set."""
    pixels = io.BytesIO()
    Image.new("RGB", (2070, 900), "white").save(pixels, format="PNG", dpi=(300, 300))
    picture = SimpleNamespace(svg="<svg><title>a</title></svg>", png=pixels.getvalue)
    table = views.Table(
        id="table-made",
        caption=f"Caption: {word}",
        columns=("Scale", "n", f"Mean {word}", "Read"),
        rows=rows
        or (
            (word, "1,204", "−0.50", "well"),
            ("Second", views.Cell("too few to say", span=2), word),
            ("Third", "12", ".86", views.Cell("Methods", target="made")),
        ),
        notes=(f"Note: {word}",),
        text_columns=frozenset({0, 3}),
    )
    figure = views.Figure(
        "figure-made", f"Figure: {word}", f"It shows {word}", picture, (f"Read it: {word}",)
    )
    blocks = (
        views.Paragraph(word),
        views.Subheading(f"Below: {word}"),
        table,
        figure,
        views.Bullets(((word, f"point {word}"),)),
        views.References((f"Somebody A (2020). {word}. A journal 1:1.",)),
    )
    headline = views.Headline(
        title="The answer in brief",
        answer=f"Answer: {word}",
        certainty=f"Sure: {word}",
        limits=(f"Limit: {word}",),
        figures=(views.KeyFigure("0.24", f"label {word}", f"detail {word}"),),
    )
    fields = {
        "title": word,
        "question": f"Question: {word}",
        "date": "2026-01-31",
        "audience": audience,
        "notices": (views.Notice(f"Notice {word}", word),),
        "headline": headline,
        "sections": (views.Section("made", f"Section: {word}", blocks),),
        "maker": "relsurvey 0.1.0",
    }
    return views.Report(**{**fields, **changes})


AWKWARD = {
    "markup": "<script>alert(1)</script> &amp; <b>",
    "formula": "=cmd|'/c calc'!A1",
    "plus": "+1+1",
    "at": "@SUM(A1)",
    "latex": r"\input{/etc/passwd} $x$ 50% #1 a_b ^ ~ {",
    "pipes": "a | b `code` [link](x) *bold* _it_ ![i](y) $m$",
    "heading": "# Heading",
    "number": "1. first",
    "emoji": "well 😀👍🏽 done",
    "arabic": "مرحبا بالعالم",
    "hebrew": "שלום (1) עולם",
    "control": "a\ufffeb",
    "long": "wide word " * 1000,
    "unbroken": "x" * 10_000,
}


@pytest.fixture(params=AWKWARD, scope="session")
def awkward(request):
    """A text that a format could take for something else than text."""
    return AWKWARD[request.param].strip()


@pytest.fixture(scope="session")
def made_of():
    """The maker of reports by hand."""
    return hand_made
