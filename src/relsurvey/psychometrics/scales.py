"""The moments of every scale that is asked for, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from relsurvey.instruments import Instrument, InstrumentLike
from relsurvey.moments.items import ItemMoments, MissingRule, item_moments
from relsurvey.scoring import keyed_items
from relsurvey.scoring.items import ScaleChoice

__all__ = ["ScaleMoments", "scale_moments"]


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
    frame = items.frame.collect() if isinstance(items.frame, nw.LazyFrame) else items.frame
    moments = item_moments(frame, items.scales, missing=missing, ends=between)
    return [
        ScaleMoments(key, found.scales[key].title if found else key, kept, found)
        for key, kept in moments.items()
    ]
