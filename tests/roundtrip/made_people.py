"""People who answer a form, and what is true of their answers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import numpy as np
import pandas as pd

from relsurvey.forms.form import Form
from relsurvey.instruments import Instrument

HIDDEN, SEEN = "(hidden)", "(seen)"
_START = datetime(2026, 3, 14, 9, 26, 53)


@dataclass(frozen=True)
class Person:
    """One respondent.

    Attributes
    ----------
    id, worker, locale : str
        Their number, the code of the worker they are about, and the language they answer in.
    started, submitted : datetime
        When; they did not come to the end where ``finished`` is false.
    finished : bool
        Whether they did.
    given : dict of str to str
        By item or question: the code of the definition, free text, `SEEN` where nothing was
        answered, `HIDDEN` where nothing was asked.
    """

    id: str
    worker: str
    locale: str
    started: datetime
    submitted: datetime
    finished: bool
    given: Mapping[str, str]


@dataclass(frozen=True)
class Truth:
    """What a reader has to find: codes as answered, and the reason where there is none."""

    codes: pd.DataFrame
    reasons: pd.DataFrame


def people_of(forms: Sequence[Form], random: Random, count: int = 7) -> list[Person]:
    """Make people who use every answer at least once, and leave some out."""
    form = forms[0]
    codes = [choice.code for choice in form.choices]
    # The first answers go round all codes, one empty cell of each kind among them.
    pool = [SEEN, HIDDEN, *codes, *random.choices([*codes, SEEN, HIDDEN], k=200)]
    answers = itertools.cycle(pool)
    people = []
    for number in range(max(count, len(pool[: 2 + len(codes)]) // len(form.items) + 1)):
        started = _START + timedelta(days=number, seconds=random.randrange(80_000))
        given = {item.id: next(answers) for item in form.items}
        for asked in form.context:
            given[asked.id] = {
                "number": str(random.randrange(1, 60)),
                "text": random.choice(["none", 'a "b", c; d', "ä / ö", "two words"]),
                "choice": random.choice([one.code for one in asked.choices] or [""]),
            }[asked.kind]
        people.append(
            Person(
                str(number + 1),
                f"00{random.randrange(1, 4)}",
                random.choice(forms).locale,
                started,
                started + timedelta(seconds=random.randrange(60, 4_000)),
                number != 2,
                given,
            )
        )
    return people


def truth_of(instrument: Instrument, people: Sequence[Person], lost: Mapping[str, str]) -> Truth:
    """Return what is true, as far as an export can carry it.

    Parameters
    ----------
    instrument : Instrument
        What was answered.
    people : sequence of Person
        In the order of the export.
    lost : mapping of str to str
        Reasons the export cannot carry, and what they become.
    """
    scale = instrument.response_scale
    reasons = {SEEN: "unanswered", HIDDEN: "not_shown"}
    reasons |= {one.code: one.reason for one in (*scale.not_applicable, *scale.missing)}
    reasons = {code: lost.get(reason, reason) for code, reason in reasons.items()}
    given = [[person.given[item] for item in instrument.item_ids] for person in people]
    return Truth(
        pd.DataFrame(
            [[np.nan if one in reasons else float(one) for one in row] for row in given],
            columns=list(instrument.item_ids),
        ),
        pd.DataFrame(
            [[reasons.get(one) for one in row] for row in given],
            columns=list(instrument.item_ids),
            dtype=object,
        ),
    )


def scored(instrument: Instrument, truth: Truth, scale_id: str) -> list[float]:
    """Score by hand: the mean of what was answered, reverse-keyed items turned round."""
    scale, rule = instrument.response_scale, instrument.scales[scale_id]
    items = instrument.items_of(scale_id)
    scores = []
    for row in truth.codes.index:
        codes = {item: truth.codes.loc[row, item] for item in items}
        applicable = sum(truth.reasons.loc[row, item] != "not_applicable" for item in items)
        keyed = [
            scale.minimum + scale.maximum - code if instrument.items[item].reverse else code
            for item, code in codes.items()
            if not np.isnan(code)
        ]
        enough = keyed and len(keyed) >= rule.minimum_answered.needed(applicable)
        scores.append(sum(keyed) / len(keyed) if enough else np.nan)
    return scores
