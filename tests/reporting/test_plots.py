"""Every result draws itself, on axes of its own or on those given, and leaves settings alone."""

import importlib
import pkgutil

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

import relsurvey
import relsurvey.reporting as room
from relsurvey.adaptation.panels import ContentValidity
from relsurvey.adaptation.reading_ages import Readability
from relsurvey.association.companions.bayes_factor import bayes_factor
from relsurvey.association.companions.cumulative_logit import cumulative_logit
from relsurvey.association.companions.disattenuated import disattenuate
from relsurvey.association.companions.ranks import worker_correlations
from relsurvey.association.companions.top_box import top_box
from relsurvey.association.models.influence import leave_one_out
from relsurvey.association.prepared import prepare
from relsurvey.association.resampling.bootstrap import bootstrap_slope
from relsurvey.association.resampling.parametric import parametric_bootstrap
from relsurvey.association.resampling.permutation import permutation_test
from relsurvey.moments.group_rows import group_sums
from relsurvey.reporting.figures.shared import Point, draw_bars, draw_forest, draw_heat
from relsurvey.reporting.figures.style import blank
from relsurvey.resources import shipped
from relsurvey.results import Drawn, Read, Result

NOTHING_TO_DRAW = {
    "PersonalData": "places and kinds of what looks personal; a picture of them is of no use",
    "Lock": "a plan as it was written: keys and values",
    "Exported": "the names of the files that were written",
}

RANDOM = np.random.default_rng(7)
WORKERS, EACH = 40, 6
LEVEL = RANDOM.normal(size=WORKERS)
ITEMS = [f"q{i}" for i in range(1, 7)]


