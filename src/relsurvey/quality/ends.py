"""How many have the lowest and the highest score a scale can give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from relsurvey.criteria import Reading, floor_and_ceiling
from relsurvey.quality.sheet import AnswerSheet
from relsurvey.text import share

__all__ = ["score_ends", "score_readings"]


def score_ends(sheet: AnswerSheet) -> pd.DataFrame:
    """Count who gave the lowest keyed answer to every item of a scale, and the highest.

    Parameters
    ----------
    sheet : AnswerSheet
        Of n respondents.

    Returns
    -------
    pandas.DataFrame
        One row a scale made of items: ``scale``, ``n`` (respondents with every item answered),
        ``floor`` and ``ceiling`` (shares of them; NaN where there is nobody). No row without an
        instrument, which alone says where a scale ends.
    """
    rows = []
    for scale, places in sheet.scales.items() if sheet.instrument is not None else ():
        whole = sheet.there[places].all(axis=0)
        answers = sheet.keyed_places[places][:, whole]
        n = int(whole.sum())
        floor, ceiling = (
            float((answers == end).all(axis=0).mean()) if n else np.nan
            for end in (0, len(sheet.codes) - 1)
        )
        rows.append({"scale": scale, "n": n, "floor": floor, "ceiling": ceiling})
    return pd.DataFrame(rows, columns=["scale", "n", "floor", "ceiling"])


def score_readings(ends: pd.DataFrame) -> tuple[Reading, ...]:
    """Return each scale's ends beside the criterion, which is about scores."""
    found = []
    for row in ends.to_dict(orient="records"):
        read = floor_and_ceiling(str(row["scale"]), row["floor"], row["ceiling"])
        figure = f"lowest score {share(row['floor'])}, highest {share(row['ceiling'])}"
        because = read.because.replace("answer", "score").replace("give", "have")
        found.append(replace(read, figure=figure, because=because))
    return tuple(found)
