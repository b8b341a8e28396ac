"""What was kept, reworded, added and dropped between two definitions, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from relsurvey.adaptation.comparison import Comparison
from relsurvey.adaptation.facts import differences, relabelled
from relsurvey.adaptation.matching import Pair, matched, near_wordings
from relsurvey.adaptation.record import contradictions, reason_of, throughout
from relsurvey.errors import listed
from relsurvey.instruments import Instrument, InstrumentLike, Item, load_instrument
from relsurvey.resources import shipped

__all__ = ["compare_instruments"]


_COLUMNS = ("item", "gist", "operation", "in_a", "in_b", "basis", "reverse_a", "reverse_b",
            "language", "wording_a", "wording_b", "reason", "note")  # fmt: skip
_DIFFERENCES = ("about", "what", "a", "b")


def compare_instruments(a: InstrumentLike, b: InstrumentLike) -> Comparison:
    """List what was kept, reworded, added and dropped between two definitions.

    An item of B is one of A where both have the same wording (under whatever id), or the same
    id. Nothing is matched because it is merely similar: near wordings are offered in a note.
    Where a language has a wording on both sides the wordings say whether an item was kept;
    elsewhere its id and gist do. B's own adaptation record gives the reasons; where it does not
    agree with what the wordings show, that is a finding.

    Parameters
    ----------
    a, b : Instrument, str or path
        The original and what was made of it: an id, a definition file, or an instrument.
        Wordings are put out for ids and files only; an `Instrument` may hold a licensed wording
        that was joined, so its wordings are compared and not shown.

    Returns
    -------
    Comparison
        With ``to_frame()`` (one row an item) and ``summary()``.

    Raises
    ------
    InstrumentError
        Where there is no such id or file, or the file is not valid.

    Examples
    --------
    >>> result = compare_instruments("rpq-40", "rpq-16")
    >>> result.to_frame()["operation"].value_counts().to_dict()
    {'dropped': 24, 'kept': 16}
    >>> result.to_frame().loc[0, "basis"]
    'id and gist'
    """
    show = not (isinstance(a, Instrument) or isinstance(b, Instrument))
    first, second = load_instrument(a), load_instrument(b)
    pairs = matched(first, second)
    lost = [pair.a for pair in pairs if pair.operation == "dropped" and pair.a]
    new = [pair.b for pair in pairs if pair.operation == "added" and pair.b]
    rows = [
        {
            **_row(pair, show_wording=show),
            "reason": reason_of(first, second, pair),
            "note": " ".join(_notes(pair, lost, new)),
        }
        for pair in pairs
    ]
    return Comparison(
        a=_label(first),
        b=_label(second),
        items=pd.DataFrame(rows, columns=list(_COLUMNS)),
        differences=pd.DataFrame(
            differences(first, second, pairs, show_wording=show), columns=list(_DIFFERENCES)
        ),
        changes=pd.DataFrame(
            [(change.id, change.change, change.reason) for change in throughout(first, second)],
            columns=["id", "change", "reason"],
        ),
        findings=tuple(_findings(first, second, pairs)),
    )


def _row(pair: Pair, *, show_wording: bool) -> dict[str, Any]:
    a, b = pair.a, pair.b
    languages = pair.reworded_in or pair.languages
    if not languages and (one := b or a):
        languages = tuple(one.wording)
    language = languages[0] if languages else ""
    return {
        "item": pair.name,
        "gist": item.gist if (item := b or a) else "",
        "operation": pair.operation,
        "in_a": a.id if a else None,
        "in_b": b.id if b else None,
        "basis": ("wording" if pair.languages else "id and gist") if a and b else "",
        "reverse_a": a.reverse if a else None,
        "reverse_b": b.reverse if b else None,
        "language": language,
        "wording_a": a.wording.get(language, "") if a and show_wording else "",
        "wording_b": b.wording.get(language, "") if b and show_wording else "",
    }


def _notes(pair: Pair, lost: Sequence[Item], new: Sequence[Item]) -> Iterator[str]:
    if pair.a and pair.b:
        if pair.renamed:
            yield f"Renamed: {pair.a.id} in A."
        same = [name for name in pair.languages if name not in pair.reworded_in]
        if pair.reworded_in and len(pair.languages) > 1:
            yield f"Differs in {', '.join(pair.reworded_in)}" + (
                f"; the same in {', '.join(same)}." if same else "."
            )
        yield from _languages(pair.a, pair.b)
        if pair.a.reverse != pair.b.reverse:
            yield f"Reverse-keyed in {'A' if pair.a.reverse else 'B'} only."
        if not pair.languages:
            yield "No wording to compare."
        if pair.operation == "unclear":
            yield "The gists differ: it may be reworded, or another item under the same id."
        return
    item, others, where = (pair.b, lost, "A") if pair.b else (pair.a, new, "B")
    near = near_wordings(item, others) if item else []
    if near:
        yield f"Maybe {listed(near)} of {where}, which is much alike: look."


def _languages(a: Item, b: Item) -> Iterator[str]:
    for one, other, name in ((a, b, "A"), (b, a, "B")):
        alone = [language for language in one.wording if language not in other.wording]
        if alone and other.wording:
            yield f"Worded in {', '.join(alone)} in {name} only."


def _findings(a: Instrument, b: Instrument, pairs: Sequence[Pair]) -> Iterator[str]:
    yield from contradictions(a, b, pairs)
    turned = [p.name for p in pairs if p.a and p.b and p.a.reverse != p.b.reverse]
    if turned:
        yield f"The keying of {listed(turned, 30)} was turned round: scores are not comparable."
    unclear = [pair.name for pair in pairs if pair.operation == "unclear"]
    if unclear:
        yield (
            f"{listed(unclear, 30)}: the same id, another gist, and no wording to tell whether "
            "it is the same item. Join the wording of both and compare again."
        )
    if any(pair.a and pair.b and not pair.languages for pair in pairs):
        yield (
            f"{_without_wording(a, b)}: what was kept is told by id and gist, and a new wording "
            "under an old id is not seen."
        )
    yield from _without_reason(a, b, pairs)
    labels = list(relabelled(a, b))
    if labels:
        yield (
            f"The answers are labelled otherwise ({listed(labels, 6)}): people may choose "
            "otherwise too, and scores are not comparable without a look at it."
        )
    if a.response_scale.values != b.response_scale.values:  # noqa: PD011
        yield "The response scales differ: scores are not comparable as they stand."


def _without_wording(a: Instrument, b: Instrument) -> str:
    bare = [name for name, one in (("A", a), ("B", b)) if not any(i.wording for i in one.items)]
    if not bare:
        return "Some items have no wording in a language that both have"
    return f"{' and '.join(bare)} {'hold' if len(bare) == 2 else 'holds'} no wording"


def _without_reason(a: Instrument, b: Instrument, pairs: Sequence[Pair]) -> Iterator[str]:
    changed = [pair for pair in pairs if pair.operation in {"reworded", "added"}]
    silent = [pair.name for pair in changed if not reason_of(a, b, pair)]
    if b.adaptation is None:
        if any(pair.operation != "kept" for pair in pairs):
            yield "B holds no adaptation record, so that no reasons are known."
        return
    if silent:
        yield f"B records no reason for what was done to {listed(silent, 30)}."
    dropped = [pair.name for pair in pairs if pair.operation == "dropped"]
    if dropped:
        yield (
            f"A record has no place for items that were dropped ({listed(dropped, 30)}): say "
            "why among the changes throughout."
        )


def _label(instrument: Instrument) -> str:
    path = instrument.path
    own = path is not None and path.resolve().parent != shipped("instruments").resolve()
    name = f" ({path.name})" if path is not None and own else ""
    return f"{instrument.id} {instrument.version}{name}"
