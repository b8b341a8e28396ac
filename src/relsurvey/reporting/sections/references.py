"""The works that a report names, in full."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from relsurvey.reporting.material import Material
from relsurvey.reporting.plain import plain
from relsurvey.reporting.references import WORKS, named_in, words_of
from relsurvey.views import References, Section

__all__ = ["references_section"]


def references_section(material: Material, sections: Sequence[Section]) -> Section:
    """List the publications of every instrument, and every work that a section names."""
    named = [WORKS[name] for name in named_in("\n".join(words_of(sections)))]
    entries: dict[str, str] = {}
    for entry in (*_of_instruments(material), *named):
        entries.setdefault(_key(entry), entry)
    ordered = sorted(entries.values(), key=str.casefold)
    return Section("references", "References", (References(tuple(ordered)),))


def _of_instruments(material: Material) -> Iterator[str]:
    for instrument in material.instruments:
        published = ((figure.source, figure.doi) for figure in instrument.published)
        for citation, doi in (
            *((source.citation, source.doi) for source in instrument.sources),
            *published,
        ):
            text = plain(citation).rstrip(".")
            known = doi and plain(doi) in text
            yield f"{text}. doi {plain(doi)}" if doi and not known else text


def _key(entry: str) -> str:
    """Return what tells an entry from others: its DOI where it has one."""
    doi = re.search(r"doi (\S+)$", entry)
    return doi.group(1).casefold() if doi else entry.casefold()
