from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from relsurvey.documents import Fault, read_yaml, validate
from relsurvey.errors import InstrumentError, RelSurveyError, StudyError


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    colour: str
    size: int = Field(default=1, strict=True)


class Tree(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    leaves: list[Leaf] = []
    by_name: dict[str, Leaf] = {}
    crown: Leaf | None = None


@pytest.fixture
def write(tmp_path):
    def write(text: str | bytes, name: str = "tree.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def read(path: Path):
    return read_yaml(path, StudyError, "tree")


def faults(path: Path, check=None) -> list[tuple]:
    with pytest.raises(StudyError, match="is not a valid tree") as caught:
        validate(read(path), Tree, StudyError, "tree", check)
    rows = caught.value.failures.to_dict(orient="records")
    return [(row["line"], row["key"], row["found"], row["allowed"]) for row in rows]


def test_values_and_lines(write) -> None:
    raw = read(write("name: oak\nleaves:\n  - colour: green\n  - {colour: red, size: 2}\n"))
    assert raw.content == {
        "name": "oak",
        "leaves": [{"colour": "green"}, {"colour": "red", "size": 2}],
    }
    assert raw.line(("name",)) == 1
    assert raw.line(("leaves", 1, "size")) == 4
    assert raw.line(("leaves", 1, "nothing", "there")) == 4
    assert validate(raw, Tree, StudyError, "tree").leaves[1].size == 2


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7", 7),
        ("-99", -99),
        ("0.50", 0.5),
        ("1.5e+3", 1500.0),
        ("true", True),
        ("null", None),
        ("", None),
        ("'7'", "7"),
        # What YAML 1.1 would turn into something nobody typed.
        ("No", "No"),
        ("on", "on"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("10:30", "10:30"),
        ("2024-01-31", "2024-01-31"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("!!int ''", ""),
        ("!!float ''", ""),
        ("!!python/object/apply:os.system [ls]", ["ls"]),
    ],
)
def test_plain_values(write, written, value) -> None:
    content = read(write(f"key: {written}\n")).content
    assert content == {"key": value}
    assert type(content["key"]) is type(value)


def test_key_written_twice_is_a_fault(write) -> None:
    path = write("name: oak\nname: elm\nleaves:\n  - colour: red\n    colour: green\n")
    assert [(line, key) for line, key, *_ in faults(path)] == [
        (2, "name"),
        (5, "leaves[0].colour"),
    ]


def test_misspelt_keys_are_named_in_lists_and_mappings(write) -> None:
    path = write(
        "name: oak\nleafs: []\nleaves:\n  - {color: red}\n"
        "by_name:\n  a:\n    colour: x\n    sise: 1\n"
        "crown: {colour: x, siez: 2}\n"
    )
    found = {key: (line, allowed) for line, key, found, allowed in faults(path)}
    assert found["leafs"] == (2, "one of: name, leaves, by_name, crown; did you mean 'leaves'?")
    assert found["leaves[0].color"] == (4, "one of: colour, size; did you mean 'colour'?")
    assert found["by_name.a.sise"] == (8, "one of: colour, size; did you mean 'size'?")
    assert found["crown.siez"] == (9, "one of: colour, size; did you mean 'size'?")
    assert found["leaves[0].colour"] == (4, "the key 'colour' is required")


def test_kinds_are_said_in_words(write) -> None:
    path = write("name: 3\nleaves: red\nby_name: [1]\ncrown: 4\n")
    found = {key: allowed for _, key, _, allowed in faults(path)}
    assert found == {
        "name": "text (put it in quotes)",
        "leaves": "a list",
        "by_name": "a mapping (key: value)",
        "crown": "a mapping of: colour, size",
    }


class Leaves(BaseModel):
    model_config = ConfigDict(extra="forbid")
    count: Annotated[int, Field(ge=1, le=9)] = 1
    share: Annotated[float, Field(gt=0, lt=0.5)] = 0.1


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("count: 0", "a number of at least 1"),
        ("count: 10", "a number of at most 9"),
        ("count: many", "a whole number, without quotes"),
        ("count: 1.5", "a whole number, without quotes"),
        ("count: [1]", "a whole number, without quotes"),
        ("share: 0.0", "a number above 0.0"),
        ("share: 0.5", "a number below 0.5"),
        ("share: half", "a number, without quotes"),
    ],
)
def test_numbers_are_said_in_words(write, text, allowed) -> None:
    raw = read_yaml(write(text), StudyError, "study")
    with pytest.raises(StudyError, match="1 fault") as caught:
        validate(raw, Leaves, StudyError, "study")
    assert caught.value.failures["allowed"].tolist() == [allowed]


