"""The answers of every respondent in one shape: as given and as keyed, in the order asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.frames import float_array, spreadsheet_rows
from relsurvey.instruments import Instrument, InstrumentLike
from relsurvey.intake import Responses
from relsurvey.intake.decoding.answer_key import REASONS
from relsurvey.scoring import keyed_items
from relsurvey.scoring.answers import answers_of
from relsurvey.scoring.columns import text_labels
from relsurvey.scoring.items import KeyedItems, ScaleChoice

__all__ = ["UNANSWERED", "AnswerSheet", "sheet_of"]

Array: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.int32]
Truths: TypeAlias = npt.NDArray[np.bool_]

UNANSWERED = REASONS.index("unanswered")
NOT_APPLICABLE = REASONS.index("not_applicable")
NOT_SHOWN = REASONS.index("not_shown")
_ABOUT = ("respondent_id", "worker_id", "wave")
_RECORDED = ("started", "submitted", "duration")


@dataclass(frozen=True, eq=False)
class AnswerSheet:
    """Answers of n respondents to k items; arrays are items by respondents.

    Attributes
    ----------
    items : tuple of str, length k
        In the order of the instrument, in which they are taken to have been asked.
    keyed : ndarray, shape (k, n)
        After reversal; NaN is no answer.
    reasons : ndarray of int8, shape (k, n)
        Why there is none, as a position in ``REASONS``; 0 where there is one.
    codes : ndarray, shape (c,)
        Every code there is, lowest first: those of the instrument, or those that were given.
    given : ndarray of int32, shape (k, n)
        The raw answer as a position in ``codes``; -1 where there is none.
    reversed : ndarray of bool, shape (k,)
        Which items are reverse-keyed.
    scales : mapping of str to ndarray of int
        The items of each scale that is made of items, as positions, in the scale's own order.
    people : pandas.DataFrame
        ``respondent_id``, ``row`` (of the file) and, where there are any, ``worker_id``,
        ``wave``, ``started``, ``submitted``, ``duration``.
    named : bool
        Whether ``respondent_id`` came with the data; otherwise it is a number.
    asked_for : bool
        Whether somebody named the column of ``respondent_id``; a platform has one of its own.
    context : pandas.DataFrame
        What else came with the answers, for attention items.
    instrument : Instrument or None
        The definition.
    """

    items: tuple[str, ...]
    keyed: Array
    reasons: npt.NDArray[np.int8]
    codes: Array
    given: Codes
    reversed: Truths
    scales: Mapping[str, npt.NDArray[np.intp]]
    people: pd.DataFrame
    named: bool
    asked_for: bool
    context: pd.DataFrame
    instrument: Instrument | None

    @property
    def n(self) -> int:
        """Number of respondents."""
        return int(self.keyed.shape[1])

    @property
    def worker_answered(self) -> bool:
        """Whether ``worker_id`` is the id of the person who answered.

        So it is in a survey of workers, unless an id of respondents was named beside it: then
        several people can be of one worker.
        """
        of_workers = self.instrument is not None and self.instrument.respondent == "worker"
        return of_workers and "worker_id" in self.people and not self.asked_for

    @cached_property
    def there(self) -> Truths:
        """Which cells hold an answer, shape (k, n)."""
        found: Truths = self.given >= 0
        return found

    @cached_property
    def answered(self) -> npt.NDArray[np.int64]:
        """Answers of each respondent, shape (n,)."""
        found: npt.NDArray[np.int64] = self.there.sum(axis=0, dtype=np.int64)
        return found

    @cached_property
    def raw(self) -> Array:
        """The answers as given, shape (k, n); NaN where there is none."""
        if not len(self.codes):
            return np.full(self.keyed.shape, np.nan)
        return np.where(self.there, self.codes[self.given], np.nan)

    @cached_property
    def keyed_places(self) -> Codes:
        """The keyed answer as a position in ``codes``; -1 where there is none."""
        turned = np.where(self.there, len(self.codes) - 1 - self.given, -1)
        return np.where(self.reversed[:, None], turned, self.given).astype(np.int32)

    def has(self, reason: int) -> Truths:
        """Say which cells have no answer for this reason, shape (k, n)."""
        found: Truths = self.reasons == reason
        return found


def sheet_of(
    data: Any, instrument: InstrumentLike | None, scales: ScaleChoice | None
) -> AnswerSheet:
    """Bring responses or a frame into the one shape.

    Parameters
    ----------
    data, instrument, scales
        As in ``check_quality``.

    Raises
    ------
    ScoringError, InstrumentError
        As ``keyed_items``.
    """
    table = keyed_items(data, instrument, scales)
    items = _in_order(table)
    frame = table.frame.select(*items)
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    keyed = np.ascontiguousarray(float_array(eager).T).reshape(len(items), len(eager))
    turned = _reversed(items, table.instrument)
    codes, given = _places(keyed, turned, table.instrument)
    people, context, named = _people(data, eager, items)
    asked_for = _asked_for(data) if isinstance(data, Responses) else named
    return AnswerSheet(
        items=items,
        keyed=keyed,
        reasons=_reasons(data, items, given, table.instrument),
        codes=codes,
        given=given,
        reversed=turned,
        scales=_scales(items, table),
        people=people,
        named=named,
        asked_for=asked_for,
        context=context,
        instrument=table.instrument,
    )


def _in_order(table: KeyedItems) -> tuple[str, ...]:
    wanted = list(dict.fromkeys(name for names in table.scales.values() for name in names))
    if table.instrument is None:
        return tuple(wanted)
    return tuple(name for name in table.instrument.item_ids if name in wanted)


def _reversed(items: tuple[str, ...], instrument: Instrument | None) -> Truths:
    known = () if instrument is None else instrument.reversed_items
    return np.array([name in known for name in items], dtype=bool)


def _places(keyed: Array, turned: Truths, instrument: Instrument | None) -> tuple[Array, Codes]:
    """Return every code, and each raw answer as a position among them.

    With an instrument every answer is one of its codes already, so that the nearest one is it,
    also where taking a decimal code from the sum of the ends left a rounding error.
    """
    there = ~np.isnan(keyed)
    if instrument is None:
        values, places = np.unique(keyed[there], return_inverse=True)
        given = np.full(keyed.shape, -1, dtype=np.int32)
        given[there] = places
        return values, given
    values = np.array(instrument.response_scale.values)
    middles = (values[1:] + values[:-1]) / 2
    given = np.empty(keyed.shape, dtype=np.int32)
    ends = instrument.response_scale.minimum + instrument.response_scale.maximum
    for item, answers in enumerate(keyed):
        raw = ends - answers if turned[item] else answers
        given[item] = np.searchsorted(middles, raw)
    given[~there] = -1
    return values, given


def _reasons(
    data: Any, items: tuple[str, ...], given: Codes, instrument: Instrument | None
) -> npt.NDArray[np.int8]:
    if isinstance(data, Responses):
        places = data.items.columns.get_indexer(pd.Index(items))
        return np.ascontiguousarray(data.reason_codes[:, places].T)
    reasons = np.where(given >= 0, 0, UNANSWERED).astype(np.int8)
    declared = {} if instrument is None else _declared(instrument)
    if instrument is None or not declared or not (given < 0).any():
        return reasons
    answers = answers_of(data, instrument)
    picked = answers.frame.select(*[nw.col(name).cast(nw.Float64) for name in items])
    cells = float_array(picked.collect() if isinstance(picked, nw.LazyFrame) else picked).T
    for number, reason in declared.items():
        reasons[cells == number] = reason
    return reasons


def _declared(instrument: Instrument) -> dict[float, int]:
    """Return which numbers stand for no answer, and for which reason."""
    scale = instrument.response_scale
    reasons = dict.fromkeys(scale.not_applicable_numbers, NOT_APPLICABLE)
    for code in scale.missing:
        numbers = type(scale)(
            minimum=scale.minimum, maximum=scale.maximum, codes=scale.codes, missing=(code,)
        ).missing_numbers
        reasons |= dict.fromkeys(numbers, REASONS.index(code.reason))
    return reasons


def _scales(items: tuple[str, ...], table: KeyedItems) -> dict[str, npt.NDArray[np.intp]]:
    """Return the scales that are made of items; composites are made of these."""
    known = table.instrument
    made_of_items = {
        name: members
        for name, members in table.scales.items()
        if known is None or known.scales[name].items
    }
    return {
        name: np.array([items.index(item) for item in members], dtype=np.intp)
        for name, members in (made_of_items or table.scales).items()
    }


def _people(
    data: Any, eager: nw.DataFrame[Any], items: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame, bool]:
    """Return who answered, what else came with the answers, and whether ids came with them."""
    if isinstance(data, Responses):
        about, context, rows = data.meta, data.context, data.rows
        named = bool((about["respondent_id"] != _numbers(data.n)).any())
    else:
        about = context = _others(data, items)
        rows = spreadsheet_rows(eager)
        named = "respondent_id" in about
    people = pd.DataFrame({"respondent_id": _numbers(len(rows))})
    for name in _ABOUT:
        if name in about:
            people[name] = about[name].astype("str").to_numpy()
            people.loc[about[name].isna().to_numpy(), name] = None
    for name in _RECORDED:
        if name in about:
            people[name] = about[name].to_numpy()
    people.insert(1, "row", np.asarray(rows, dtype=np.int64))
    return people, context.reset_index(drop=True), named


def _asked_for(data: Responses) -> bool:
    """Say whether the column of respondents' ids was named by somebody, not by a platform."""
    return any(
        entry.step == "columns" and entry.column == "respondent_id" for entry in data.log.entries
    )


def _numbers(n: int) -> npt.NDArray[Any]:
    return pd.Series(range(1, n + 1)).astype("str").to_numpy(dtype=object)


def _others(data: Any, items: tuple[str, ...]) -> pd.DataFrame:
    """Return the columns of a frame that are no items, as pandas."""
    frame = nw.from_native(text_labels(data))
    names = [name for name in frame.collect_schema().names() if name not in items]
    if not names:
        return pd.DataFrame()
    rest = frame.select(*names)
    eager = rest.collect() if isinstance(rest, nw.LazyFrame) else rest
    return pd.DataFrame({name: eager[name].to_pandas().to_numpy() for name in eager.columns})