def everything():
    """Import every module of the package, and return all classes of results."""
    for module in pkgutil.walk_packages(relsurvey.__path__, "relsurvey."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, new = set(), [Result]
    while new:
        new = [one for base in new for one in base.__subclasses__() if one not in found]
        found |= set(new)
    return {one.__name__: one for one in found - {Read, Drawn}}


def test_every_result_has_a_plot_but_for_those_named_here():
    classes = {
        name: one for name, one in everything().items() if one.__module__.startswith("relsurvey.")
    }
    assert len(NOTHING_TO_DRAW) <= 3
    assert set(NOTHING_TO_DRAW) <= set(classes)
    without = {name for name, one in classes.items() if not issubclass(one, Drawn)}
    assert without == set(NOTHING_TO_DRAW)
    for name in set(classes) - without:
        assert callable(getattr(room, classes[name]._figure)), name
        assert classes[name]._figure in room.__all__


def rows():
    worker = np.repeat(np.arange(WORKERS), EACH)
    score = RANDOM.normal(size=WORKERS)
    answers = np.clip(np.round(2.5 + 0.4 * score[worker] + RANDOM.normal(size=len(worker))), 0, 5)
    table = pd.DataFrame({"worker_id": worker, "x": score[worker], "y": answers})
    trait = RANDOM.normal(size=(len(worker), 1))
    for item in ITEMS:
        noise = RANDOM.normal(size=len(worker))
        table[item] = np.clip(np.round(2.5 + trait[:, 0] + 0.7 * noise), 0, 5)
    return table.assign(kind=np.where(RANDOM.random(len(worker)) < 0.5, "a", "b"))


@pytest.fixture(scope="module")
def table():
    return rows()


@pytest.fixture(scope="module")
def sums(table):
    return group_sums(table, ["x", "y"], "worker_id", each_within=True)


@pytest.fixture(scope="module")
def gaps(table):
    return table.assign(y=table["y"].mask(RANDOM.random(len(table)) < 0.15))


def model(table):
    return relsurvey.fit_mixed(table, "y", ["x"], "worker_id")


MODELS = {
    "MixedResult": lambda t, s: model(t),
    "OlsResult": lambda t, s: relsurvey.fit_cluster_ols(t, "y", ["x"], "worker_id"),
    "RSquared": lambda t, s: relsurvey.r_squared(model(t)),
    "ResidualSummary": lambda t, s: relsurvey.residual_summary(model(t), t, highest=5),
    "ModelComparison": lambda t, s: relsurvey.compare_mixed(
        *(relsurvey.fit_mixed(t, "y", x, "worker_id") for x in (None, "x"))
    ),
    "LeaveOneOut": lambda t, s: leave_one_out(s, "y", ("x",), focus="x"),
    "BootstrapResult": lambda t, s: bootstrap_slope(s, "y", ("x",), "x", replicates=200, seed=1),
    "ParametricResult": lambda t, s: parametric_bootstrap(
        s, "y", ("x",), "x", replicates=99, seed=1
    ),
    "PermutationResult": lambda t, s: permutation_test(
        s, "y", ("x",), "x", permutations=199, seed=1
    ),
    "Disattenuated": lambda t, s: disattenuate(s, "x", "y", reliability=0.8),
    "BayesFactor": lambda t, s: bayes_factor(s, "x", "y"),
    "WorkerCorrelations": lambda t, s: worker_correlations(s, "x", "y"),
    "CumulativeLogit": lambda t, s: cumulative_logit(prepare(t, "y", "x", group="worker_id")),
    "TopBox": lambda t, s: top_box(prepare(t, "y", "x", group="worker_id"), best=4),
    "Equivalence": lambda t, s: relsurvey.equivalence(0.1, 0.05, 40.0, 0.3),
    "DetectableResult": lambda t, s: relsurvey.smallest_detectable(t, "y", "x", group="worker_id"),
}  # fmt: skip

SCALES = {"one": ITEMS[:3], "two": ITEMS[3:]}
ITEM_RESULTS = {
    "CfaResult": lambda t: relsurvey.fit_cfa(t, SCALES),
    "StructureResult": lambda t: relsurvey.compare_models(
        t[ITEMS], models={"all": {"all": ITEMS}, "two": SCALES}
    ),
    "InvarianceResult": lambda t: relsurvey.invariance(t, SCALES, group="kind"),
    "EfaResult": lambda t: relsurvey.efa(t[ITEMS], 2),
    "ParallelResult": lambda t: relsurvey.parallel_analysis(t[ITEMS], n_draws=20, seed=1),
    "PartialsResult": lambda t: relsurvey.minimum_average_partial(t[ITEMS]),
    "AdequacyResult": lambda t: relsurvey.sampling_adequacy(t[ITEMS]),
    "ItemResult": lambda t: relsurvey.item_analysis(t, scales=SCALES),
    "LevelsResult": lambda t: relsurvey.reliability_by_level(t, group="worker_id", scales=SCALES),
    "DifferentialResult": lambda t: relsurvey.differential_functioning(
        t, by="kind", scales=SCALES
    ),
}  # fmt: skip


def readability():
    table = pd.DataFrame({"kind": "item", "item": ["a", "b"], "locale": "en"})
    return Readability("x 1.0", table.assign(reading_age=[8.5, 13.2]), ())


def content_validity():
    table = pd.DataFrame({"group": "all", "item": ["a", "b"], "i_cvi": [1.0, np.nan], "bar": 0.78})
    return ContentValidity("x 1.0", table, pd.DataFrame(), (3, 4))


FEW_MODELS = {
    "Imputed": lambda gaps: relsurvey.impute(
        gaps, ["y", "x"], group="worker_id", n_imputations=3, seed=1
    ),
    "ImputedAssociation": lambda gaps: relsurvey.associate_imputed(
        relsurvey.impute(gaps, ["y", "x"], group="worker_id", n_imputations=3, seed=1), "y", "x"
    ),
    "DeltaResult": lambda gaps: relsurvey.delta_adjustment(
        gaps, "y", "x", group="worker_id", n_imputations=3, seed=1
    ),
    "McarResult": lambda gaps: relsurvey.little_mcar(gaps, scales={"s": ["y", "q1", "q2"]}),
    "Readability": lambda gaps: readability(),
    "ContentValidity": lambda gaps: content_validity(),
    "Comparison": lambda gaps: relsurvey.compare_instruments("rpq-40", "rpq-16"),
    "SimulatedStudy": lambda gaps: relsurvey.simulate_study(
        n_workers=20, n_teams=4, n_service_users=60, seed=1
    ),
    "ColumnDraft": lambda gaps: relsurvey.draft_columns(
        shipped("sample") / "workers.csv", "rpq-16"
    ),
}  # fmt: skip


def holds(result):
    """Draw it twice, on its own axes and on given ones, and make pixels of the first."""
    before = dict(mpl.rcParams)
    axes = result.plot()
    assert isinstance(axes, Axes)
    figure = axes.get_figure(root=True)
    FigureCanvasAgg(figure).draw()
    given = blank().add_subplot()
    again = result.plot(given)
    assert again is given or again in given.child_axes
    assert dict(mpl.rcParams) == before
    return axes


@pytest.mark.parametrize("name", MODELS)
def test_what_models_find_can_be_drawn(name, table, sums):
    result = MODELS[name](table, sums)
    assert type(result).__name__ == name
    holds(result)


@pytest.mark.parametrize("name", ITEM_RESULTS)
def test_what_is_found_of_items_can_be_drawn(name, table):
    result = ITEM_RESULTS[name](table)
    assert type(result).__name__ == name
    holds(result)


@pytest.mark.parametrize("name", FEW_MODELS)
def test_what_is_made_of_data_and_texts_can_be_drawn(name, gaps):
    result = FEW_MODELS[name](gaps)
    assert type(result).__name__ == name
    holds(result)


def test_all_of_a_real_study_can_be_drawn(sample):
    users = sample.service_users
    for result in (
        sample, sample.linked, sample.linked.log, users.responses, users.responses.log,
        users.items, users.quality,
        users.structure, sample.agreement, sample.sensitivity, sample.companions, sample.family,
        sample.curve,
    ):  # fmt: skip
        holds(result)
    left_out = relsurvey.check_quality(users.responses, exclude=["mostly_missing"]).exclusion
    assert holds(left_out).patches


def test_what_error_costs_can_be_drawn(table):
    found = relsurvey.measurement_error(
        table, "y", "x", reliability=0.8, group="worker_id", remeasurements=20, seed=1
    )
    holds(found)
    assert [bar.get_width() for bar in holds(found.budget).patches] == pytest.approx(
        found.budget.table["correlation"].tolist()
    )


def words_of(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_no_bar_of_users_stands_for_few_workers(sample):
    axes = sample.linked.plot()
    lengths = [bar.get_width() for bar in axes.patches]
    assert sum(lengths) == sample.linked.log.n_workers_linked
    assert min(lengths) >= 10
    names = [one for one in words_of(axes) if "or more" in one or "up to" in one]
    assert len(names) == 2
    most = sample.linked.log.users_per_worker["maximum"]
    assert not any(str(int(most)) in one.split() for one in names)


def test_a_forest_has_each_estimate_at_its_place_and_tells_them_apart_by_shape():
    points = [
        Point("planned", 0.2, 0.1, 0.3, "main"),
        Point("other", -0.1, -0.2, 0.05),
        Point("turned", 0.0, look="hollow"),
        Point("lost", float("nan")),
    ]
    axes = draw_forest(points, label="slope", margin=0.1)
    marks = {line.get_marker(): line for line in axes.lines if line.get_marker() in "Dos"}
    assert {shape: line.get_xdata()[0] for shape, line in marks.items()} == {
        "D": 0.2, "o": -0.1, "s": 0.0,
    }  # fmt: skip
    assert "not known" in words_of(axes)
    spans = axes.collections[0].get_segments()
    assert [list(span[:, 0]) for span in spans] == [[0.1, 0.3], [-0.2, 0.05]]
    low, high = axes.get_xlim()
    assert low <= -0.2
    assert high >= 0.3


def test_bars_and_cells_have_the_numbers():
    axes = draw_bars(["a", "b"], [1.0, float("nan")], label="n", mark=0.5, texts=["1", ""])
    assert [bar.get_width() for bar in axes.patches] == [1.0, 0.0]
    cells = np.array([[0.5, -0.31], [np.nan, 1.0]])
    assert words_of(draw_heat(cells, ["a", "b"], ["c", "d"])) == [
        ".50", "−.31", "1.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "label", ["x" * 10_000, "مرحبا بالعالم", "\U0001f600 <b>$x_1$", "a\nb\x00"]
)
def test_any_label_can_stand_beside_a_row(label):
    for axes in (
        draw_forest([Point(label, 0.1, group=label)], label=label),
        draw_bars([label], [1.0], label=label, groups=[label]),
        draw_heat(np.array([[0.4]]), [label], [label], label=label),
    ):
        figure = axes.get_figure(root=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.warn", lambda *_, **__: None)
            FigureCanvasAgg(figure).draw()
        assert figure.get_size_inches()[0] < 8
