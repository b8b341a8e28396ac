"""Answers by traffic light, where an instrument defines bands for single answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from relsurvey.instruments import Band, Instrument, Scale
from relsurvey.intake import Responses
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.labels import PEOPLE
from relsurvey.reporting.numbers import MISSING, percent
from relsurvey.reporting.plain import plain
from relsurvey.views import Table

__all__ = ["lights_table"]


class Answered(Protocol):
    """A questionnaire and the answers to it."""

    @property
    def instrument(self) -> Instrument:
        """The questionnaire."""

    @property
    def responses(self) -> Responses:
        """The answers."""


@dataclass(frozen=True)
class _Light:
    """One band's part of a scale's answers."""

    band: Band
    answers: int
    people: int


def lights_table(survey: Answered, rules: Disclosure, people: str, name: str) -> Table | None:
    """Show the shares of answers in each band.

    Parameters
    ----------
    survey : Answered
        A survey, or what staff say of their teams.
    rules : Disclosure
        What may be shown.
    people : str
        Who answered.
    name : str
        Id of the table.

    Returns
    -------
    Table or None
        ``None`` where the instrument has no bands for answers.
    """
    instrument = survey.instrument
    scales = [
        scale
        for scale in instrument.scales
        if scale.items
        and any(band.scale == scale.id and band.of == "answer" for band in instrument.bands)
    ]
    if not scales:
        return None
    lights = {scale.id: _lights(survey, scale) for scale in scales}
    role = next((role for role, named in PEOPLE.items() if named == people), "staff")
    step = rules.step(survey.responses.n, role)
    heads = [_head(one.band, instrument) for one in lights[scales[0].id]]
    return Table(
        id=name,
        caption=f"Answers of {people} by traffic light: shares of all answers to the statements "
        "of a scale",
        columns=("Scale", *heads),
        rows=tuple(
            (plain(scale.title), *_share_cells(lights[scale.id], rules, role, step))
            for scale in scales
        ),
        notes=(
            "The lights are defined for single answers, so that the answers are counted and no "
            f"light is given to a mean. A row in which a light was given by {rules.few} {people} "
            "is left out.",
            *(
                ("Each share is rounded by itself, coarsely where people are few.",)
                if rules.rounds(role)
                else ()
            ),
        ),
    )


def _head(band: Band, instrument: Instrument) -> str:
    language = instrument.languages[0]
    label = plain(band.label.get(language) or next(iter(band.label.values()), ""))
    return f"{band.level.capitalize()}, {band.minimum:g} to {band.maximum:g}: {label}"


def _lights(survey: Answered, scale: Scale) -> list[_Light]:
    instrument = survey.instrument
    found = survey.responses.items[list(scale.items)]
    reverse = [item in instrument.reversed_items for item in scale.items]
    ends = instrument.response_scale
    values = found.to_numpy(dtype=float, na_value=np.nan)
    values = np.where(reverse, ends.minimum + ends.maximum - values, values)
    bands = sorted(
        (band for band in instrument.bands if band.scale == scale.id and band.of == "answer"),
        key=lambda band: band.minimum,
    )
    inside = [(values >= band.minimum) & (values <= band.maximum) for band in bands]
    return [
        _Light(band, int(hit.sum()), int(hit.any(axis=1).sum()))
        for band, hit in zip(bands, inside, strict=True)
    ]


def _share_cells(lights: Sequence[_Light], rules: Disclosure, role: str, step: float) -> list[str]:
    """Write the shares, all of them or none: two of three would tell the third.

    In no finer steps than shares of the people: each of them gave several answers, so that
    shares of the answers would tell how many people there are as well.
    """
    total = sum(one.answers for one in lights)
    # Not only how few gave a light: where all but a few answers have one, so is it with the rest.
    small = any(rules.is_small(one.people) or rules.is_small(one.answers) for one in lights)
    shares = [rules.share_of(one.answers, total, role, finest=step) for one in lights]
    if small or not np.isfinite(shares).all():
        return [MISSING] * len(lights)
    return [percent(share) for share in shares]
