import numpy as np
import pytest

from relsurvey.reporting.sections.scores import answer_parts
from relsurvey.reporting.summaries import ItemAnswers, answers_of, bars_of, scores_of


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
            bars = bars_of(summary, list(codes), 10)
            counts = np.histogram(summary.values, bars.edges)[0]
            assert counts.sum() == summary.n
            assert all(count == 0 or count >= 10 for count in counts)
            assert bars.shares == pytest.approx(counts / summary.n, abs=0.0051)


def test_equal_scores_give_equal_heights(fake):
    """Bars hold equal numbers of possible scores, so that a flat score looks flat."""
    survey = fake.survey("worker", fake.workers_instrument(), 630, 3)
    survey.scores["RIA"] = np.tile(np.arange(1, 6.01, 0.25), 30)
    bars = bars_of(scores_of(survey)[0], range(1, 7), 10)
    assert bars.heights == pytest.approx(np.full(len(bars.heights), 1 / 5.25), abs=0.03)


def test_too_few_scores_have_no_bars(fake):
    survey = fake.survey("worker", fake.workers_instrument(), 9, 3)
    assert bars_of(scores_of(survey)[0], range(1, 7), 10) is None


def test_shares_of_answers_fill_the_bar():
    answers = ItemAnswers("A1", "gist", False, (33, 33, 33, 3), 0, 0)
    parts = answer_parts(answers, 10)
    assert [part.codes for part in parts] == [range(1), range(1, 2), range(2, 4)]
    assert sum(part.percent for part in parts) == 100


def test_few_answers_have_no_shares():
    assert answer_parts(ItemAnswers("A1", "gist", False, (3, 3, 3, 0), 90, 0), 10) == ()
