import dataclasses
import json
import math
import re

import numpy as np
import pandas as pd
import pytest

from relsurvey.criteria import missing_answers
from relsurvey.errors import ReportError
from relsurvey.results import Read, Result, json_ready


@dataclasses.dataclass(frozen=True)
class Example(Result):
    table: pd.DataFrame
    value: float
    extra: tuple[float, ...] = ()

    def to_frame(self):
        return self.table

    def summary(self):
        return "a < b"


@dataclasses.dataclass(frozen=True)
class Judged(Read):
    readings: tuple

    def to_frame(self):
        return pd.DataFrame()

    def figures_text(self):
        return "figures"


@dataclasses.dataclass(frozen=True)
class Judging(Read):
    share: float

    @property
    def readings(self):
        return [missing_answers("q1", self.share)]

    def to_frame(self):
        return pd.DataFrame()

    def figures_text(self):
        return "figures"


def test_what_is_read_shows_its_readings_everywhere():
    for result in (Judged((missing_answers("q1", 0.2),)), Judging(0.2)):
        (row,) = json.loads(json.dumps(result.to_dict()))["readings"]
        assert (row["about"], row["verdict"]) == ("q1", "not met")
        assert "q1: not met (missing 20.0 %; too many)" in result.summary()
        assert result.summary().startswith("figures\n\nHow the figures read\n\nCriterion")
    assert Judged(()).summary() == "figures"


def test_to_dict_is_json_whatever_numpy_and_pandas_put_in():
    table = pd.DataFrame({"a": np.array([1.5, np.nan]), "b": ["x", None]})
    result = Example(table, math.nan, (np.float64(2.0), math.inf))
    read = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert read == {
        "table": [{"a": 1.5, "b": "x"}, {"a": None, "b": None}],
        "value": None,
        "extra": [2.0, None],
    }


def test_json_ready_keeps_numbers_exact_and_dates_readable():
    assert json_ready(0.1 + 0.2) == 0.1 + 0.2
    assert json_ready(np.int64(3)) == 3
    assert json_ready(pd.Timestamp("2026-01-02")) == "2026-01-02T00:00:00"
    assert json_ready({"a": pd.Series([1, 2])}) == {"a": [1, 2]}
    assert json_ready(True) is True


def test_the_notebook_view_escapes_what_people_typed():
    shown = Example(pd.DataFrame({"<b>": ["<script>"]}), 1.0)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<pre>a &lt; b</pre>" in shown
    assert "&lt;b&gt;" in shown


def test_a_text_is_short_or_long():
    @dataclasses.dataclass(frozen=True)
    class Told(Example):
        def summary(self):
            return "A heading\nWhat was found,\nin lines.\n\nMore of it."

    @dataclasses.dataclass(frozen=True)
    class Tabled(Example):
        def summary(self):
            return "Items (listwise)\nitem     mean\nq1       2.1"

    told = Told(pd.DataFrame(), 1.0)
    assert told.to_text() == told.to_text("short") == "A heading; What was found, in lines."
    assert told.to_text("long") == told.summary()
    assert Tabled(pd.DataFrame(), 1.0).to_text() == "Items (listwise)."
    with pytest.raises(ReportError, match=r"length cannot be 'lang'"):
        told.to_text("lang")


def test_a_sentence_is_the_short_text():
    @dataclasses.dataclass(frozen=True)
    class Said(Example):
        sentence: str = "A goes with B."

    assert Said(pd.DataFrame(), 1.0).to_text() == "A goes with B."


def test_cards_do_not_disturb_each_other():
    """No id is in them, and every rule of their style holds inside the card alone."""
    shown = Example(pd.DataFrame({"n": [1]}), 1.0)._repr_html_()
    assert " id=" not in shown
    style = re.search("<style>(.*?)</style>", shown, re.DOTALL)[1]
    rules = re.findall(r"([^{}]+)\{[^{}]*\}", style)
    assert len(rules) > 8
    for rule in rules:
        assert all(one.strip().startswith(".relsurvey-card") for one in rule.split(","))


def test_an_empty_frame_has_a_card_too():
    example = Example(pd.DataFrame(), 1.0)
    assert example.to_table().rows == ()
    assert "<table" in example._repr_html_()
