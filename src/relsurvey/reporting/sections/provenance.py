"""Where the figures come from, and whether the study was done as planned."""

from __future__ import annotations

from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING
from relsurvey.reporting.plain import plain
from relsurvey.reporting.subject import LockLike
from relsurvey.views import Block, Paragraph, Section, Subheading, Table

__all__ = ["NO_LOCK", "provenance_section"]

NO_LOCK = (
    "No plan was locked before this run, so the report cannot show which of its choices were made "
    "before anybody looked at the answers."
)


def provenance_section(material: Material) -> Section:
    """Name what was planned, inputs, instruments, command, seed, date and software."""
    provenance, rules = material.study.provenance, material.rules
    roles = [one.role for one in material.surveys]
    roles += [] if material.study.teams is None else ["staff"]
    inputs = Table(
        id="table-inputs",
        caption="Files and instruments",
        columns=("Name", "What it is", "SHA-256 of a definition"),
        rows=(
            *(
                (plain(name), f"{rules.count(rows, role)} answers", MISSING)
                for (name, _, rows), role in zip(provenance.inputs, roles, strict=True)
            ),
            *(
                (plain(name), f"instrument, version {plain(version)}", digest)
                for name, version, digest in provenance.instruments
            ),
        ),
        notes=(
            "SHA-256: a file's fingerprint; another file has another one. Those of the answers are "
            "with the research team, since somebody who guesses an answer could check the guess.",
        ),
        text_columns=frozenset({0, 1, 2}),
    )
    run = Table(
        id="table-run",
        caption="The run",
        columns=("What", "Value"),
        rows=(
            ("Command", plain(provenance.command)),
            ("Date (UTC)", plain(provenance.created)),
            ("Seed", str(provenance.seed)),
            ("Disclosure threshold", str(rules.threshold)),
            *((plain(name), plain(version)) for name, version in provenance.software.items()),
        ),
        text_columns=frozenset({0, 1}),
    )
    return Section("provenance", "Provenance", (*_planned(material.study.lock), inputs, run))


def _planned(lock: LockLike | None) -> tuple[Block, ...]:
    """Say whether the run kept to the plan that was locked, and list what it did otherwise."""
    heading = Subheading("Was it done as planned?")
    if lock is None:
        return heading, Paragraph(NO_LOCK)
    said = Paragraph(
        plain(" ".join([*lock.sentences, f"The lock's fingerprint is {lock.fingerprint}."]))
    )
    matter = _differences(
        lock, "table-plan-differences", "What differs from the locked plan", matters=True
    )
    told = _differences(
        lock,
        "table-plan-told",
        "What differs in how the results are told; no figure depends on it",
        matters=False,
    )
    return (heading, said, *matter, *told)


def _differences(lock: LockLike, id_: str, caption: str, *, matters: bool) -> tuple[Table, ...]:
    rows = tuple(
        (plain(one.key), plain(one.locked), plain(one.run))
        for one in lock.differences
        if one.matters is matters
    )
    columns = ("Key of the study file", "As locked", "As run")
    words = frozenset({0, 1, 2})
    return (Table(id_, caption, columns, rows, text_columns=words),) if rows else ()
