"""Is every item relevant, says a panel: ratings in, indices of each group out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from relsurvey.adaptation.indices import SEVEN_OF_NINE, evaluation, least_i_cvi, modified_kappa
from relsurvey.adaptation.panels import ContentValidity
from relsurvey.adaptation.ratings import ALL, Rating, ratings_of
from relsurvey.errors import IntakeError, listed
from relsurvey.instruments import InstrumentLike, Item, load_instrument
from relsurvey.text import counted

__all__ = ["content_validity"]


SCALE = (1, 2, 3, 4)
FEWEST = 3
_ITEMS = ("group", "item", "gist", "n", "n_relevant", "i_cvi", "pc", "kappa", "evaluation", "bar",
          "below_bar", "note")  # fmt: skip


def content_validity(
    instrument: InstrumentLike, ratings: Any, *, relevant: Sequence[int] = (3, 4)
) -> ContentValidity:
    """Turn a panel's ratings of relevance into content validity indices.

    Parameters
    ----------
    instrument : Instrument, str or path
        The definition, its id or its file.
    ratings : pandas, Polars or PyArrow frame
        Ratings of relevance from 1 (not relevant) to 4 (highly relevant), blank where not
        given. One row a rating, with the columns ``rater``, ``group``, ``item`` and
        ``relevance``; or one row a rater, with ``rater``, ``group`` and one column an item.
        Experts and people who use services are different panels: give each a group of its own.
    relevant : sequence of int
        The ratings that count as relevant.

    Returns
    -------
    ContentValidity
        Per group, and for all raters together where there are several groups. No rater is
        named in it.

    Raises
    ------
    IntakeError
        Where the ratings cannot be read, or a group has one rater only.
    InstrumentError
        Where the instrument is not valid.

    Notes
    -----
    With N raters of whom A call an item relevant, I-CVI = A / N. By chance as many would do so
    with probability pc = N! / (A! (N - A)!) 0.5^N, and the modified kappa is
    (I-CVI - pc) / (1 - pc) (Polit, Beck & Owen 2007). In hundredths, below .40 is poor, from .40
    fair, from .60 good and above .74 excellent. The paper's own table is made of rounded I-CVI and
    pc and can differ by .01.

    The bar is that of Lynn (1986), which Polit and Beck repeat: with five raters or fewer all
    have to agree, with six or more I-CVI has to be .78 at least, which is 5 of 6, 6 of 7, 7 of 8
    or 7 of 9. In 2007 they concluded that .78 will do from three raters on; the two differ for 4
    of 5 alone, which is below the bar here and has a note.

    S-CVI/Ave is the mean of the I-CVIs and S-CVI/UA the share of the items that all who rated
    them call relevant; the latter falls as a panel grows.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame(
    ...     {"rater": ["a", "b", "c"], "group": "experts", "RIA1": [4, 3, 4], "RIA2": [4, 2, 3]}
    ... )
    >>> result = content_validity("rpq-16", ratings)
    >>> result.to_frame().loc[:1, ["item", "i_cvi", "kappa", "below_bar"]].round(2)
       item  i_cvi  kappa  below_bar
    0  RIA1   1.00   1.00      False
    1  RIA2   0.67   0.47       True
    """
    counted_as = _checked(relevant)
    definition = load_instrument(instrument)
    given = ratings_of(definition, ratings)
    groups = {name: [one for one in given if one.group == name]
              for name in dict.fromkeys(one.group for one in given)}  # fmt: skip
    _refuse_single(groups)
    rated = {one.item for one in given}
    names = [item.id for item in definition.items if item.scored or item.id in rated]
    panels = groups if len(groups) == 1 else {**groups, ALL: given}
    rows, heads = [], []
    for group, those in panels.items():
        values = _by_item(those)
        table = [
            _item(group, definition.items[name], values.get(name, []), counted_as) for name in names
        ]
        rows += table
        heads.append(_panel(group, those, table))
    return ContentValidity(
        instrument=f"{definition.id} {definition.version}",
        items=pd.DataFrame(rows, columns=list(_ITEMS)),
        panels=pd.DataFrame(heads),
        relevant=counted_as,
    )


def _by_item(ratings: Iterable[Rating]) -> dict[str, list[int]]:
    values: dict[str, list[int]] = {}
    for one in ratings:
        if one.relevance is not None:
            values.setdefault(one.item, []).append(one.relevance)
    return values


def _item(group: str, item: Item, values: Sequence[int], relevant: Sequence[int]) -> dict[str, Any]:
    n, agreed = len(values), sum(value in relevant for value in values)
    row = {"group": group, "item": item.id, "gist": item.gist, "n": n}
    nan = float("nan")
    if n < 2:
        note = "nobody rated it" if n == 0 else "one person rated it: no figure"
        return {**row, "n_relevant": nan, "i_cvi": nan, "pc": nan, "kappa": nan, "evaluation": "",
                "bar": nan, "below_bar": False, "note": note}  # fmt: skip
    pc, kappa = modified_kappa(n, agreed)
    bar = least_i_cvi(n)
    return {
        **row,
        "n_relevant": agreed,
        "i_cvi": agreed / n,
        "pc": pc,
        "kappa": kappa,
        "evaluation": evaluation(kappa),
        "bar": float(round(bar, 2)),
        "below_bar": Fraction(agreed, n) < bar,
        "note": "; ".join(_notes(n, agreed)),
    }


def _notes(n: int, agreed: int) -> list[str]:
    notes = []
    if n < FEWEST:
        notes.append(f"two ratings, and a panel is of {FEWEST} at least")
    if SEVEN_OF_NINE <= Fraction(agreed, n) < least_i_cvi(n):
        notes.append(
            f"{agreed} of {n} agree: below the bar of 1.00, above the .78 that Polit, Beck & Owen "
            "(2007) take for enough from three raters on"
        )
    return notes


def _panel(
    group: str, ratings: Sequence[Rating], rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    figures = [row["i_cvi"] for row in rows if not math.isnan(row["i_cvi"])]
    below = [row["item"] for row in rows if row["below_bar"]]
    raters = {one.rater for one in ratings if one.relevance}
    absent = len({one.rater for one in ratings} - raters)
    given = sum(one.relevance is not None for one in ratings)
    asked = {one.item for one in ratings}
    size = len(figures) or float("nan")
    notes = []
    if absent:
        are = "is" if absent == 1 else "are"
        notes.append(f"{counted(absent, 'rater')} rated nothing and {are} not counted.")
    missing = len(raters) * len(asked) - given
    if missing:
        notes.append(f"{counted(missing, 'rating')} not given: n differs between items.")
    return {
        "group": group,
        "raters": len(raters),
        "items": len(figures),
        "s_cvi_ave": sum(figures) / size,
        "s_cvi_ua": sum(value == 1 for value in figures) / size,
        "n_below": len(below),
        "below": ", ".join(below),
        "missing": missing,
        "note": " ".join(notes),
    }


def _refuse_single(groups: Mapping[str, Sequence[Rating]]) -> None:
    sizes = {
        name: len({one.rater for one in those if one.relevance}) for name, those in groups.items()
    }
    alone = [name for name, size in sizes.items() if size < 2]
    if alone:
        raise IntakeError(
            f"A panel needs more than one rater; too few rated anything in: {listed(alone)}.",
            hint=f"Ask more people: {FEWEST} are the least for a panel. A group of one would also "
            "show what that person said.",
            failures=[{"group": name, "raters": sizes[name]} for name in alone],
        )


def _checked(relevant: Sequence[int]) -> tuple[int, ...]:
    values = tuple(relevant)
    wrong = [value for value in values if isinstance(value, bool) or value not in SCALE]
    if wrong or not values or len(set(values)) == len(SCALE):
        raise IntakeError(
            f"relevant names the ratings that count as relevant, some of {SCALE}; it is {values}.",
            hint="As a rule: relevant=(3, 4).",
        )
    return tuple(sorted(set(values)))
