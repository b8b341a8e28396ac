from types import SimpleNamespace

import pytest

from relsurvey.reporting.build import build_report
from relsurvey.reporting.sections.provenance import NO_LOCK
from relsurvey.views import Paragraph

DIFFERENT = (
    SimpleNamespace(key="alpha", locked="0.05", run="0.01", matters=True),
    SimpleNamespace(key="title", locked="Old", run="<b>New</b>\x00", matters=False),
)


def lock(*differences):
    return SimpleNamespace(
        sentences=("Not as planned: 1 key of the plan differs.", "Locked on 2026-01-05."),
        fingerprint="ab" * 32, differences=differences,
    )  # fmt: skip


def section(study):
    report = build_report(study)
    return next(one for one in report.sections if one.id == "provenance")


def paragraphs(part):
    return [block.text for block in part.blocks if isinstance(block, Paragraph)]


@pytest.mark.usefixtures("undrawn")
def test_without_a_lock_the_report_says_so(fake):
    part = section(fake.study())
    assert NO_LOCK in paragraphs(part)
    assert [table.id for table in part.tables] == ["table-inputs", "table-run"]


@pytest.mark.usefixtures("undrawn")
def test_what_differs_from_the_plan_is_a_table_and_what_is_only_told_another(fake):
    part = section(fake.study(lock=lock(*DIFFERENT)))
    (said,) = paragraphs(part)
    assert said.startswith("Not as planned: 1 key of the plan differs. Locked on 2026-01-05.")
    assert "ab" * 32 in said
    tables = {table.id: table.rows for table in part.tables}
    assert tables["table-plan-differences"] == (("alpha", "0.05", "0.01"),)
    assert tables["table-plan-told"] == (("title", "Old", "<b>New</b>"),)


@pytest.mark.usefixtures("undrawn")
def test_as_planned_has_no_table_of_differences(fake):
    part = section(fake.study(lock=lock()))
    assert [table.id for table in part.tables] == ["table-inputs", "table-run"]
