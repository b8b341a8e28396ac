import stat

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relsurvey as rs
from relsurvey.pseudonyms import load_key, pseudonym, pseudonymised

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
