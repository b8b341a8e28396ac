"""The moments of every scale that is asked for, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from relsurvey.instruments import Instrument, InstrumentLike
from relsurvey.moments.from_tables import moments_from_tables
from relsurvey.moments.items import ItemMoments, MissingRule, item_moments
from relsurvey.moments.tables import ItemTables, item_tables
from relsurvey.scoring import keyed_items
from relsurvey.scoring.items import KeyedItems, ScaleChoice

__all__ = ["ScaleMoments", "TabulatedScale", "eager", "scale_moments", "tabulated_scales"]


@dataclass(frozen=True, slots=True)
class ScaleMoments:
    """One scale and what is left of its rows.

    Attributes
    ----------
    id, title : str
        What it is called; without an instrument the title is the id.
    moments : ItemMoments
        Of its k items.
    instrument : Instrument or None
        The definition; ``None`` where scales were given as columns.
    """

    id: str
    title: str
    moments: ItemMoments
    instrument: Instrument | None


@dataclass(frozen=True, slots=True)
class TabulatedScale(ScaleMoments):
    """One scale with its contingency tables as well.

    Attributes
    ----------
    tables : ItemTables
        From the same rows as ``moments``.
    """

    tables: ItemTables


def scale_moments(
    data: Any,
    instrument: InstrumentLike | None,
    scales: ScaleChoice | None,
    missing: MissingRule,
    *,
    ends: bool,
) -> list[ScaleMoments]:
    """Key the items and take the moments of each scale, in one pass over the rows.

    Parameters
    ----------
    data, instrument, scales, missing
        As in ``reliability``.
    ends : bool
        Whether answers at the ends of the response scale are to be counted.

    Returns
    -------
    list of ScaleMoments
        One a scale, in the order asked for.

    Raises
    ------
    ScoringError, InstrumentError
        As ``keyed_items``.
    ModelError
        Where ``missing`` is not known.
    """
    items = keyed_items(data, instrument, scales)
    found = items.instrument
    codes = found.response_scale if found and ends else None
    between = (float(codes.minimum), float(codes.maximum)) if codes else None
    moments = item_moments(eager(items), items.scales, missing=missing, ends=between)
    return [ScaleMoments(key, _title(items, key), kept, found) for key, kept in moments.items()]


def tabulated_scales(
    items: KeyedItems, frame: nw.DataFrame[Any], missing: MissingRule
) -> list[TabulatedScale]:
    """Count the answers of each scale in one pass; the moments follow from the counts.

    Parameters
    ----------
    items : KeyedItems
        The scales and where they come from.
    frame : narwhals.DataFrame
        The same items, collected.
    missing : {"listwise", "pairwise"}
        As in ``reliability``.

    Returns
    -------
    list of TabulatedScale
        One a scale. A scale with an item of too many different answers to be counted has its
        moments from the rows.
    """
    tables = item_tables(frame, items.scales, missing=missing)
    uncounted = {key: items.scales[key] for key, table in tables.items() if table.measures}
    moments = item_moments(frame, uncounted, missing=missing) if uncounted else {}
    return [
        TabulatedScale(
            key,
            _title(items, key),
            moments[key] if key in moments else moments_from_tables(table),
            items.instrument,
            table,
        )
        for key, table in tables.items()
    ]


def eager(items: KeyedItems) -> nw.DataFrame[Any]:
    """Return the keyed items as a frame that is there, a lazy one collected."""
    return items.frame.collect() if isinstance(items.frame, nw.LazyFrame) else items.frame


def _title(items: KeyedItems, scale: str) -> str:
    return items.instrument.scales[scale].title if items.instrument else scale
