"""Linking: everyone is accounted for, ids stay as they are, and faults are told so one can act."""

from __future__ import annotations

import json

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relsurvey.errors import LinkError
from relsurvey.linkage import link


def workers(**changed) -> pd.DataFrame:
    columns = {
        "worker_id": ["007", "8", "nine", None],
        "reflection": [3.0, 4.5, 5.0, 2.0],
        "team": ["A", "A", "B", "B"],
    }
    return pd.DataFrame({**columns, **changed})


def users(**changed) -> pd.DataFrame:
    columns = {
        "respondent_id": ["u1", "u2", "u3", "u4", "u5", "u6", "u7"],
        "worker_id": ["8", "007", "7", "8", "", "Nine ", None],
        "experience": [4, 5, 3, 2, 1, 6, 2],
    }
    return pd.DataFrame({**columns, **changed})


def test_only_service_users_with_a_worker_are_kept_in_their_order() -> None:
    linked = link(workers(), users())
    assert linked.frame["respondent_id"].tolist() == ["u1", "u2", "u4"]
    assert linked.frame["reflection"].tolist() == [4.5, 3.0, 4.5]
    assert linked.frame.columns.tolist() == [
        "respondent_id", "worker_id", "experience", "reflection", "team",
    ]  # fmt: skip


def test_everyone_is_counted_and_the_unmatched_are_listed() -> None:
    log = link(workers(), users()).log
    assert (log.n_workers, log.n_workers_linked, log.workers_without_id) == (4, 2, 1)
    assert log.workers_unmatched.to_dict("list") == {"row": [4], "worker_id": ["nine"]}
    assert (log.n_service_users, log.n_service_users_linked) == (7, 3)
    assert log.service_users_without_id == 2
    assert log.service_users_unmatched.to_dict("list") == {
        "row": [4, 7],
        "worker_id": ["7", "Nine "],
    }
    assert log.near_misses == {"capital letters": 1, "leading zeros": 1}


def test_the_counts_of_each_side_add_up() -> None:
    counts = link(workers(), users()).to_frame()
    for side, total in (("workers", 4), ("service users", 7)):
        mine = counts[(counts["side"] == side) & ~counts["what"].str.contains("differs")]
        assert mine["count"].iloc[0] == total
        assert mine["count"].iloc[1:].sum() == total


def test_users_per_worker_are_summarised() -> None:
    summary = link(workers(), users()).log.users_per_worker
    assert (summary["mean"], summary["median"]) == (1.5, 1.5)
    assert summary["sd"] == pytest.approx(0.5**0.5)
    assert summary["counts"].to_dict("list") == {"n_service_users": [1, 2], "n_workers": [1, 1]}


def test_ids_are_compared_exactly() -> None:
    linked = link(workers(), users(worker_id=["007", "7", "07", " 8", "8", "NINE", "nine"]))
    assert linked.frame["worker_id"].tolist() == ["007", "8", "nine"]


def test_numbers_match_though_a_missing_id_made_them_floats() -> None:
    linked = link(
        pd.DataFrame({"worker_id": [7, 8], "x": [1, 2]}),
        pd.DataFrame({"worker_id": [8.0, None, 7.0]}),
    )
    assert linked.frame["x"].tolist() == [2, 1]
    assert linked.log.service_users_without_id == 1


