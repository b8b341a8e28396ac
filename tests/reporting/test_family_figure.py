"""The forest of a family of tests: what is drawn, and that nothing overlaps."""

import io
import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from relsurvey.association.family import associate_family
from relsurvey.reporting.figures.family import plot_family

SCALES = ["Security", "Knowing of the person", "Personal value", "Connection"]
DOMAINS = ["Reflection in action", "Reflection on action", "Desire for improvement", "Doubt"]


@pytest.fixture(scope="module")
def family():
    random = np.random.default_rng(4)
    worker = np.repeat(np.arange(50), random.integers(2, 7, 50))
    shared = random.normal(size=50)
    frame = {"worker_id": worker}
    for name in DOMAINS:
        frame[name] = (0.6 * shared + 0.8 * random.normal(size=50))[worker]
    for name in SCALES:
        frame[name] = 0.4 * shared[worker] + random.normal(size=len(worker))
    data = pd.DataFrame(frame).assign(Connection=1.0)
    data.loc[data["worker_id"] > 3, "Personal value"] = np.nan
    return associate_family(
        data, SCALES, DOMAINS, group="worker_id", primary=("Security", "Doubt"),
        smallest_effect=0.1, permutations=99, seed=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def axes(family):
    drawn = plot_family(family)
    FigureCanvasAgg(drawn.figure).draw()
    return drawn


def test_every_fitted_pair_is_a_point_at_its_slope(family, axes):
    points = [line for line in axes.lines if line.get_marker() in ("o", "D")]
    fitted = family.table[family.table["p_value"].notna()]
    assert sorted(line.get_xdata()[0] for line in points) == pytest.approx(
        sorted(fitted["standardised"])
    )
    diamonds = [line for line in points if line.get_marker() == "D"]
    primary = family.table[family.table["primary"]]
    assert [line.get_xdata()[0] for line in diamonds] == pytest.approx(
        primary["standardised"].tolist()
    )
    filled = [line for line in points if line.get_markerfacecolor() != "white"]
    others = family.table.query("not primary")
    assert len(filled) == 1 + int((others[["holm", "max_t"]] < 0.05).all(axis=1).sum())


def test_zero_the_margin_and_pairs_without_a_fit_are_there(family, axes):
    assert any(list(line.get_xdata()) == [0.0, 0.0] for line in axes.lines)
    band = axes.patches[0].get_window_extent().transformed(axes.transData.inverted())
    assert (band.x0, band.x1) == pytest.approx((-0.1, 0.1))
    words = [text.get_text() for text in axes.texts]
    assert words.count("cannot be fitted") == int(family.table["p_value"].isna().sum()) == 4
    assert set(DOMAINS) <= set(words)


def test_wide_intervals_end_in_an_arrow_and_the_rest_can_be_read(family, axes):
    low, high = axes.get_xlim()
    assert -2.0 < low < 0 < high < 2.0
    ends = family.table[["standardised_low", "standardised_high"]].abs().max(axis=1)
    assert (ends > high).any()
    assert any(line.get_marker() in ("<", ">") for line in axes.lines)
    for line in axes.lines:
        assert all(math.isfinite(x) for x in line.get_xdata())


def test_labels_do_not_overlap_and_stay_on_the_page(axes):
    figure = axes.figure
    boxes = [label.get_window_extent() for label in axes.get_yticklabels()]
    boxes += [text.get_window_extent() for text in axes.texts if text.get_text() in DOMAINS]
    page = figure.bbox
    for place, box in enumerate(boxes):
        assert box.x0 >= page.x0
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])
    legend = axes.get_legend().get_window_extent()
    assert legend.y1 <= page.y1
    assert legend.x0 >= page.x0
    assert not any(box.overlaps(legend) for box in boxes)


def test_it_draws_on_axes_given_and_without_a_margin(family):
    from dataclasses import replace

    from matplotlib.figure import Figure

    plain = replace(family, smallest_effect=None, primary=None)
    given = Figure().add_axes((0.3, 0.2, 0.6, 0.6))
    assert plot_family(plain, given) is given
    stream = io.BytesIO()
    given.figure.savefig(stream)
    assert stream.tell() > 1_000
    assert len(given.get_legend().get_texts()) == 2


def test_the_same_pair_with_other_covariates_has_its_own_row(family):
    from dataclasses import replace

    table = family.table.iloc[[0, 0, 1]].assign(covariates=["", "age", ""], primary=False)
    drawn = plot_family(replace(family, table=table, primary=None))
    labels = [label.get_text() for label in drawn.get_yticklabels()]
    assert labels == ["Security", "Security, given age", "Knowing of the person"]
    assert sum(line.get_marker() == "o" for line in drawn.lines) == 3
