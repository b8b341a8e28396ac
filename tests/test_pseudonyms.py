import stat

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relsurvey as rs
from relsurvey.pseudonyms import (
    by_pseudonym,
    is_pseudonym,
    key_mark,
    load_key,
    pseudonym,
    pseudonymised,
    read_key,
)

KEY = bytes(range(32))


def test_a_key_is_made_once_and_read_after_that(tmp_path):
    path = tmp_path / "relsurvey.key"
    key = load_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path) == key
    assert load_key(tmp_path / "other.key") != key


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "é"])
def test_a_file_that_is_no_key_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(rs.OutputError, match="is not a key file"):
        load_key(path)
    assert path.read_text(encoding="utf-8") == content


@given(st.lists(st.text(min_size=1), unique=True, max_size=50))
def test_different_ids_get_different_pseudonyms_and_never_show_the_id(ids):
    names = [pseudonym(value, "worker", KEY) for value in ids]
    assert len(set(names)) == len(set(ids))
    assert all(len(name) == 18 for name in names)


def test_a_pseudonym_depends_on_key_and_kind_and_stays_itself():
    one = pseudonym("007", "worker", KEY)
    assert one != pseudonym("7", "worker", KEY)
    assert one != pseudonym("007", "respondent", KEY)
    assert one != pseudonym("007", "worker", bytes(32))
    assert pseudonym(one, "worker", bytes(32)) == one


def test_only_id_columns_change_and_missing_ids_stay_missing():
    frame = pd.DataFrame({"worker_id": ["007", None, ""], "RC": [1.0, 2.0, 3.0]})
    safe = pseudonymised(frame, KEY)
    assert safe["worker_id"].tolist()[0] == pseudonym("007", "worker", KEY)
    assert safe["worker_id"].isna().tolist() == [False, True, False]
    assert safe["worker_id"].tolist()[2] == ""
    assert safe["RC"].equals(frame["RC"])
    assert frame["worker_id"].tolist()[0] == "007"


def test_several_tables_share_what_was_hashed_and_ids_may_be_numbers():
    made = {}
    first = pseudonymised(pd.DataFrame({"worker_id": ["007", "8"]}), KEY, made=made)
    second = pseudonymised(pd.DataFrame({"worker_id": [8, 9, 8]}), KEY, made=made)
    expected = [pseudonym(one, "worker", KEY) for one in ("007", "8", "9")]
    assert first["worker_id"].tolist() == expected[:2]
    assert second["worker_id"].tolist() == [expected[1], expected[2], expected[1]]
    assert made == {"worker": dict(zip(("007", "8", "9"), expected, strict=True))}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_that_others_can_read_is_refused_and_stays(tmp_path, mode):
    path = tmp_path / "relsurvey.key"
    path.write_text(KEY.hex())
    path.chmod(mode)
    with pytest.raises(rs.OutputError, match=rf"read by others than its owner \(mode {mode:o}\)"):
        load_key(path)
    assert path.read_text() == KEY.hex()
    path.chmod(0o400)
    assert load_key(path) == KEY


def test_a_key_is_never_written_over_one_that_is_there(tmp_path, monkeypatch):
    path = tmp_path / "relsurvey.key"
    first = load_key(path)
    # As where another run made it between a look and the making.
    monkeypatch.setattr(type(path), "exists", lambda self: False)
    assert load_key(path) == first


def test_a_key_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "relsurvey.key"
    monkeypatch.setattr("relsurvey.pseudonyms.secrets.token_hex", full)
    with pytest.raises(rs.OutputError, match="cannot be written: No space left"):
        load_key(path)
    assert list(tmp_path.iterdir()) == []


def test_reading_a_key_makes_none(tmp_path):
    with pytest.raises(rs.OutputError, match="There is no key file"):
        read_key(tmp_path / "no.key")
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.text(min_size=1), unique=True, max_size=20))
def test_pseudonyms_are_turned_back_by_hashing_all_ids_again(ids):
    known = by_pseudonym({"worker": ids, "team": ids}, KEY)
    for one in ids:
        if not is_pseudonym(one):
            assert known[pseudonym(one, "worker", KEY)] == ("worker", one)
            assert known[pseudonym(one, "team", KEY)] == ("team", one)
    assert key_mark(KEY) != key_mark(bytes(32))
