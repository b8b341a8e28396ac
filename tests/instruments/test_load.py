from __future__ import annotations

import subprocess
import sys

import pytest

import relsurvey as rs
from relsurvey.errors import InstrumentError
from relsurvey.instruments import (
    instrument_ids,
    list_instruments,
    load_instrument,
    validate_instrument,
)


def test_list_has_one_row_an_instrument() -> None:
    table = list_instruments()
    assert list(table.columns) == [
        "id", "version", "title", "respondent", "n_items", "n_scales", "status",
    ]  # fmt: skip
    rows = {row.id: (row.n_items, row.n_scales, row.status) for row in table.itertuples()}
    assert rows == {
        "peech-sc": (23, 5, "draft"),
        "rpq-10": (10, 1, "published"),
        "rpq-16": (16, 5, "published"),
        "rpq-40": (40, 11, "published"),
        "rpq-e": (30, 4, "published"),
        "sword": (10, 6, "draft"),
    }
    assert rs.list_instruments().equals(table)


def test_id_of_the_file_is_its_name() -> None:
    assert [load_instrument(name).id for name in instrument_ids()] == list(instrument_ids())


def test_unknown_id_is_answered_with_the_likely_one() -> None:
    with pytest.raises(
        InstrumentError, match=r"'rpq16'(.|\n)*Did you mean 'rpq-16'\?(.|\n)*peech-sc"
    ):
        load_instrument("rpq16")
    with pytest.raises(InstrumentError, match="no instrument with the id ''"):
        load_instrument("")


def test_path_text_and_instrument_are_taken(small_file, small, monkeypatch) -> None:
    assert load_instrument(str(small_file)) == small
    assert load_instrument(small) is small
    assert validate_instrument(small_file).id == "small"
    monkeypatch.chdir(small_file.parent)
    assert load_instrument("small.yaml").id == "small"
    small_file.rename("small.txt")
    assert load_instrument("./small.txt").id == "small"


def test_missing_file_names_the_near_one(small_file) -> None:
    with pytest.raises(
        InstrumentError, match=r"no instrument file(.|\n)*Did you mean small.yaml\?"
    ):
        load_instrument(small_file.with_name("smal.yaml"))


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 5000 + ".yaml"])
def test_impossible_file_names_are_answered(name) -> None:
    with pytest.raises(InstrumentError, match=r"not a file name|cannot be read|no instrument file"):
        load_instrument(name)


def test_loading_needs_no_pandas() -> None:
    code = (
        "import sys; from relsurvey.instruments import load_instrument, describe;"
        "describe(load_instrument('rpq-16'));"
        "print(sorted({'pandas', 'numpy', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
