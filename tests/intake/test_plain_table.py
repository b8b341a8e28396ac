import numpy as np
import pandas as pd
import pytest

from relsurvey.errors import IntakeError
from relsurvey.intake import numeric_columns, plain_table, read_table
from relsurvey.tables import write_csv


def test_every_cell_is_text(export):
    frame = read_table(export("id;x;\n007;1.5;a\n008; ;b\n009;NA;c\n"))
    assert list(frame) == ["id", "x", "column_3"]
    assert frame["id"].tolist() == ["007", "008", "009"]
    assert frame["x"].isna().tolist() == [False, True, False]
    assert frame.index.equals(pd.RangeIndex(2, 5))
    assert frame.index.name == "row"


def test_declared_missing(export):
    frame = read_table(export("id,x\nNA,1\nb,NA\n"), missing=["NA"])
    assert frame.isna().to_numpy().tolist() == [[True, False], [False, True]]


def test_a_heading_that_stands_twice(export):
    with pytest.raises(IntakeError, match="more than one column with the heading 'x'"):
        read_table(export("x,y, x\n1,2,3\n"))


def test_numbers(export):
    frame = read_table(export("w,x,y\na,1,-2.5e3\nb,,+4.\nc,-, 7 \n"))
    numbers = numeric_columns(frame, ["x", "y", "x"], missing=["-"])
    assert numbers["x"].fillna(0).tolist() == [1, 0, 0]
    assert numbers["y"].tolist() == [-2500, 4, 7]
    assert numbers["w"].tolist() == ["a", "b", "c"]
    assert frame["x"].tolist()[0] == "1"


def test_numbers_stay_numbers():
    frame = pd.DataFrame({"x": [1, 2], "y": [0.5, np.nan]})
    numbers = numeric_columns(frame, ["x", "y"])
    assert numbers.dtypes.eq("float64").all()
    assert numbers["y"].isna().tolist() == [False, True]


def test_everything_that_is_no_number_is_listed(export):
    frame = read_table(export('x,y\n1,a\n\n"3,5",2\nNA,nan\ninf,1_0\n1e999,2\n'))
    with pytest.raises(IntakeError, match="7 cells that are not a number") as caught:
        numeric_columns(frame, ["x", "y"])
    assert caught.value.failures.to_numpy().tolist() == [
        [4, "x", "3,5"],
        [5, "x", "NA"],
        [6, "x", "inf"],
        [7, "x", "1e999"],
        [2, "y", "a"],
        [5, "y", "nan"],
        [6, "y", "1_0"],
    ]
    assert "decimal comma" in caught.value.hint


def test_columns_that_are_not_there(export):
    frame = read_table(export("score,y\n1,2\n"))
    with pytest.raises(IntakeError, match="no column 'scroe', 'zzz'") as caught:
        numeric_columns(frame, ["scroe", "y", "zzz"])
    assert caught.value.hint == "Did you mean score? Columns: score, y."


def test_our_own_files_come_back_as_they_were(tmp_path):
    frame = pd.DataFrame({"worker_id": ["=a", "+b", "-c", "@d", "'tis", "007"], "-x": [1.5] * 6})
    back = read_table(write_csv(frame, tmp_path / "t.csv"))
    assert back["worker_id"].tolist() == frame["worker_id"].tolist()
    assert list(back) == ["worker_id", "-x"]


def test_a_long_list_of_what_is_no_number_says_that_it_is_cut(export, monkeypatch):
    monkeypatch.setattr(plain_table, "MOST_FAILURES", 3)
    frame = read_table(export("x,y\n1,1\n" + "a,b\n" * 4))
    match = r"^t\.csv: 8 cells .*'a' \(4\), 'b' \(4\)\. The first 3 are listed\."
    with pytest.raises(IntakeError, match=match) as caught:
        numeric_columns(frame, ["x", "y"], source="t.csv")
    assert len(caught.value.failures) == 3
    assert "--missing-token" in caught.value.hint


def test_words_in_a_number_column_are_one_line(export):
    rows = "".join(f"{word},x{place}\n" for place, word in enumerate(["Yes", "No", "", "No"] * 9))
    frame = read_table(export(f"present,y\n{rows}"))
    with pytest.raises(IntakeError, match=r"'present' holds words and no numbers") as caught:
        numeric_columns(frame, ["present"], source="t.csv")
    assert caught.value.failures.to_numpy().tolist() == [
        [2, "present", "words: 'No' (18), 'Yes' (9)"]
    ]
    assert "Code words as numbers first" in caught.value.hint
    assert "Mend these cells" not in caught.value.hint
    with pytest.raises(IntakeError, match=r"holds words.*36 cells that are not a number") as caught:
        numeric_columns(frame, ["present", "y"])
    assert len(caught.value.failures) == 37
