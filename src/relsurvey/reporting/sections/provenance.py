"""Where the figures come from, so that somebody else can get them again."""

from __future__ import annotations

from relsurvey.reporting.material import Material
from relsurvey.reporting.plain import plain
from relsurvey.views import Section, Table

__all__ = ["provenance_section"]


def provenance_section(material: Material) -> Section:
    """Name inputs, instruments, command, seed, date and software."""
    provenance, rules = material.study.provenance, material.rules
    roles = [one.role for one in material.surveys]
    inputs = Table(
        id="table-inputs",
        caption="Files and instruments",
        columns=("Name", "What it is", "SHA-256"),
        rows=(
            *(
                (plain(name), f"{rules.count(rows, role)} answers", digest)
                for (name, digest, rows), role in zip(provenance.inputs, roles, strict=True)
            ),
            *(
                (plain(name), f"instrument, version {plain(version)}", digest)
                for name, version, digest in provenance.instruments
            ),
        ),
        notes=("SHA-256: a file's fingerprint; another file has another one.",),
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
    return Section("provenance", "Provenance", (inputs, run))
