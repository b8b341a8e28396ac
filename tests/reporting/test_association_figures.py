"""The forest of all associations and the spread of workers, under the rules of their tables."""

import dataclasses
import re

from relsurvey.reporting.build import build_report
from relsurvey.reporting.material import gathered
from relsurvey.reporting.sections.association_figures import family_figure, spread_figure


def ids(study):
    section = next(s for s in build_report(study, "technical").sections if s.id == "association")
    return [figure.id for figure in section.figures]


def test_both_stand_in_the_section_and_name_scores_by_their_titles(sample):
    assert ids(sample) == ["figure-association", "figure-spread", "figure-family"]
    (family,) = family_figure(gathered(sample))
    assert "Emotional care on Reflective capacity 0.13 (" in family.alt
    assert not re.search(r"\b(TOTAL|RC|SEC|KNO)\b", family.alt)
    assert family.alt.count("(") == 1 + len(sample.secondary)


def test_no_forest_where_one_of_them_is_withheld(sample):
    first, *rest = sample.secondary
    few = dataclasses.replace(first, n_workers=8, n_service_users=30)
    study = dataclasses.replace(sample, secondary=(few, *rest))
    assert list(family_figure(gathered(study))) == []
    assert "figure-family" not in ids(study)


def test_no_bars_of_fewer_workers_than_are_told_of_together(sample):
    spread = sample.primary.spread
    assert int(spread["n_workers"].min()) >= 10
    counts = spread["n_workers"].to_list()
    for least, shown in ((9, 0), (10, 1)):
        primary = dataclasses.replace(
            sample.primary, spread=spread.assign(n_workers=[least, *counts[1:]])
        )
        study = dataclasses.replace(sample, primary=primary)
        assert len(list(spread_figure(gathered(study)))) == shown


def test_bars_do_not_tell_exact_numbers_of_workers(sample):
    """Two spreads that are rounded to the same counts give the same drawing."""
    drawn = set()
    spread = sample.primary.spread
    for counts in ([13, 16, 18, 11, 18, 30], [14, 15, 19, 12, 20, 32]):
        primary = dataclasses.replace(
            sample.primary, spread=spread.assign(n_workers=counts[: len(spread)])
        )
        study = dataclasses.replace(sample, primary=primary)
        material = gathered(study)
        assert material.rules.rounds("worker")
        drawn |= {figure.picture.svg for figure in spread_figure(material)}
    assert len(drawn) == 1


def test_no_bars_where_service_users_scores_are_withheld(sample):
    material = gathered(sample)
    users = dataclasses.replace(material.service_users, withheld="one worker has most of them")
    assert list(spread_figure(dataclasses.replace(material, service_users=users))) == []


def test_no_figure_without_a_family_or_a_spread(fake):
    material = gathered(fake.study())
    assert list(family_figure(material)) == list(spread_figure(material)) == []
