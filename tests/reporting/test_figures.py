import re

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from relsurvey.reporting import plot_association, plot_reliability
from relsurvey.reporting.figures.association import group_means, shown_curve
from relsurvey.reporting.figures.drawing import as_picture
from relsurvey.reporting.figures.style import blank, ink_on, shades, styled
from relsurvey.reporting.plain import plain, shortened, wrapped


def drawn(name="a", alt="words", label="text"):
    with styled():
        figure = blank()
        axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        axes.plot([0, 1], [0, 1], label=label)
        axes.set_title(label)
        return as_picture(figure, name, alt).svg


def test_the_same_figure_is_the_same_text():
    assert drawn() == drawn()


def test_ids_do_not_clash_between_figures():
    ids = [set(re.findall(r'\bid="([^"]+)"', drawn(name))) for name in ("one", "two")]
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])
    for name in ("one", "two"):
        for used in re.findall(r"(?:href=\"#|url\(#)([^\")]+)", drawn(name)):
            assert used.startswith(name)


def test_a_drawing_has_its_words_and_nothing_from_outside():
    svg = drawn(alt='A "line" <up>')
    assert 'role="img"' in svg
    assert '<title id="a-words">A &quot;line&quot; &lt;up&gt;</title>' in svg
    assert "<metadata" not in svg
    assert "<!--" not in svg
    assert not re.search(r'(href|src)="(?!#)', svg)


@pytest.mark.parametrize("label", ["$a_1", "<script>", "漢字 \U0001f600", "a\nb", "\\frac{1}", "%"])
def test_any_label_can_be_drawn(label):
    svg = drawn(label=label)
    assert "<script" not in svg


def test_nobody_elses_settings_are_changed():
    before = dict(mpl.rcParams)
    drawn()
    assert dict(mpl.rcParams) == before


def test_nobody_elses_settings_change_the_drawing():
    usual = drawn()
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "none", "axes.facecolor": "red"}):
        assert drawn() == usual


@pytest.mark.parametrize("role", ["worker", "service_user"])
def test_answers_are_told_apart_in_grey(role):
    grey = [np.dot(to_rgb(colour), (0.299, 0.587, 0.114)) for colour in shades(role, 6)]
    assert np.all(np.diff(grey) < -0.04)


@pytest.mark.parametrize("role", ["worker", "service_user"])
def test_numbers_on_bars_can_be_read(role):
    def luminance(colour):
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
        ]
        return np.dot(linear, (0.2126, 0.7152, 0.0722))

    for colour in [colour for count in range(2, 12) for colour in shades(role, count)]:
        light, dark = sorted((luminance(colour), luminance(ink_on(colour))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def bins(*counts):
    return pd.DataFrame({
        "n_workers": counts,
        "n_service_users": [7 * n for n in counts],
        "predictor_mean": np.arange(len(counts), dtype=float),
        "outcome_mean": np.arange(len(counts), dtype=float) / 2,
    })  # fmt: skip


def test_points_stand_for_enough_workers():
    points = group_means(bins(4, 4, 4, 10, 3), 10)
    assert list(points["n_workers"]) == [12, 13]
    assert points["n_service_users"].sum() == 7 * 25
    assert points["predictor_mean"].iloc[0] == pytest.approx(1.0)
    assert points["outcome_mean"].iloc[1] == pytest.approx((10 * 1.5 + 3 * 2.0) / 13)


def test_no_point_where_all_workers_are_few():
    assert len(group_means(bins(4, 5), 10)) == 0
    assert len(group_means(bins(), 10)) == 0


def test_the_line_does_not_reach_to_a_single_worker(made_up):
    points = group_means(made_up.primary.bins, 10)
    curve = shown_curve(made_up.primary, points)
    ends = points["predictor_mean"].iloc[[0, -1]].to_numpy()
    assert curve["predictor"].iloc[[0, -1]].to_numpy() == pytest.approx(ends, abs=0.005)
    without = shown_curve(made_up.primary, points.iloc[:0])
    assert without["predictor"].iloc[0] == pytest.approx(3.5 - 0.71)


def test_plots_take_an_axes_or_make_one(made_up):
    for plot, result in (
        (plot_association, made_up.primary),
        (plot_reliability, made_up.workers.reliability),
    ):
        own = plot(result)
        assert isinstance(own, Axes)
        given = blank().add_subplot()
        assert plot(result, given) is given
        assert len(given.lines) > 0


@pytest.mark.parametrize(("confidence", "name"), [(0.95, "95%"), (0.8, "80%"), (0.999, "99.9%")])
def test_the_band_is_named_by_the_confidence_of_the_result(fake, confidence, name):
    one = fake.Association(confidence=confidence)
    labels = [text.get_text() for text in plot_association(one).get_legend().get_texts()]
    assert labels == [
        f"{name} interval",
        "fitted line",
        "mean of a group of workers (area: service users)",
    ]


def test_the_legend_tells_the_adjusted_line_from_raw_means(fake):
    one = fake.Association(covariates=("age",))
    labels = [text.get_text() for text in plot_association(one).get_legend().get_texts()]
    assert labels[1:] == ["adjusted line", "raw mean of a group of workers (area: service users)"]


def test_a_scale_without_alpha_is_a_row_without_a_point(made_up, fake):
    frame = made_up.workers.reliability.to_frame().copy()
    frame.loc[1, ["alpha", "alpha_low", "alpha_high"]] = np.nan
    axes = plot_reliability(fake.Tabled(frame))
    assert len(axes.get_yticks()) == 3
    assert {round(line.get_ydata()[0]) for line in axes.lines[1:]} == {0, 2}


def test_text_is_made_fit_for_drawing():
    assert plain("a\tb\x00\x1b\n c\ud800") == "a b c?"
    assert shortened("a" * 50, 10) == "a" * 9 + "…"
    assert wrapped("", 10, 2) == ""
    assert max(map(len, wrapped("x" * 500, 20, 2).split("\n"))) <= 20


def test_results_draw_themselves_as_the_report_does(sample):
    axes = sample.primary.plot()
    assert axes.figure.axes
    below = sample.workers.reliability.plot()
    assert len(below.get_yticklabels()) == len(sample.workers.instrument.scales)
    assert sample.workers.reliability.plot(axes) is axes