def as_polars(frame: pd.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(frame.astype(object).where(frame.notna(), None).to_dict("list"))


KINDS = {
    "pandas": lambda frame: frame,
    "polars": as_polars,
    "polars lazy": lambda frame: as_polars(frame).lazy(),
}


@pytest.mark.parametrize("worker_kind", KINDS)
@pytest.mark.parametrize("user_kind", KINDS)
def test_the_kind_of_the_service_users_comes_out(worker_kind: str, user_kind: str) -> None:
    given_users = KINDS[user_kind](users())
    linked = link(KINDS[worker_kind](workers()), given_users)
    assert type(linked.frame) is type(given_users)
    frame = nw.from_native(linked.frame)
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    assert frame["respondent_id"].to_list() == ["u1", "u2", "u4"]
    assert frame["reflection"].to_list() == [4.5, 3.0, 4.5]
    assert frame["team"].to_list() == ["A", "A", "A"]


def test_a_pandas_index_plays_no_part() -> None:
    linked = link(workers().set_index(pd.Index([9, 9, 3, 1])), users().iloc[::-1])
    assert linked.frame["reflection"].tolist() == [4.5, 3.0, 4.5]
    assert linked.frame.index.tolist() == [0, 1, 2]
    assert linked.log.service_users_unmatched["row"].tolist() == [3, 6]


def test_columns_on_both_sides_are_told_apart() -> None:
    linked = link(workers(), users(team=["A", "B", "C", "B", "A", "A", "A"]), team="team")
    assert linked.log.renamed == {"team": "worker_team"}
    assert linked.frame["team"].tolist() == ["A", "B", "B"]
    assert linked.frame["worker_team"].tolist() == ["A", "A", "A"]
    assert linked.team == "worker_team"
    assert linked.log.team_clashes == 2
    assert "2 linked service users name another team" in linked.summary()


def test_the_team_may_be_on_either_side() -> None:
    assert link(workers(), users(), team="team").team == "team"
    by_users = link(workers().drop(columns="team"), users(team=list("ABCDEFG")), team="team")
    assert by_users.team == "team"
    assert by_users.log.team_clashes == 0


def test_the_dictionary_is_json_without_the_rows() -> None:
    found = link(KINDS["polars"](workers()), KINDS["polars"](users())).to_dict()
    assert "frame" not in found
    assert json.loads(json.dumps(found))["log"]["n_service_users_linked"] == 3


def test_the_summary_says_what_was_not_matched() -> None:
    text = link(workers(), users()).summary()
    assert "workers: 2 of 4 linked; 1 without a service user, 1 without an id" in text
    assert "1 of the unknown would match but for leading zeros; they were left unmatched" in text


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["a", "b", "c", "d", "", None]), min_size=1, max_size=30))
def test_every_service_user_is_in_exactly_one_place(ids: list[str | None]) -> None:
    table = pd.DataFrame({"worker_id": ["a", "b"], "x": [1, 2]})
    frame = pd.DataFrame({"worker_id": pd.Series(ids, dtype=object), "place": range(len(ids))})
    if not {"a", "b"} & set(ids):
        with pytest.raises(LinkError, match=r"No (service user|worker)"):
            link(table, frame)
        return
    linked = link(table, frame)
    log = linked.log
    parts = (log.n_service_users_linked, len(log.service_users_unmatched))
    assert sum(parts) + log.service_users_without_id == len(ids)
    assert linked.frame["place"].is_monotonic_increasing
    assert (linked.frame["x"] == linked.frame["worker_id"].map({"a": 1, "b": 2})).all()


def test_duplicate_workers_are_refused_with_their_rows() -> None:
    with pytest.raises(LinkError, match="2 worker ids are there more than once") as caught:
        link(workers(worker_id=["8", "7", "8", "7"]), users())
    assert caught.value.failures.to_dict("list") == {
        "worker_id": ["8", "7"],
        "rows": ["2, 4", "3, 5"],
    }


def test_blank_worker_ids_are_no_duplicates() -> None:
    assert link(workers(worker_id=["8", "", " ", None]), users()).log.workers_without_id == 3


def test_nobody_linked_shows_how_ids_look_and_what_would_match() -> None:
    strange = users(worker_id=["008", "NINE", "nine ", "x", "y", "z", "8.0"])
    with pytest.raises(LinkError, match="No service user has the id of any worker") as caught:
        link(workers(worker_id=["08", "nine", "x1", "y1"]), strange.drop(index=[6]))
    text = str(caught.value)
    assert "'99', 'aaaa', 'a9'" in text
    assert "'999', 'AAAA', 'aaaa '" in text
    assert not [id_ for id_ in ("08", "nine", "NINE", "x1") if id_ in text]
    assert "spaces around it (1), capital letters (1), leading zeros (1)" in text


