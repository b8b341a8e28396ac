"""Numbers that nobody labelled: the instrument's codes, or counted from 1 by a platform.

Some platforms number the choices 1, 2, 3 in their order when codes are asked for, whatever the
author had in mind. On a scale from 0 to 3 such numbers are all codes but the last, and every
answer would be one too high.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import Instrument
from relsurvey.intake.decoding.answer_key import AnswerKey
from relsurvey.intake.export import Export
from relsurvey.intake.fold import shown
from relsurvey.intake.log import LogEntry
from relsurvey.intake.matching.headings import ColumnMatch
from relsurvey.intake.platforms import PLATFORMS
from relsurvey.text import counted

__all__ = ["Numbering", "better_export"]

FEWEST_ROWS = 20


def better_export(export: Export) -> str:
    """Say, after "or" or by itself, how an export is made that tells what its answers mean."""
    platform = PLATFORMS.get(export.platform)
    texts = "export the answers as texts (labels) instead of numbers"
    if platform is None or not platform.dictionary:
        return texts
    return f"{texts}, or give {platform.dictionary} with --dictionary / dictionary="


@dataclass(frozen=True)
class Numbering:
    """The unlabelled numbers of all item columns.

    Attributes
    ----------
    export : Export
        The file.
    instrument : Instrument
        Its codes.
    key : AnswerKey
        What they mean.
    everywhere, platform : Counter of float
        Cells by number: in all item columns without labels, and in those whose numbers are the
        platform's own.
    columns : tuple of ColumnMatch
        Those of the platform's own numbers.
    """

    export: Export
    instrument: Instrument
    key: AnswerKey
    everywhere: Counter[float]
    platform: Counter[float]
    columns: tuple[ColumnMatch, ...]

    @classmethod
    def of(
        cls,
        export: Export,
        instrument: Instrument,
        key: AnswerKey,
        items: Sequence[ColumnMatch],
        numbers: Sequence[Mapping[float, int]],
    ) -> Numbering:
        """Gather the numbers of the item columns: cells by number, one mapping a column."""
        everywhere: Counter[float] = Counter()
        platform: Counter[float] = Counter()
        columns = []
        for match, counts in zip(items, numbers, strict=True):
            everywhere.update(counts)
            if export.columns[match.position].numbered and counts:
                platform.update(counts)
                columns.append(match)
        return cls(export, instrument, key, everywhere, platform, tuple(columns))

    @property
    def _places(self) -> set[float]:
        """The numbers a platform would give the codes of the scale."""
        return {float(place) for place in range(1, len(self.key.values) + 1)}

    @property
    def _strangers(self) -> set[float]:
        """Places that are no codes of any kind, such as 4 on a scale from 0 to 3."""
        return {one for one in self._places if not self.key.known_text(f"{one:g}")}

    @property
    def from_one(self) -> bool:
        """Whether the numbers look counted from 1 although the instrument's codes are not.

        No cell holds a code that is no place, such as 0; and a place that is no code occurs.
        """
        own = set(self.key.values) - self._places
        return bool(own) and not own & set(self.everywhere) and bool(self._found_strangers)

    @property
    def _found_strangers(self) -> set[float]:
        return self._strangers & set(self.everywhere)

    def told(self) -> str:
        """Say why the numbers look counted from 1."""
        own = sorted(set(self.key.values) - self._places)
        label = self.key.label_by_value.get(own[0], "")
        lacking = f"{own[0]:g}{label and f' ({shown(label)})'}"
        there = listed([f"{one:g}" for one in sorted(self._found_strangers)])
        return f"They seem to be counted from 1: no cell holds {lacking}, and {there} occurs."

    def entries(self) -> list[LogEntry]:
        """Return what a person should look at.

        Raises
        ------
        IntakeError
            Where the platform numbered the answers, the instrument's codes are other ones, and
            no cell shows that somebody set these codes on the platform.
        """
        entries = self._platform_entries() if self._says_something else []
        return [*entries, *self._lowest_never_chosen()]

    @property
    def _says_something(self) -> bool:
        """Whether the platform's own numbers stand for answers that are words."""
        known = set(self.key.label_by_value) | self._strangers
        return bool(known & set(self.platform))

    def _platform_entries(self) -> list[LogEntry]:
        values = self.key.values
        in_order = values == tuple(sorted(self._places))
        if not in_order and not self._set_by_hand:
            raise self._numbered()
        first, last = (
            f"{value:g} stands for {shown(self.key.label_by_value.get(value, f'{value:g}'))}"
            for value in (values[0], values[-1])
        )
        what = f"Please confirm that {first} and {last} in {counted(len(self.columns), 'column')}."
        why = (
            "The file holds numbers and no labels: a survey may number its answers from the "
            "highest as well."
        )
        return [LogEntry("answers", "", len(self.columns), what, why)]

    @property
    def _set_by_hand(self) -> bool:
        """Whether a cell holds a code that no counting of the choices from 1 gives."""
        counted_up = {float(place) for place in range(1, self.key.choices + 1)}
        seen = set(self.platform) - counted_up
        return any(self.key.known_text(f"{one:g}") for one in seen)

    def _numbered(self) -> IntakeError:
        platform = PLATFORMS.get(self.export.platform)
        title = platform.title if platform else "The platform"
        codes = [f"{value:g}" for value in self.key.values]
        shift = f"{codes[0]} to {codes[-1]}" if len(codes) > 2 else listed(codes)
        better = better_export(self.export)
        return IntakeError(
            f"{self.export.table.path.name}: {counted(len(self.columns), 'item')} with numbers "
            f"that nothing in the file explains. {title} numbers answers 1, 2, 3 in their order; "
            f"the codes of {self.instrument.id} are {shift}.",
            hint=f"{better[0].upper()}{better[1:]}.",
            failures=[
                {
                    "item": match.name,
                    "column": match.heading,
                    "numbers": listed([f"{one:g}" for one in sorted(self.platform)]),
                }
                for match in self.columns
            ],
        )

    def _lowest_never_chosen(self) -> list[LogEntry]:
        """Warn where a scale from 0 holds all its codes but 0: it may be shifted by one."""
        values = set(self.key.values)
        seen = set(self.everywhere)
        others = values - {0.0}
        suspicious = (
            min(values) == 0
            and len(others) > 1
            and 0.0 not in seen
            and others <= seen
            and all(self.key.known_text(f"{one:g}") for one in seen)
            and len(self.export.table.rows) >= FEWEST_ROWS
        )
        if not suspicious:
            return []
        lowest, least = self.key.label_by_value.get(0.0, ""), f"{min(others):g}"
        what = (
            f"Warning: no cell of any item holds 0{lowest and f' ({shown(lowest)})'}, and all "
            f"other codes occur; check that {least} does not stand for it."
        )
        why = "Some platforms number answers from 1, which would make every answer one too high."
        return [LogEntry("answers", "", sum(self.everywhere.values()), what, why)]
