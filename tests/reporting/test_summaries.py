import numpy as np
import pytest

from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.sections.scores import answer_parts
from relsurvey.reporting.summaries import ItemAnswers, answers_of, bars_of, scores_of

RULES = Disclosure(10)


def test_scores_are_described(made_up):
    for summary in scores_of(made_up.service_users):
        column = made_up.service_users.scores[summary.scale.id]
        assert summary.n == column.notna().sum()
        assert summary.n_total == len(column)
        assert summary.mean == pytest.approx(column.mean())
        assert summary.sd == pytest.approx(column.std())
        assert summary.pomp == pytest.approx(column.mean() / 3 * 100)
        assert summary.ceiling == (column == 3).sum()
        assert summary.floor == (column == 0).sum()


def test_percent_of_maximum_only_where_asked_for(made_up):
    assert all(np.isnan(summary.pomp) for summary in scores_of(made_up.workers))


def test_answers_add_up_to_all_respondents(made_up):
    for answers in answers_of(made_up.service_users):
        assert answers.asked == made_up.service_users.responses.n
        column = made_up.service_users.responses.items[answers.id]
        assert answers.answered == column.notna().sum()
        assert answers.not_applicable > 0
    assert [a.id for a in answers_of(made_up.service_users) if a.reverse] == ["SEC5"]


def test_bars_hold_everybody_and_never_few(made_up):
    for survey, codes in ((made_up.workers, range(1, 7)), (made_up.service_users, range(4))):
        for summary in scores_of(survey):
            bars = bars_of(summary, list(codes), Disclosure(10), survey.role)
            counts = np.histogram(summary.values, bars.edges)[0]
            assert counts.sum() == summary.n
            assert all(count == 0 or count >= 10 for count in counts)
            assert bars.shares == pytest.approx(counts / summary.n, abs=0.0051)


def test_equal_scores_give_equal_heights(fake):
    """Bars hold equal numbers of possible scores, so that a flat score looks flat."""
    survey = fake.survey("worker", fake.workers_instrument(), 630, 3)
    survey.scores["RIA"] = np.tile(np.arange(1, 6.01, 0.25), 30)
    bars = bars_of(scores_of(survey)[0], range(1, 7), Disclosure(10), "worker")
    assert bars.heights == pytest.approx(np.full(len(bars.heights), 1 / 5.25), abs=0.03)


def test_too_few_scores_have_no_bars(fake):
    survey = fake.survey("worker", fake.workers_instrument(), 9, 3)
    assert bars_of(scores_of(survey)[0], range(1, 7), Disclosure(10), "worker") is None


def summary_of(fake, values):
    survey = fake.survey("worker", fake.workers_instrument(), len(values), 3)
    survey.scores["RIA"] = values
    return scores_of(survey)[0]


def test_bars_reach_to_the_ends_of_the_range_wherever_people_are(fake):
    middle = np.repeat([3.0, 3.25, 3.5, 4.0], 30)
    bars = bars_of(summary_of(fake, middle), range(1, 7), Disclosure(10), "worker")
    assert bars.edges[[0, -1]] == pytest.approx([0.875, 6.125])
    assert bars.shares[[0, -1]].min() > 0
    one_below = np.append(middle, 1.5)
    same = bars_of(summary_of(fake, one_below), range(1, 7), Disclosure(10), "worker")
    assert same.edges == pytest.approx(bars.edges)


def test_an_end_bar_less_the_floor_is_never_few(fake):
    """The table gives the share at the floor; three more in its bar could be subtracted."""
    values = np.repeat([1.0, 1.25, 2.0, 3.0], [20, 3, 30, 30])
    summary = summary_of(fake, values)
    bars = bars_of(summary, range(1, 7), Disclosure(10), "worker")
    counts = np.histogram(values, bars.edges)[0]
    assert summary.floor == 20
    assert counts[0] == 53


def test_bars_of_rounded_people_are_coarse(fake):
    values = np.repeat([2.0, 5.0], [12, 31])
    rules = Disclosure(10, frozenset({"worker"}))
    bars = bars_of(summary_of(fake, values), range(1, 7), rules, "worker")
    assert list(bars.shares[bars.shares > 0]) == [0.3, 0.7]


def test_shares_of_answers_are_rounded_one_by_one():
    parts = answer_parts(ItemAnswers("A1", "g", False, (33, 33, 33, 3), 0, 0), RULES, "worker")
    assert [part.codes for part in parts] == [range(1), range(1, 2), range(2, 4)]
    assert [part.text for part in parts] == ["32%", "32%", "35%"]
    thirds = answer_parts(ItemAnswers("A1", "g", False, (40, 40, 40), 0, 0), RULES, "worker")
    assert [(part.percent, part.text) for part in thirds] == [(33, "33%")] * 3


def test_moments_of_answers_are_those_of_the_keyed_answers(made_up):
    codes = [float(code.value) for code in made_up.service_users.instrument.response_scale.codes]
    for answers in answers_of(made_up.service_users):
        column = made_up.service_users.responses.items[answers.id]
        keyed = 3 - column if answers.reverse else column
        assert answers.moments(codes) == pytest.approx((keyed.mean(), keyed.std()))
    assert all(np.isnan(ItemAnswers("A1", "g", False, (0, 0, 0, 0), 0, 0).moments(codes)))


def test_few_answers_have_no_shares():
    few = ItemAnswers("A1", "gist", False, (3, 3, 3, 0), 90, 0)
    assert answer_parts(few, RULES, "worker") == ()
