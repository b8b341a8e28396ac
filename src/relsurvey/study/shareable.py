"""Write what may be shown to others: reports, drawings and tables, all past disclosure control."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.files import written_whole
from relsurvey.reporting.build import build_reports
from relsurvey.reporting.figures.drawing import drawn_by
from relsurvey.reporting.stored import FIGURES, VIEWS, drawings, figures_of, from_json, to_json
from relsurvey.reporting.write import FORMATS, file_name, save_reports
from relsurvey.reporting.writers.csv_tables import as_csv, as_rows
from relsurvey.study.beside import Beside
from relsurvey.views import Audience, Report

if TYPE_CHECKING:
    from relsurvey.study.plan import Report as Asked
    from relsurvey.study.result import StudyResult

__all__ = ["SHAREABLE_NAMES", "reports_of", "write_shareable"]

READ_ME, WITHHELD = "README.txt", "withheld.csv"
SHAREABLE_NAMES = (READ_ME, WITHHELD, VIEWS)

_READ_ME = """\
What may be shown to others. Small counts, and what would give them away, are withheld or
rounded, and nobody's own result appears. Read a report before you send it. Send nothing that
stands beside this folder: restricted/ is personal data, and manifest.json has its hashes.

report.*          for researchers and journals
report-service.*  for managers of services: two pages
report-plain.*    for the people who answered: one page
figures/          the drawings of the reports, to print (.png, 300 dots an inch) or enlarge (.svg)
tables/           the tables of the report for researchers (.csv); contents.csv says what they show
withheld.csv      what was withheld, and why
views.json        the reports before they became files: relsurvey report makes others of it
"""


def reports_of(result: StudyResult, beside: Beside) -> dict[Audience, Report]:
    """Make the reports to every reader; their figures are drawn in the second process meanwhile."""
    with drawn_by(beside.begin):
        return build_reports(result)


def write_shareable(reports: Mapping[Audience, Report], asked: Asked, folder: Path) -> None:
    """Write everything that goes into ``shareable/``.

    Reports are written from what is stored in the folder, so that ``relsurvey report`` gives the
    same bytes later.

    Parameters
    ----------
    reports : mapping of str to Report
        One for every reader.
    asked : relsurvey.study.plan.Report
        Which of them are wanted as files, and in which formats.
    folder : pathlib.Path
        Not there yet, or empty.

    Raises
    ------
    OSError
        Where the file system refuses.
    """
    folder.mkdir(exist_ok=True)
    (folder / READ_ME).write_text(_READ_ME, encoding="utf-8")
    _store(reports, folder)
    stored = from_json((folder / VIEWS).read_text(encoding="utf-8"), folder / FIGURES, linked=True)
    save_reports(
        {
            folder / file_name(audience, format_): (stored[audience], format_)
            for audience in asked.audiences
            for format_ in asked.formats
            if FORMATS[format_].fits(stored[audience])
        }
    )
    (folder / WITHHELD).write_bytes(_withheld(reports.values()))
    (folder / "tables").mkdir()
    for name, content in as_csv(reports["technical"]).items():
        (folder / "tables" / name).write_bytes(content)


def _withheld(reports: Iterable[Report]) -> bytes:
    """Return what is withheld in any report, and why; no number is in it."""
    rows = dict.fromkeys(
        (one.where, one.what, one.why) for report in reports for one in report.withheld
    )
    return as_rows([("where", "what", "why"), *rows])


def _store(reports: Mapping[Audience, Report], folder: Path) -> None:
    """Write the views, and each drawing once."""
    (folder / FIGURES).mkdir()
    for figure in reversed([one for report in reports.values() for one in figures_of(report)]):
        # From the last, which nobody has begun: a second process began with the first.
        _ = figure.picture.svg
    for name, picture in drawings(reports).items():
        (folder / FIGURES / f"{name}.svg").write_text(picture.svg, encoding="utf-8")
        (folder / FIGURES / f"{name}.png").write_bytes(picture.png())
    with written_whole(folder / VIEWS) as temporary:
        temporary.write_text(to_json(reports), encoding="utf-8")
