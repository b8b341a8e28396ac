"""The rows an aggregation is made of: whose answer, which worker, which items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from relsurvey.agreement.columns import group_column, require_names
from relsurvey.association.models.names import column_names
from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.faults import Faults
from relsurvey.instruments import Instrument, InstrumentLike
from relsurvey.intake import Responses
from relsurvey.linkage import Linked
from relsurvey.moments.group_columns import take_columns
from relsurvey.scoring import keyed_items, score
from relsurvey.scoring.answers import answers_of, instrument_of

__all__ = ["Rows", "scale_rows", "take_rows"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rows:
    """What one aggregation reads.

    Attributes
    ----------
    outcomes : frame or mapping
        Holds the outcome and the group.
    answers : frame, mapping or None
        Holds the items, keyed, and the group, in the same order; ``None`` where r_wg cannot be
        had from these data.
    items : tuple of str
        The columns of ``answers`` that are compared: the items, or the outcome itself.
    several : bool
        Whether they are the items of a scale.
    codes : tuple of float
        The codes that can be answered; empty where not known.
    title : str
        What the outcome is called.
    obstacle : str
        Why there is no r_wg; empty where there is one.
    """

    outcomes: Any
    answers: Any
    items: tuple[str, ...]
    several: bool
    codes: tuple[float, ...]
    title: str
    obstacle: str


def take_rows(
    data: Any,
    outcome: str,
    group: str,
    items: str | Sequence[str] | None,
    categories: int | None,
    instrument: InstrumentLike | None,
) -> Rows:
    """Find outcome, group and items in data of any kind; see ``aggregation``."""
    found = instrument_of(data, instrument)
    frame = _eager(data.frame if isinstance(data, Linked) else data)
    if found is None:
        return _plain(frame, outcome, group, items, categories)
    require_names(outcome, group)
    return _with_instrument(frame, outcome, group, items, _codes(found, categories), found)


def scale_rows(data: Any, group: str, instrument: InstrumentLike | None) -> dict[str, Rows]:
    """Score and key every scale of an instrument once, and return what each of them reads.

    Raises
    ------
    ModelError
        Where there is no instrument.
    """
    found = instrument_of(data, instrument)
    if found is None:
        raise ModelError(
            "Which scales there are is said by an instrument, and none is named.",
            hint='Give responses, or instrument="peech-sc" or the path of your own YAML file.',
        )
    require_names("", group)
    frame = _eager(data.frame if isinstance(data, Linked) else data)
    answers = _keyed(frame, found, found.scales.ids, group)
    scored = score(frame, found)
    return {
        scale.id: Rows(
            outcomes=_beside(scored, scale.id, group, answers[group], frame),
            answers=answers,
            items=tuple(dict.fromkeys(found.items_of(scale.id))),
            several=True,
            codes=found.response_scale.values,
            title=scale.title,
            obstacle="",
        )
        for scale in found.scales
    }


def _eager(data: Any) -> Any:
    try:
        frame = nw.from_native(data, pass_through=True)
    except nw.exceptions.DuplicateError:
        return data  # refused, in words, where its columns are taken
    return frame.collect().to_native() if isinstance(frame, nw.LazyFrame) else data


def _beside(scored: Any, outcome: str, group: str, groups: Any, data: Any) -> Any:
    """Return a score with its group; scores of responses come without the columns kept."""
    if not isinstance(data, Responses):
        return scored
    return {outcome: scored[outcome].to_numpy(), group: groups}


def _plain(frame: Any, outcome: str, group: str, items: Any, categories: int | None) -> Rows:
    if isinstance(items, str):
        raise ModelError(
            f"items={items!r} is one text, which names a scale of an instrument; there is none.",
            hint="Name the instrument too, or give the columns as a list: items=['q1', 'q2'].",
        )
    names = column_names(items, "items")
    if items is not None and not names:
        raise ModelError("items names no column.", hint="Leave it out where there are no items.")
    require_names(outcome, group, names)
    faults = Faults()
    faults.of("columns", lambda: take_columns(frame, list(dict.fromkeys([outcome, *names]))))
    faults.of("group", lambda: group_column(frame, group))
    faults.refuse()
    return Rows(
        outcomes=frame,
        answers=frame,
        items=names or (outcome,),
        several=bool(names),
        codes=tuple(float(code) for code in range(1, categories + 1)) if categories else (),
        title=str(outcome),
        obstacle="" if categories else "the number of answer categories is not given (categories=)",
    )


def _codes(found: Instrument, categories: int | None) -> tuple[float, ...]:
    values = found.response_scale.values
    if categories is not None and categories != len(values):
        raise ModelError(
            f"categories={categories}, but {found.id} has {len(values)} answers to choose from.",
            hint="Leave categories out: it is taken from the instrument.",
        )
    return values


def _with_instrument(
    frame: Any,
    outcome: str,
    group: str,
    items: Any,
    codes: tuple[float, ...],
    found: Instrument,
) -> Rows:
    holders = [scale for scale in found.scales.ids if outcome in found.items_of(scale)]
    if holders:
        _refuse_items(items, outcome)
        keyed = _keyed(frame, found, holders[:1], group)
        return Rows(outcomes=keyed, answers=keyed, items=(outcome,), several=False, codes=codes,
                    title=outcome, obstacle="")  # fmt: skip
    table = _answers(frame, found)
    there = table.collect_schema().names()
    is_scale = outcome in found.scales.ids
    scored = outcome not in there and (is_scale or isinstance(frame, Responses))
    scale = items if items is not None else (outcome if is_scale else None)
    chosen = _scale_items(found, scale)
    obstacle = ""
    if not chosen:
        obstacle = "the items are not named, nor the scale they form (items=)"
    elif items is None and not set(chosen) <= set(there):
        obstacle = "the answers to the items are not among the columns"
    return Rows(
        outcomes=_beside(score(frame, found), outcome, group, group_column(frame, group), frame)
        if scored
        else _outcome(frame, table, outcome, group),
        answers=None if obstacle else _keyed(frame, found, [str(scale)], group),
        items=() if obstacle else tuple(chosen),
        several=bool(chosen),
        codes=codes,
        title=found.scales[outcome].title if is_scale else str(outcome),
        obstacle=obstacle,
    )


def _outcome(frame: Any, table: nw.DataFrame[Any], outcome: str, group: str) -> Any:
    """Return what is in the table already; its group may be a column that was kept."""
    groups = group_column(frame, group)
    if not isinstance(frame, Responses):
        return table.to_native()
    return {outcome: table.get_column(outcome).to_native(), group: groups}


def _answers(frame: Any, found: Instrument) -> nw.DataFrame[Any]:
    if isinstance(frame, Mapping):
        raise ModelError(
            "With an instrument, the data have to be responses or a frame, not a mapping.",
            hint="For instance pandas.DataFrame(data).",
        )
    table: nw.DataFrame[Any] = nw.from_native(
        nw.to_native(answers_of(frame, found).frame), eager_only=True
    )
    return table


def _refuse_items(items: Any, outcome: str) -> None:
    if items is not None:
        raise ModelError(
            f"The outcome {outcome!r} is one item, so there are no items beside it.",
            hint="Leave items out, or name a scale as the outcome.",
        )


def _scale_items(found: Instrument, scale: Any) -> list[str]:
    if scale is None:
        return []
    if not isinstance(scale, str):
        raise ModelError(
            f"With an instrument, items is the id of one of its scales; it is {scale!r}.",
            hint=f"{found.id} has: {listed(found.scales.ids)}. Leave the instrument out to name "
            "columns, which are then taken as keyed.",
        )
    if scale not in found.scales.ids:
        near = suggestion(scale, found.scales.ids)
        raise ModelError(
            f"{found.id} has no scale {scale!r}." + (f" Did you mean {near!r}?" if near else ""),
            hint=f"It has: {listed(found.scales.ids)}.",
        )
    return list(dict.fromkeys(found.items_of(scale)))


def _keyed(frame: Any, found: Instrument, scales: Sequence[str], group: str) -> dict[str, Any]:
    """Return the keyed items of scales with the group beside, all rows in their order."""
    _answers(frame, found)  # refuses a mapping
    groups = group_column(frame, group)
    keyed = keyed_items(frame, found, list(scales)).frame
    whole = keyed.collect() if isinstance(keyed, nw.LazyFrame) else keyed
    columns = {name: whole.get_column(name).to_native() for name in whole.columns}
    return {**columns, group: groups}
