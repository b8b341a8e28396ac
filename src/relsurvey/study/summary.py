"""A run as a text for the terminal: the result first, where the files are last."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relsurvey.text import aligned, counted, notes_below, number, percent, wrapped

if TYPE_CHECKING:
    from relsurvey.study.result import StudyResult, Survey

__all__ = ["summary_of"]

FOR_THE_TEAM = (
    "For the research team, not to be shared: counts are exact here. What may be shared is in "
    "shareable/, where small counts are withheld."
)
_READERS = {
    "technical": "for researchers and journals",
    "service": "for managers of services",
    "plain": "for the people who answered",
}
_KINDS = {"html": "web page", "docx": "Word", "markdown": "text", "xlsx": "tables, Excel"}
# Linking calls the columns so, whatever they are called in the files of a study.
_COLUMNS = (
    (r"\b(within|between|of|in)(\s+)worker_id\b", r"\1\2workers"),
    (r"\b([Ee]ach|[Ee]very|same)(\s+)worker_id\b", r"\1\2worker"),
    (r"\bgroups\s+of\s+workers\b", "workers"),
    (r"\bunits\s+of\s+team\b", "teams"),
    (r"\bbetween(\s+)team\b", r"between\1teams"),
    (r"\bworker_id\b", "workers"),
)


def summary_of(result: StudyResult, key: Path | None = None) -> str:
    """Return a run in a few paragraphs.

    Parameters
    ----------
    result : StudyResult
        What was found.
    key : pathlib.Path, optional
        The key of the pseudonyms, to be named among the files.

    Returns
    -------
    str
        The result, who it rests on, reliability, other methods, secondary associations, what
        somebody should look at, and the files. Counts in it are exact.
    """
    # Here, because nothing else of a summary needs a report's rooms.
    from relsurvey.reporting.plain import LONGEST_TITLE, shortened

    parts = [
        "\n".join([shortened(result.title, LONGEST_TITLE), *wrapped(FOR_THE_TEAM)]),
        *_lock(result),
        _question(result),
        _in_words(result.primary.summary()),
        *_left_out(result),
        *_doubts(result),
        *_who(result),
        *_reliability(result),
        *([] if result.teams is None else [result.teams.summary()]),
        *([] if result.companions is None else [_in_words(result.companions.figures_text())]),
        *_secondary(result),
        *_to_look_at(result),
        *_files(result, key),
    ]
    return "\n\n".join(parts)


def _in_words(text: str) -> str:
    """Say workers and teams where a text names the columns that linking made."""
    for column, words in _COLUMNS:
        text = re.sub(column, words, text)
    return text


def _lock(result: StudyResult) -> list[str]:
    if result.lock is None:
        return []
    return ["\n".join(line for one in result.lock.sentences for line in wrapped(one))]


def _question(result: StudyResult) -> str:
    """Say which scales the question is about, by title; what follows names them by their codes."""
    asked = result.plan.primary
    sides = (
        (result.workers.instrument, asked.predictor, "of the workers"),
        (result.service_users.instrument, asked.outcome, "of the service users"),
    )
    outcome, predictor = (
        f"{instrument.scales[scale].title} ({scale}) {whose}"
        for instrument, scale, whose in reversed(sides)
    )
    return "\n".join(wrapped(f"The question: {outcome}, by {predictor}."))


def _left_out(result: StudyResult) -> list[str]:
    """Say how few have every score of an association that could not be computed."""
    primary = result.primary
    if not (primary.note and primary.n_dropped):
        return []
    linked = counted(primary.n_service_users + primary.n_dropped, "linked service user")
    return ["\n".join(wrapped(f"Of {linked}, {primary.n_service_users:,} have all it needs."))]


def _doubts(result: StudyResult) -> list[str]:
    """Say what the checks of sensitivity hold against the primary slope; nothing without."""
    found = result.sensitivity
    if found is None:
        return []
    # Here, because a summary of a study without them needs no such checks.
    from relsurvey.sensitivity.checks.shape import bend_among

    bend = bend_among(found.checks)
    said = [] if bend is None else [bend.sentence]
    if found.n_contradicting:
        says = "says" if found.n_contradicting == 1 else "say"
        said.append(
            f"With one choice changed at a time, {found.n_contradicting} of "
            f"{counted(found.n_slopes, 'slope')} {says} something else."
        )
    return ["\n".join(wrapped(" ".join(said)))] if said else []


def _who(result: StudyResult) -> Iterator[str]:
    unmatched = len(result.linked.log.unmatched())
    lines = ["Who is in it", *result.linked.log.counts_text()]
    if unmatched and result.folder is not None:
        lines.append(f"  the unmatched are listed in {result.folder / 'restricted/unmatched.csv'}")
    yield "\n".join(lines)
    for survey in (result.workers, result.service_users):
        exclusion = survey.quality.exclusion
        if exclusion is not None:
            yield f"{survey.responses.path.name}: {exclusion.summary()}"
    if result.everyone:
        yield "\n".join(wrapped(f"With everybody who answered: {result.everyone[0].sentence}"))


def _reliability(result: StudyResult) -> Iterator[str]:
    surveys = (("workers", result.workers), ("service users", result.service_users))
    rows = [row for name, survey in surveys for row in _scales(name, survey)]
    missing = result.workers.reliability.missing
    lines = [f"Reliability ({missing})", *aligned(rows, left=("asked", "scale", "title"))]
    for _, survey in surveys:
        table = survey.reliability.to_frame()
        notes = notes_below(zip(table["scale"], table["note"], strict=True))
        lines += [piece for line in notes for piece in wrapped(line, hanging="  ")]
    yield "\n".join(lines)


def _scales(name: str, survey: Survey) -> Iterator[dict[str, str]]:
    found = survey.reliability
    for row in found.to_frame().to_dict("records"):
        yield {
            "asked": name,
            "scale": str(row["scale"]),
            "title": str(row["title"]),
            "n": f"{row['n']:,}",
            "of": f"{row['n_total']:,}",
            "alpha": number(row["alpha"], 3),
            f"{percent(found.confidence)} interval": _interval(row),
            "omega": number(row["omega_total"], 3),
        }


def _interval(row: dict[Any, Any]) -> str:
    ends = row["alpha_low"], row["alpha_high"]
    return " to ".join(number(end, 3) for end in ends) if all(map(math.isfinite, ends)) else ""


def _secondary(result: StudyResult) -> list[str]:
    """Say how many of the secondary associations stand once adjusted for their number."""
    if result.family is None:
        return []
    notes = (line for note in result.family.notes for line in wrapped(f"Note: {note}"))
    said = wrapped(result.family.others("secondary association"))
    return [_in_words("\n".join(["Secondary associations", *said, *notes]))]


def _to_look_at(result: StudyResult) -> list[str]:
    remarks = [*result.warnings, *result.read_as]
    return ["\n".join(["How the files were read, and what to look at", *remarks])]


def _files(result: StudyResult, key: Path | None) -> Iterator[str]:
    if result.folder is None:
        return
    shareable = result.folder / "shareable"
    # Here, because a result that was never written needs no writer.
    from relsurvey.reporting.write import file_name

    rows = []
    for audience in result.plan.report.audiences:
        for format_ in result.plan.report.formats:
            path = shareable / file_name(audience, format_)
            if path.exists():
                kind = _KINDS.get(format_, f"tables, {format_}")
                rows.append((str(path), f"{_READERS[audience]} ({kind})"))
    rows += [
        (str(result.folder / "restricted"), "rows of persons: stays with the team"),
        *([] if key is None else [(str(key), "the key of the pseudonyms: keep it apart")]),
    ]
    wide = max(len(path) for path, _ in rows)
    yield "\n".join(["Files", *(f"  {path:<{wide}}  {what}" for path, what in rows)])
