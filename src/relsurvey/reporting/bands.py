"""Read a mean by the bands that an instrument defines, and say it in words."""

from __future__ import annotations

import math

from relsurvey.instruments import Instrument, Scale
from relsurvey.reporting.labels import answer_labels
from relsurvey.reporting.plain import plain

__all__ = ["band_words", "has_bands", "standing_words"]

NEAR = 0.25  # of the way from one answer to the next
THIRDS = ("lower third", "middle third", "upper third")


def has_bands(instrument: Instrument) -> bool:
    """Say whether an instrument defines bands for scores; those for single answers are none."""
    return any(band.of == "score" for band in instrument.bands)


def band_words(instrument: Instrument, scale: Scale, mean: float) -> str:
    """Say in which band of its scale a mean lies; nothing where the scale has none.

    Parameters
    ----------
    instrument : Instrument
        Its bands and languages.
    scale : Scale
        The scale.
    mean : float
        On the scale's own range.

    Returns
    -------
    str
        The light's name and the band's own label, as in "Amber: in between". A mean between two
        bands belongs to that of the whole number it is rounded to, half up.
    """
    bands = [band for band in instrument.bands if band.scale == scale.id and band.of == "score"]
    rounded = math.floor(mean + 0.5)
    inside = (
        band for value in (mean, rounded) for band in bands if band.minimum <= value <= band.maximum
    )
    near = next(inside, None)
    if near is None:
        return ""
    language = instrument.languages[0] if instrument.languages else "en"
    label = near.label.get(language) or next(iter(near.label.values()), "")
    return ": ".join(filter(None, (near.level.capitalize(), plain(label))))


def standing_words(instrument: Instrument, scale: Scale, mean: float) -> str:
    """Say in words where a mean stands: by the answers, or by thirds of the range.

    Parameters
    ----------
    instrument : Instrument
        Its answers.
    scale : Scale
        Its range and how it is scored.
    mean : float
        On that range.
    """
    codes = [float(code.value) for code in instrument.response_scale.codes]
    if scale.method != "mean" or (codes[0], codes[-1]) != (scale.minimum, scale.maximum):
        share = (mean - scale.minimum) / (scale.maximum - scale.minimum)
        return f"{THIRDS[min(int(3 * share), 2)]} of the range"
    labels = answer_labels(instrument)
    above = next(place for place, code in enumerate(codes) if mean <= code)
    below = max(above - 1, 0)
    way = (mean - codes[below]) / ((codes[above] - codes[below]) or 1.0)
    if above == below or way <= NEAR:
        return f"about “{labels[below]}”"
    if way >= 1 - NEAR:
        return f"about “{labels[above]}”"
    return f"between “{labels[below]}” and “{labels[above]}”"