def test_a_decimal_point_from_a_spreadsheet_is_recognised() -> None:
    with pytest.raises(LinkError, match=r"a decimal point \(1\)"):
        link(workers(worker_id=["07", "8", "9", "1"]), users(worker_id=["7.0", *"abcdef"]))


def test_nobody_linked_without_a_near_miss_says_that_the_column_is_probably_wrong() -> None:
    with pytest.raises(
        LinkError, match="Probably one of the two columns does not hold the worker's id"
    ):
        link(workers(), users(worker_id=list("abcdefg")))


def test_a_column_of_blank_ids_is_named() -> None:
    with pytest.raises(LinkError, match="all ids are blank in the service users' table"):
        link(workers(), users(worker_id=[None] * 7))


def test_text_against_numbers_is_refused_with_the_remedy() -> None:
    with pytest.raises(LinkError, match="text in one table and numbers") as caught:
        link(workers(), users(worker_id=[1, 2, 3, 4, 5, 6, 7]))
    assert "dtype={'worker_id': str}" in str(caught.value)
    assert caught.value.failures["ids are"].tolist() == ["text", "numbers"]


def test_a_column_that_mixes_text_and_numbers_is_refused() -> None:
    mixed = pd.Series([7, "8", "x", "y", "z", "v", "w"], dtype=object)
    with pytest.raises(LinkError, match="service users' table mixes text and numbers"):
        link(workers(), users(worker_id=mixed))


def test_long_ids_that_became_floats_are_refused() -> None:
    long = [float(2**53), 2.0**53 + 2]
    with pytest.raises(LinkError, match="workers' table holds decimal numbers too large"):
        link(pd.DataFrame({"worker_id": long}), users())
    exact = link(
        pd.DataFrame({"worker_id": [2**53, 2**53 + 1], "x": [1, 2]}),
        pd.DataFrame({"worker_id": pd.array([2**53 + 1, None], dtype="Int64")}),
    )
    assert exact.frame["x"].tolist() == [2]


def test_ids_of_invisible_characters_are_blank() -> None:
    log = link(
        workers(), users(worker_id=["8", "\ufeff", "\u200b \u200d", "8", "", "Nine ", None])
    ).log
    assert log.service_users_without_id == 4


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_ids_that_are_lists_are_refused(frame) -> None:
    with pytest.raises(LinkError, match="service users' table does not hold ids"):
        link(workers(), frame({"worker_id": [["8"], ["007"]]}))


def test_ids_in_the_byte_order_of_another_machine_are_the_same_ids() -> None:
    table = pd.DataFrame({"worker_id": np.array([7, 8], dtype=">i8"), "x": [1, 2]})
    assert link(table, pd.DataFrame({"worker_id": [8, 7]})).frame["x"].tolist() == [2, 1]


@pytest.mark.parametrize("name", [None, 5, ["worker_id"]])
def test_a_column_is_named_by_a_text(name) -> None:
    with pytest.raises(LinkError, match="on is the name of one column"):
        link(workers(), users(), on=name)
    if name is not None:
        with pytest.raises(LinkError, match="team is the name of one column"):
            link(workers(), users(), team=name)


def test_column_names_that_are_numbers_are_refused() -> None:
    with pytest.raises(LinkError, match="workers' table has column names that are not text: 0"):
        link(workers().rename(columns={"reflection": 0}), users())


def test_a_column_that_the_other_kind_of_frame_cannot_hold_is_named() -> None:
    mixed = workers(reflection=[1, "high", 3.5, None])
    with pytest.raises(LinkError, match="'reflection' of the workers' table cannot be put"):
        link(mixed, as_polars(users()))
    lists = as_polars(workers().drop(columns="reflection")).with_columns(x=pl.Series([[1]] * 4))
    assert link(lists, users()).frame["x"].tolist() == [[1]] * 3


