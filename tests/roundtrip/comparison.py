"""Hold what was read against what is true."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_people import Person, Truth, scored, truth_of
from modes import Mode, Written

from relsurvey.errors import IntakeError
from relsurvey.forms.form import Form
from relsurvey.instruments import Instrument
from relsurvey.intake import Responses, read_responses
from relsurvey.scoring import score


def assert_comes_back(
    instrument: Instrument,
    forms: Sequence[Form],
    people: Sequence[Person],
    mode: Mode,
) -> Responses | None:
    """Export, field, download and read; everything has to be as it was answered.

    Where the export cannot carry it, reading has to be refused; then nothing is returned.
    """
    with tempfile.TemporaryDirectory() as folder:
        written = mode.write(forms, people, Path(folder))
        if _cannot_carry(instrument, forms[0], mode, written):
            with pytest.raises(IntakeError, match=r"no column|no answer that|column"):
                _read(written, instrument)
            return None
        responses = _read(written, instrument)
    assert responses.platform == mode.platform
    truth = truth_of(instrument, people, mode.lost)
    pd.testing.assert_frame_equal(responses.items, truth.codes)
    pd.testing.assert_frame_equal(responses.reasons, truth.reasons)
    _assert_records(responses, people, mode)
    _assert_context(responses, instrument, people)
    return responses


def assert_scores(responses: Responses, truth: Truth) -> None:
    """Hold the scores against those worked out from the truth without our scoring."""
    instrument = responses.instrument
    scores = score(responses)
    for scale in instrument.scales:
        if scale.items:
            expected = scored(instrument, truth, scale.id)
            assert np.allclose(scores[scale.id], expected, equal_nan=True)


def _read(written: Written, instrument: Instrument) -> Responses:
    return read_responses(
        written.path, instrument, worker=written.worker, dictionary=written.dictionary
    )


def _cannot_carry(instrument: Instrument, form: Form, mode: Mode, written: Written) -> bool:
    """Say whether the platform took other codes or names than ours, which nothing explains."""
    asked = written.survey.questions
    codes = [one.code for one in asked[0].options]
    other_codes = codes != [choice.code for choice in form.choices]
    names = [one.name.lower() for one in asked if one.in_grid]
    other_names = names != [item.id.lower() for item in form.items]
    return (mode.by_code and other_codes) or (mode.by_name and other_names)


def _assert_records(responses: Responses, people: Sequence[Person], mode: Mode) -> None:
    meta = responses.meta
    assert meta["respondent_id"].str.removeprefix(mode.ids).str.removesuffix("abc").tolist() == [
        person.id for person in people
    ]
    assert meta["worker_id"].tolist() == [person.worker for person in people]
    known = ["started", "submitted", "finished", "duration", "progress", "preview", "language"]
    assert [one for one in known if one in meta] == [one for one in known if one in mode.records]
    if "started" in mode.records:
        assert meta["started"].tolist() == [person.started for person in people]
    if "duration" in mode.records:
        took = [(person.submitted - person.started).total_seconds() for person in people]
        ended = [one.finished or mode.platform != "limesurvey" for one in people]
        wanted = [one if done else np.nan for one, done in zip(took, ended, strict=True)]
        assert np.allclose(meta["duration"], wanted, equal_nan=True)
    if "finished" in mode.records:
        assert meta["finished"].tolist() == [person.finished for person in people]
    if "preview" in mode.records:
        assert not meta["preview"].any()
    if "language" in mode.records and mode.platform == "limesurvey":
        assert [one.split("-")[0] for one in meta["language"]] == [
            person.locale.split("-")[0] for person in people
        ]


def _assert_context(responses: Responses, instrument: Instrument, people: Sequence[Person]) -> None:
    """Numbers and free text come back as they were typed, but for spaces."""
    for asked in instrument.context:
        if asked.answer != "choice" and asked.id in responses.context:
            told = [person.given[asked.id] for person in people]
            assert responses.context[asked.id].tolist() == told