def test_check_runs_beside_the_schema_and_all_faults_come_at_once(write) -> None:
    path = write("name: 3\nleaves:\n  - {colour: red, size: big}\n")

    def check(content):
        yield Fault(("leaves", 0, "colour"), "'red'", "'green'")

    assert [key for _, key, *_ in faults(path, check)] == [
        "name",
        "leaves[0].colour",
        "leaves[0].size",
    ]


def test_error_is_of_the_class_asked_for(write) -> None:
    with pytest.raises(InstrumentError, match=r"tree\.yaml must be a mapping"):
        read_yaml(write("- 1\n"), InstrumentError, "instrument")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "found an empty file"),
        ("# a comment\n", "found an empty file"),
        ("- a\n- b\n", "found a list"),
        ("just words", "found a text"),
        ("a: 1\n\tb: 2\n", r"line 2, column 1 is not valid YAML: .*'\\t'"),
        ("a: [1, 2\nb: 3\n", "line 2, column 2 is not valid YAML"),
        ("a: 1\n---\nb: 2\n", "is not valid YAML: but found another document"),
        ("a: *nowhere\n", "found undefined alias"),
        ("? [1, 2]\n: x\n", "a key on line 1 is not a word"),
        ("null: x\n", "a key on line 1 is not a word"),
        ("a: &a [*a]\n", r"anchor \(&\) on line 1 refers to itself"),
        ("a: 1\nb: &b {c: {d: *b}}\n", "on line 2 refers to itself"),
        ("[" * 3000, "nested too deeply"),
        ("a: " + "9" * 5000, "not valid YAML"),
        (b"name: oak\nb: caf\xe9\n", "line 2, is not UTF-8"),
        ("a: 1".encode("utf-16"), "is not UTF-8"),
        (b"a: \x00\n", "is not valid YAML"),
    ],
)
def test_what_is_no_document_is_answered(write, text, match) -> None:
    with pytest.raises(StudyError, match=match):
        read(write(text))


def test_aliases_that_multiply_are_stopped(write) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 10):
        again = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{again}]")
    with pytest.raises(StudyError, match="aliases that multiply"):
        read(write("\n".join(lines)))


def test_byte_order_mark_is_passed_over(write) -> None:
    assert read(write(b"\xef\xbb\xbfname: oak\n")).content == {"name": "oak"}


def test_paths_that_cannot_be_read(tmp_path, write) -> None:
    write("name: oak\n")
    with pytest.raises(StudyError, match=r"no tree file(.|\n)*Did you mean tree.yaml\?"):
        read(tmp_path / "treee.yaml")
    with pytest.raises(StudyError, match="is a folder; the tree is a file"):
        read(tmp_path)
    with pytest.raises(StudyError, match="is not a file name"):
        read(tmp_path / "a\0b.yaml")
    with pytest.raises(StudyError, match="cannot be read"):
        read(tmp_path / ("x" * 5000))


def test_too_large_a_file_is_not_read_whole(write, monkeypatch) -> None:
    monkeypatch.setattr("relsurvey.documents.LARGEST_FILE", 20)
    with pytest.raises(StudyError, match="is larger than"):
        read(write("name: " + "x" * 20))
    if Path("/dev/zero").exists():
        with pytest.raises(StudyError, match="is larger than"):
            read(Path("/dev/zero"))


def test_no_permission(write, monkeypatch) -> None:
    path = write("name: oak\n")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StudyError, match="cannot be read: Permission denied"):
        read(path)


PIECES = [
    "name: oak\n",
    "leaves:\n",
    "  - ",
    "colour: red\n",
    "&a ",
    "*a ",
    "<<: *a\n",
    "| \n",
    "\t",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "? ",
    "'",
    '"',
    "#",
    "\\",
    "%",
    "@",
    "---\n",
    "\n",
    "!!int ",
    "!!float x\n",
    "!!bool ",
    "!!set ",
    "!!omap ",
    "!!binary ",
    "!!null ",
]
YAML_LIKE = st.lists(st.sampled_from(PIECES), max_size=15).map("".join)


@settings(
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=120) | YAML_LIKE)
def test_any_text_gives_a_document_or_an_error_of_ours(tmp_path, text) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(RelSurveyError):
        assert isinstance(validate(read(path), Tree, StudyError, "tree"), Tree)


def test_a_key_twice_is_found_however_it_is_written(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text('1: a\n"1": b\n')
    raw = read_yaml(path, InstrumentError, "instrument")
    assert [fault.found for fault in raw.faults] == ["'1' a second time"]
