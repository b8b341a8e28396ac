"""Rows in logs and messages are those of the file, blank lines and all."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from relsurvey.errors import IntakeError, LinkError
from relsurvey.instruments import load_instrument
from relsurvey.intake import Responses, numeric_columns, read_responses, read_table
from relsurvey.linkage import link
from relsurvey.scoring import score

RPQ = load_instrument("rpq-10").item_ids
PEECH = load_instrument("peech-sc").item_ids
CONTEXT = load_instrument("peech-sc").context.ids[0]


def export(path: Path, items: tuple[str, ...], ids: list[str], months: str = "") -> Path:
    """Write a survey with a blank line before every answer."""
    lines = [",".join(["worker", *items, CONTEXT])]
    for name in ids:
        lines += ["", ",".join([name, *["3"] * len(items), months])]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def in_the_file(frame: pd.DataFrame, responses: Responses) -> pd.DataFrame:
    """Put the rows of the file at the side of a frame, as study/run.py does."""
    return frame.set_axis(pd.Index(responses.rows, name="row"))


def test_blank_lines_in_both_files_of_a_study(tmp_path: Path) -> None:
    workers = read_responses(
        export(tmp_path / "w.csv", RPQ, ["a", "b", "c"]), "rpq-10", worker="worker"
    )
    users = read_responses(
        export(tmp_path / "u.csv", PEECH, ["b", "x", "a", "y"]), "peech-sc", worker="worker"
    )
    assert users.rows.tolist() == [3, 5, 7, 9]
    for frame in (users.items, users.reasons, users.meta, users.context, score(users)):
        assert frame.index.tolist() == [0, 1, 2, 3]
    sides = [in_the_file(score(one), one) for one in (workers, users)]
    unmatched = link(*sides).log.unmatched()
    assert unmatched.to_dict("list") == {
        "side": ["worker", "service_user", "service_user"],
        "row": [7, 5, 9],
        "worker_id": ["c", "x", "y"],
    }


def test_duplicate_workers_are_named_by_their_rows_in_the_file(tmp_path: Path) -> None:
    path = export(tmp_path / "w.csv", RPQ, ["a", "b", "a"])
    responses = read_responses(path, "rpq-10", worker="worker")
    workers = in_the_file(score(responses), responses)
    with pytest.raises(LinkError, match="1 worker id is there") as caught:
        link(workers, pd.DataFrame({"worker_id": ["a"]}))
    assert caught.value.failure_rows == [{"worker_id": "a", "rows": "3, 7"}]


def test_numbers_of_a_study_are_named_by_their_rows_in_the_file(tmp_path: Path) -> None:
    path = export(tmp_path / "u.csv", PEECH, ["a", "b"], months="two")
    users = read_responses(path, "peech-sc", worker="worker")
    context = in_the_file(users.context, users)
    with pytest.raises(IntakeError, match=r"^u\.csv: 'months_known' holds words") as caught:
        numeric_columns(context, [CONTEXT], source="u.csv")
    assert caught.value.failures["row"].tolist() == [3]


def test_a_table_keeps_its_rows_through_what_is_done_to_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("worker_id,x\na,1\n\nb,2\n\nc,3\n")
    table = read_table(tmp_path / "t.csv")
    assert table.index.tolist() == [2, 4, 6]
    some = numeric_columns(table[table["worker_id"] != "a"], ["x"]).copy()
    users = pd.DataFrame({"worker_id": ["c"]})
    assert link(some, users).log.unmatched()["row"].tolist() == [4]


def test_many_duplicates_are_sorted_once() -> None:
    ids = np.repeat([f"w{i:05}" for i in range(3_000)], 2)
    with pytest.raises(LinkError, match="3,000 worker ids") as caught:
        link(pd.DataFrame({"worker_id": ids}), pd.DataFrame({"worker_id": ["w1"]}))
    rows = caught.value.failure_rows
    assert (rows[0]["rows"], rows[-1]["rows"]) == ("2, 3", "6000, 6001")
