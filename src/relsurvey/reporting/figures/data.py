"""Figures of what came in and what was done with it: answers, links, losses, texts, the flow."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
from matplotlib.axes import Axes

from relsurvey.reporting.disclosure import Disclosure, merged
from relsurvey.reporting.figures.answers import draw_all_answers
from relsurvey.reporting.figures.flow import draw_flow
from relsurvey.reporting.figures.shared import draw_bars, draw_heat, draw_nothing
from relsurvey.reporting.figures.style import NARROW, blank, styled
from relsurvey.reporting.labels import answer_labels
from relsurvey.reporting.material import SurveyMaterial, gathered
from relsurvey.reporting.numbers import number, whole
from relsurvey.reporting.sections.flow import flow_steps
from relsurvey.reporting.sections.scores import answer_rows
from relsurvey.reporting.subject import StudyLike, SurveyLike
from relsurvey.reporting.summaries import answers_of
from relsurvey.small_groups import USUAL_THRESHOLD
from relsurvey.text import counted, share

if TYPE_CHECKING:
    import pandas as pd

    from relsurvey.adaptation.comparison import Comparison
    from relsurvey.adaptation.panels import ContentValidity
    from relsurvey.adaptation.reading_ages import Readability
    from relsurvey.imputation import Imputed
    from relsurvey.intake import ColumnDraft, Responses
    from relsurvey.intake.log import IntakeLog
    from relsurvey.linkage import Linked
    from relsurvey.linkage.log import LinkLog
    from relsurvey.planning.simulated import SimulatedStudy
    from relsurvey.quality import Exclusion, McarResult
    from relsurvey.results import Result

__all__ = [
    "plot_comparison",
    "plot_content_validity",
    "plot_draft",
    "plot_exclusion",
    "plot_flow",
    "plot_imputed",
    "plot_intake_log",
    "plot_link_log",
    "plot_linked",
    "plot_missing_patterns",
    "plot_readability",
    "plot_responses",
    "plot_simulated",
    "plot_team_scores",
    "plot_verification",
]

READING_AGE = 11
LONGEST_PATTERN = 5


def plot_responses(result: Responses, axes: Axes | None = None) -> Axes:
    """Draw what was answered to each item, answers of few people put together."""
    survey = SimpleNamespace(
        role=result.instrument.respondent, instrument=result.instrument, responses=result
    )
    one = SurveyMaterial(cast(SurveyLike, survey), (), answers_of(cast(SurveyLike, survey)))
    rows = list(answer_rows(one, Disclosure(USUAL_THRESHOLD)))
    if not any(row.parts for row in rows):
        few = counted(USUAL_THRESHOLD, "person", "people")
        return draw_nothing(f"No item was answered by {few}, so that nothing is drawn.", axes)
    return draw_all_answers(rows, answer_labels(result.instrument), one.role, axes)


def plot_flow(result: StudyLike, axes: Axes | None = None) -> Axes:
    """Draw the way from the answers to the main analysis, every count as it may be shown."""
    steps, last = flow_steps(gathered(result))
    with styled():
        axes = axes or blank(NARROW, 3.9).add_axes((0, 0, 1, 1))
        return draw_flow(steps, last, axes)


def plot_linked(result: Linked, axes: Axes | None = None) -> Axes:
    """Draw how many service users workers have, each bar of at least ten workers."""
    return plot_link_log(result.log, axes)


def plot_link_log(result: LinkLog, axes: Axes | None = None) -> Axes:
    """Draw how many service users workers have, each bar of at least ten workers."""
    counts = result.users_per_worker["counts"]
    if int(counts["n_workers"].sum()) < USUAL_THRESHOLD:
        few = (
            f"Fewer than {counted(USUAL_THRESHOLD, 'worker')} are linked, so that nothing is drawn."
        )
        return draw_nothing(few, axes)
    bars = _workers_by_users(counts)
    return draw_bars(
        [name for name, _ in bars], [float(n) for _, n in bars], axes,
        texts=[f"{n:,}" for _, n in bars],
        label="Workers with so many service users (at least "
        f"{USUAL_THRESHOLD} workers a bar)",
    )  # fmt: skip


def _workers_by_users(counts: pd.DataFrame) -> list[tuple[str, int]]:
    """Return ranges of service users with their workers; the ends of the range are not told."""
    users = counts["n_service_users"].to_numpy()
    workers = [int(count) for count in counts["n_workers"]]
    groups = merged(workers, USUAL_THRESHOLD)
    bars = []
    for place, group in enumerate(groups):
        low, high = users[group.start], users[group.stop - 1]
        name = f"{low}" if low == high else f"{low} to {high}"
        if len(groups) == 1:
            name = "any number"
        elif place == 0:
            name = f"up to {high}"
        elif place == len(groups) - 1:
            name = f"{low} or more"
        bars.append((name, sum(workers[i] for i in group)))
    return bars


def plot_exclusion(result: Exclusion, axes: Axes | None = None) -> Axes:
    """Draw how many each rule left out whom no rule before it had."""
    table = result.counts
    return draw_bars(
        [str(rule).replace("_", " ") for rule in table["rule"]],
        table["n_excluded"].astype(float).tolist(), axes,
        texts=[f"{n:,}" for n in table["n_excluded"]],
        label=f"Left out, of {counted(result.n_before, 'respondent')}",
    )  # fmt: skip


def plot_missing_patterns(result: McarResult, axes: Axes | None = None) -> Axes:
    """Draw the patterns of missing answers that ten rows or more have."""
    table = result.frequent
    if not len(table):
        return draw_nothing(f"No pattern is that of {USUAL_THRESHOLD} rows or more.", axes)
    names = [_pattern(row["missing"], row["n_missing"]) for row in table.to_dict("records")]
    return draw_bars(
        names, table["share"].tolist(), axes, texts=[share(one) for one in table["share"]],
        label=f"Share of rows with the pattern (those of {USUAL_THRESHOLD} rows or more)",
    )  # fmt: skip


def _pattern(missing: object, count: int) -> str:
    if not count:
        return "everything answered"
    return f"missing {missing}" if count <= LONGEST_PATTERN else f"{counted(count, 'item')} missing"


def plot_imputed(result: Imputed, axes: Axes | None = None) -> Axes:
    """Draw which share of each column was missing and is imputed."""
    table = result.table
    copies = counted(result.n_imputations, "completed copy", "completed copies")
    return draw_bars(
        table["column"].astype(str).tolist(), table["share_missing"].tolist(), axes,
        texts=[share(one) for one in table["share_missing"]],
        label=f"Share that is imputed ({copies})",
    )  # fmt: skip


def plot_simulated(result: SimulatedStudy, axes: Axes | None = None) -> Axes:
    """Draw the true correlations that the study was drawn from, worker scores by outcomes."""
    truth = result.truth["scores"]["correlation"]
    outcomes = list(next(iter(truth.values())))
    values = np.array([[row[outcome] for outcome in outcomes] for row in truth.values()])
    return draw_heat(
        values, [str(name) for name in truth], [str(name) for name in outcomes], axes,
        label="True correlation of workers' scores (down) with workers' mean outcomes (across)",
    )  # fmt: skip


def plot_readability(result: Readability, axes: Axes | None = None) -> Axes:
    """Draw the reading age of each text that has one, the line at eleven."""
    table = result.table[result.table["reading_age"].notna()]
    if not len(table):
        return draw_nothing("No text is long enough to have a reading age.", axes)
    groups = [f"{row['kind']}, {row['locale']}" for row in table.to_dict("records")]
    return draw_bars(
        table["item"].astype(str).tolist(), table["reading_age"].tolist(), axes,
        groups=groups, mark=READING_AGE,
        texts=[whole(round(one)) for one in table["reading_age"]],
        label=f"Reading age in years; {READING_AGE} is dashed",
    )  # fmt: skip


def plot_content_validity(result: ContentValidity, axes: Axes | None = None) -> Axes:
    """Draw the share of each panel that found an item relevant."""
    table = result.items
    bars = table["bar"].dropna().unique()
    return draw_bars(
        table["item"].astype(str).tolist(), table["i_cvi"].tolist(), axes, bounds=(0, 1.02),
        groups=table["group"].astype(str).tolist(), mark=float(bars[0]) if len(bars) == 1 else None,
        label="Share of raters who found the item relevant (I-CVI)",
    )  # fmt: skip


def plot_comparison(result: Comparison, axes: Axes | None = None) -> Axes:
    """Draw how many items were kept, reworded, added and dropped."""
    counts = result.items["operation"].value_counts(sort=False)
    return draw_bars(
        [str(name) for name in counts.index], [float(n) for n in counts], axes,
        texts=[f"{n:,}" for n in counts], label=f"Items, from {result.a} to {result.b}",
    )  # fmt: skip


def plot_draft(result: ColumnDraft, axes: Axes | None = None) -> Axes:
    """Draw for how many questions a column was found, and how many a person should look at."""
    table = result.table
    found = table["column"].notna()
    sure = found & ~table["confirm"].astype(bool)
    counts = {
        "found": int(sure.sum()),
        "found, to be confirmed": int((found & ~sure).sum()),
        "not found": int((~found).sum()),
        "columns that belong to no question": len(result.unused),
    }
    return draw_bars(
        list(counts), [float(n) for n in counts.values()], axes,
        texts=[f"{n:,}" for n in counts.values()], label=f"Questions of {result.instrument}",
    )  # fmt: skip


def plot_intake_log(result: IntakeLog, axes: Axes | None = None) -> Axes:
    """Draw at which steps of reading something was dropped, recoded or has to be looked at."""
    steps = result.to_frame()["step"].value_counts(sort=False)
    if not len(steps):
        return draw_nothing("Nothing was dropped or recoded.", axes)
    return draw_bars(
        [str(step) for step in steps.index], [float(n) for n in steps], axes,
        texts=[f"{n:,}" for n in steps], label="Entries of the log, by step of reading",
    )  # fmt: skip


def plot_team_scores(result: Result, axes: Axes | None = None) -> Axes:
    """Draw the mean over staff of each scale; no team is in it."""
    table = result.scales  # type: ignore[attr-defined]
    shown = table["mean"].where(table["n_staff"] >= USUAL_THRESHOLD)
    return draw_bars(
        table["title"].astype(str).tolist(), shown.tolist(), axes,
        texts=[number(one) for one in shown], label="Mean over staff",
    )  # fmt: skip


def plot_verification(result: Result, axes: Axes | None = None) -> Axes:
    """Draw how many files and definitions are as they were, and how many are not."""
    states = result.to_frame()["status"].value_counts(sort=False)
    return draw_bars(
        [str(state) for state in states.index], [float(n) for n in states], axes,
        texts=[f"{n:,}" for n in states], label="Files and definitions",
    )  # fmt: skip
