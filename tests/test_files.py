import errno
import os
import stat

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.files import ensure_free, sha256_of, written_whole
from relsurvey.tables import neutralised, write_csv


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    target = tmp_path / "result.txt"
    with pytest.raises(RuntimeError, match="half way"), written_whole(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError("half way")
    assert list(tmp_path.iterdir()) == []
    with written_whole(target) as temporary:
        temporary.write_text("whole")
    assert target.read_text() == "whole"
    assert [entry.name for entry in tmp_path.iterdir()] == ["result.txt"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    target = tmp_path / "result.txt"
    target.write_text("old")
    with pytest.raises(rs.OutputError, match="No space left"), written_whole(target) as temporary:
        temporary.write_text("new")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert target.read_text() == "old"


def test_a_result_that_exists_is_kept_unless_forced(tmp_path):
    target = tmp_path / "result.csv"
    target.write_text("old")
    with pytest.raises(rs.OutputError, match=r"already there and is kept.*"):
        ensure_free(target, force=False)
    assert ensure_free(target, force=True) == target


def test_a_link_to_what_is_not_there_is_kept_unless_forced(tmp_path):
    target = tmp_path / "result.csv"
    target.symlink_to(tmp_path / "unplugged" / "result.csv")
    with pytest.raises(rs.OutputError, match=r"already there and is kept.*"):
        ensure_free(target, force=False)
    assert ensure_free(target, force=True) == target
    assert target.is_symlink()


def test_a_folder_or_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(rs.OutputError, match="is a folder"):
        ensure_free(tmp_path, force=True)
    with pytest.raises(rs.OutputError, match="no folder"):
        ensure_free(tmp_path / "nowhere" / "x.csv", force=False)


def test_no_permission_to_write_is_said(tmp_path, monkeypatch):
    # The suite may run as root, whom permissions do not stop; so the answer is put in.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(rs.OutputError, match="No permission to write"):
        ensure_free(tmp_path / "x.csv", force=False)


def test_tables_of_persons_are_for_their_owner_only(tmp_path):
    path = write_csv(pd.DataFrame({"a": [1]}), tmp_path / "a.csv", private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_csv_is_safe_in_a_spreadsheet_and_numbers_stay_numbers(tmp_path):
    frame = pd.DataFrame(
        {"=name": ["=1+1", "@x", "-3", "fine", None], "score": [-1.5, 2.0, None, 0.1 + 0.2, 4.0]}
    )
    path = write_csv(frame, tmp_path / "a.csv")
    assert path.read_text().splitlines() == [
        "'=name,score",
        "'=1+1,-1.5",
        "'@x,2.0",
        "'-3,",
        "fine,0.30000000000000004",
        ",4.0",
    ]
    assert frame["=name"].tolist()[0] == "=1+1"


def test_neutralised_covers_every_start_a_spreadsheet_runs():
    assert [neutralised(f"{start}x") for start in "=+-@\t\r"] == [
        f"'{start}x" for start in "=+-@\t\r"
    ]
    assert neutralised(-1) == -1


def test_sha256_is_that_of_the_bytes(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


AS_PANDAS = {
    "minus zero, tiny, huge": pd.DataFrame({"a": [0.0, -0.0, 1e-05, 1e16, np.inf, np.nan, 1 / 3]}),
    "narrow floats": pd.DataFrame({"a": np.array([0.1, 0.2], dtype=np.float32), "b": [1, 2]}),
    "truths and numbers": pd.DataFrame({"a": [True, False, True], "b": [2**62, -1, 0]}),
    "quotes": pd.DataFrame({"a": ['said "no"', "one, two", "two\nlines", "fine"], "b, c": [1] * 4}),
    "mixed": pd.DataFrame({"a": [1, True, "x", None, 1.0], "b": [(1, 2), {}, "", 0.5, "a,b"]}),
    "dates": pd.DataFrame({"a": pd.to_datetime(["2026-01-01", None]), "b": ["x", "y"]}),
    "kinds": pd.DataFrame(
        {
            "a": pd.Categorical(["u", None, "u"]),
            "b": pd.array([1, None, 3], dtype="Int64"),
            "c": pd.array([True, None, False], dtype="boolean"),
        }
    ),
    "one column with gaps": pd.DataFrame({"a": ["x", None, ""]}),
    "one column of numbers": pd.DataFrame({"a": [1.0, np.nan]}),
    "no rows": pd.DataFrame({"a": pd.Series(dtype=float), "b": pd.Series(dtype="str")}),
    "no columns": pd.DataFrame(),
    "all missing": pd.DataFrame({"a": [None, None], "b": [np.nan, np.nan]}),
    "two of a name": pd.DataFrame([[1, "x"], [2, "y"]], columns=["a", "a"]),
    "many rows": pd.DataFrame({"a": np.arange(45_000) / 7, "b": np.arange(45_000).astype(str)}),
}


@pytest.mark.parametrize("what", AS_PANDAS)
def test_a_csv_has_the_bytes_that_pandas_writes(tmp_path, what):
    frame = AS_PANDAS[what]
    path = write_csv(frame, tmp_path / "a.csv")
    assert path.read_bytes() == frame.to_csv(index=False, lineterminator="\n").encode()


def test_a_cell_with_a_carriage_return_is_read_back_whole(tmp_path):
    frame = pd.DataFrame({"a": ["one\rtwo", "x"], "b": [1, 2]})
    assert pd.read_csv(write_csv(frame, tmp_path / "a.csv"))["a"].tolist() == ["one\rtwo", "x"]
