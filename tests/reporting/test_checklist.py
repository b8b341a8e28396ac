"""What the checklist says is where it says, and what a report lacks is said to be lacking."""

import dataclasses
import re

import pytest

from relsurvey.reporting import build_report
from relsurvey.reporting.references import WORKS, named_in, words_of
from relsurvey.reporting.sections.checklist_items import AUTHORS, ITEMS
from relsurvey.views import Bullets, Cell, References, Subheading

pytestmark = pytest.mark.usefixtures("undrawn")


def checklist(report):
    section = next(one for one in report.sections if one.id == "checklist")
    return section.tables[0].rows


def row_of(report, item, asked=""):
    return next(row for row in checklist(report) if row[0] == item and asked in row[1])


def stands(report, row):
    """Whether the section named holds everything that is said to stand there."""
    titles = row[2].text.split(", ")
    if titles == [report.headline.title]:
        return row[2].target == "answer"
    sections = [one for one in report.sections if one.title in titles]
    held = {one.caption[:60] for section in sections for one in section.tables}
    held |= {one.title[:60] for section in sections for one in section.figures}
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Subheading):
                held.add(f"under “{block.text}”"[:60])
            if isinstance(block, Bullets):
                held |= {f"under “{name}”"[:60] for name, _ in block.points}
    ids = {view.id for one in sections for view in (one, *one.tables, *one.figures)}
    parts = [part for part in row[3].split("; ") if part != "the whole section"]
    return (
        {one.title for one in sections} == set(titles)
        and row[2].target in ids
        and all(any(part.startswith(name[:60]) for name in held) for part in parts)
    )


def lacking(fake, name):
    study = fake.study()
    few = dataclasses.replace(study.primary, n_workers=8)
    covariates = dataclasses.replace(
        study.primary, covariates=("RIA",), model=fake.mixed("RC", "RIA")
    )
    return {
        "ordinary": study,
        "no secondary": dataclasses.replace(study, secondary=()),
        "withheld": dataclasses.replace(study, primary=few),
        "covariates": dataclasses.replace(study, primary=covariates),
        "few": fake.study(n_workers=8, n_users=40, linked_workers=8, linked_users=40),
    }[name]


@pytest.mark.parametrize("name", ["ordinary", "no secondary", "withheld", "covariates", "few"])
def test_every_row_is_true(fake, name):
    report = build_report(lacking(fake, name))
    rows = checklist(report)
    assert len(rows) == len(ITEMS)
    there = [row for row in rows if isinstance(row[2], Cell)]
    assert len(there) > 15
    for row in there:
        assert stands(report, row), row
    for row in rows:
        if not isinstance(row[2], Cell):
            assert row[2] == "–"
            assert row[3].startswith(("Not in this report: ", "Not applicable: ", "Withheld: "))


def test_every_row_of_the_real_report_is_true(sample):
    report = build_report(sample)
    there = [row for row in checklist(report) if isinstance(row[2], Cell)]
    assert len(there) >= 35
    for row in there:
        assert stands(report, row), row
    everything = " ".join(row[3] for row in there)
    for words in ("Factor models of", "put together by worker", "one thing changed at a time"):
        assert words in everything


@pytest.mark.parametrize(
    ("name", "item", "asked", "why"),
    [
        ("no secondary", "STROBE 17", "Secondary", "names no secondary association"),
        ("ordinary", "STROBE 17", "other methods", "other methods were not asked"),
        ("ordinary", "STROBE 16a", "adjusted", "names no covariates"),
        ("ordinary", "STROBE 12e", "", "asked for no sensitivity analysis"),
        ("ordinary", "COSMIN: structure", "", "no factor model could be fitted"),
        ("ordinary", "GRRAS: agreement", "", "could not be computed"),
        ("ordinary", "CHERRIES: timing", "", "names no rule"),
        ("ordinary", "CHERRIES: development", "", "neither instrument says that it was adapted"),
        ("withheld", "STROBE 16a", "Estimates", "Withheld: it rests on fewer than 10 workers."),
        ("withheld", "SAMPL: p", "", "Withheld: it rests on fewer than 10 workers."),
        ("few", "STROBE 14b", "", "Withheld: too few people."),
    ],
)
def test_what_a_study_lacks_is_said(fake, name, item, asked, why):
    row = row_of(build_report(lacking(fake, name)), item, asked)
    assert row[2] == "–"
    assert why in row[3]


def test_what_is_there_with_covariates_is_named(fake):
    row = row_of(build_report(lacking(fake, "covariates")), "STROBE 16a", "adjusted")
    assert row[2] == Cell("The association", target="table-model")


@pytest.mark.parametrize("item", ["STROBE 5", "STROBE 6a", "STROBE 22", "CHERRIES, CROSS: ethics"])
def test_what_only_the_authors_know_is_left_to_them(made_up, item):
    assert row_of(build_report(made_up), item)[3] == AUTHORS


def references(report):
    (block,) = next(one for one in report.sections if one.id == "references").blocks
    assert isinstance(block, References)
    return block.entries


CITED = re.compile(
    r"((?:(?:von |de )?[A-Z][\w’ø]+(?:, | and | & )?)+(?: et al\.)?),? \(?((?:18|19|20)\d\d)\b"
)


def test_every_work_that_is_named_is_listed_and_no_other(sample):
    report = build_report(sample)
    words = "\n".join(words_of(report.sections, report.notices))
    entries = references(report)
    for name in named_in(words):
        assert WORKS[name] in entries, name
    own = [entry for entry in entries if entry not in WORKS.values()]
    assert {entry for entry in entries if entry not in own} == {WORKS[n] for n in named_in(words)}
    citations = [
        str(source.citation)
        for one in (sample.workers, sample.service_users)
        for source in (*one.instrument.sources,)
    ]
    for citation in citations:
        assert any(entry.startswith(citation.rstrip(".")) for entry in own)
    assert list(entries) == sorted(set(entries), key=str.casefold)


def test_no_work_is_named_without_an_entry(sample):
    """Whatever looks like "Name 1999" in a text has its author and year in the list."""
    report = build_report(sample)
    entries = references(report)
    told = [one for one in report.sections if one.id not in {"provenance", "references"}]
    found = set(CITED.findall("\n".join(words_of(told))))
    assert len(found) > 15
    for authors, year in found:
        first = re.split(r", | and | & | et al", authors)[0].split()[-1]
        assert any(first in entry and year in entry for entry in entries), (authors, year)


def test_works_that_are_not_named_are_not_listed(made_up):
    entries = references(build_report(made_up))
    assert WORKS["Simonsohn, Simmons and Nelson 2020"] not in entries
    assert WORKS["Cook and Stefanski 1994"] not in entries
    assert WORKS["Feldt 1965"] in entries
    assert "Somebody A (2020). A paper. A journal 1:1. doi 10.1/x" in entries
    assert len(entries) == len(set(entries))


def test_short_names_agree_with_their_entries():
    for name, entry in WORKS.items():
        first = re.split(r",| and | et al", name.removeprefix("von "))[0].split()[0]
        assert entry.removeprefix("von ").startswith(first), name
        assert f"({name[-4:]})" in entry, name
