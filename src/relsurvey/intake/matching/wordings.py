"""The wordings of an instrument's items and questions, as headings are compared with them."""

from __future__ import annotations

from relsurvey.instruments import ContextQuestion, Instrument, Item
from relsurvey.intake.fold import fold_heading

__all__ = ["folded_wordings", "templates", "wordings"]


def wordings(instrument: Instrument, name: str) -> list[str]:
    """Return the wordings of an item or question in all languages, placeholders filled."""
    return [instrument.wording_of(name, locale) for locale in _entry(instrument, name).wording]


def folded_wordings(instrument: Instrument) -> dict[str, list[str]]:
    """Return the folded wordings of each item and question in all languages."""
    return {
        name: list(dict.fromkeys(filter(None, map(fold_heading, wordings(instrument, name)))))
        for name in _names(instrument)
    }


def templates(instrument: Instrument) -> dict[str, list[str]]:
    """Return the folded wordings of each item and question, their placeholders in braces."""
    return {
        name: [fold_heading(wording) for wording in _entry(instrument, name).wording.values()]
        for name in _names(instrument)
    }


def _names(instrument: Instrument) -> tuple[str, ...]:
    return (*instrument.items.ids, *instrument.context.ids)


def _entry(instrument: Instrument, name: str) -> Item | ContextQuestion:
    return instrument.context[name] if name in instrument.context.ids else instrument.items[name]