def test_unknown_columns_are_named_on_each_side_with_the_likely_slip() -> None:
    with pytest.raises(LinkError, match="A column needed for linking") as caught:
        link(workers(), users(), on="Worker_Id", team="taem")
    failures = caught.value.failures
    assert failures["missing in"].tolist() == [
        "the workers' table", "the service users' table", "either table",
    ]  # fmt: skip
    assert failures["did you mean"].tolist() == ["worker_id", "worker_id", "team"]


@pytest.mark.parametrize("side", ["workers", "service users"])
def test_an_empty_table_is_refused(side: str) -> None:
    tables = {"workers": workers(), "service users": users()}
    tables[side] = tables[side].iloc[:0]
    with pytest.raises(LinkError, match=f"The {side}' table has no rows"):
        link(tables["workers"], tables["service users"])


def test_what_is_no_frame_and_equal_headings_are_refused() -> None:
    with pytest.raises(LinkError, match="this is a dict"):
        link({"worker_id": ["a"]}, users())
    twice = pd.DataFrame([["8", "8"]], columns=["worker_id", "worker_id"])
    with pytest.raises(LinkError, match="columns of the same name"):
        link(twice, users())


def test_renaming_never_gives_two_columns_one_name() -> None:
    with pytest.raises(LinkError, match="Two columns would be called 'worker_team'"):
        link(workers(worker_team=list("abcd")), users(team=list("ABCDEFG")))


def test_the_dictionaries_hold_counts_and_no_ids() -> None:
    linked = link(workers(), users())
    for found in (linked.to_dict(), linked.log.to_dict()):
        text = json.dumps(found)
        assert "nine" not in text.casefold()
        assert "007" not in text
    assert linked.log.to_dict()["n_workers_unmatched"] == 1
    assert linked.log.to_dict()["n_service_users_unmatched"] == 2


def test_the_unmatched_are_listed_on_request() -> None:
    linked = link(workers(), users())
    assert linked.log.unmatched().to_dict("list") == {
        "side": ["worker", "service_user", "service_user"],
        "row": [4, 4, 7],
        "worker_id": ["nine", "7", "Nine "],
    }
    assert linked.summary().endswith("the unmatched are listed in .unmatched() (--unmatched FILE)")
    everyone = link(workers().head(2), users().head(2))
    assert "unmatched()" not in everyone.summary()
    assert everyone.log.unmatched().columns.tolist() == ["side", "row", "worker_id"]


@pytest.mark.parametrize("both", [True, False])
def test_pseudonyms_of_different_keys_are_recognised(both: bool) -> None:
    left = workers(worker_id=[f"P-{sign * 16}" for sign in "ABCD"])
    right = users(worker_id=[f"P-{sign * 16}" for sign in "EFGHIJK"] if both else list("abcdefg"))
    with pytest.raises(LinkError, match="pseudonyms made with different keys") as caught:
        link(left, right)
    assert "score both with the same --key" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("mine", "theirs", "way"),
    [
        ("=a1", "'=a1", "an apostrophe in front, as relsurvey writes before = + - @"),
        ("Zoe\u0308", "Zo\u00eb", "the Unicode form of accented letters"),
        ("a1", "\u00ada1", "spaces around it"),
        ("'tis", "tis", ""),
    ],
)
def test_near_misses_by_how_an_id_is_written(mine: str, theirs: str, way: str) -> None:
    table = pd.DataFrame({"worker_id": [mine, "z"], "x": [1, 2]})
    log = link(table, pd.DataFrame({"worker_id": [theirs, "z"]})).log
    assert log.near_misses == ({way: 1} if way else {})


def test_the_remedy_names_the_option_and_the_argument() -> None:
    with pytest.raises(LinkError, match="--on / on=") as caught:
        link(workers(), users(), on="Worker")
    assert "--team / team=" in str(caught.value.hint)
