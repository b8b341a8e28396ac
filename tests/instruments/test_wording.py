from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relsurvey.errors import InstrumentError, RelSurveyError
from relsurvey.instruments import load_wording, with_wording

PACK = "item,locale,wording,gist\nA2,en-GB,Two is here.,not this\nB1,cy,Tri.,\n"


@pytest.fixture
def pack_file(tmp_path):
    def write(text: str, name: str = "pack.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_pack_is_joined_to_a_new_instrument(small, pack_file) -> None:
    joined = with_wording(small, pack_file(PACK))
    assert joined.wording_of("A2") == "Two is here."
    assert joined.wording_of("B1", "cy") == "Tri."
    assert joined.languages == ("en-GB", "cy")
    assert joined.items["A2"].gist == "two"
    assert small.items["A2"].wording == {}
    assert (joined.digest, joined.path) == (small.digest, small.path)
    assert joined.items["A1"].wording == small.items["A1"].wording


def test_joined_wording_is_in_no_dump(small, pack_file) -> None:
    pack = load_wording(pack_file(PACK))
    joined = with_wording(small, pack)
    texts = (joined.model_dump_json(), repr(joined), repr(pack), str(joined.items["A2"]))
    assert not any("Two is here" in text for text in texts)


def test_yaml_pack_says_the_same_as_csv(small, pack_file) -> None:
    text = "source: a licence\nwording:\n  A2: {en-GB: Two is here.}\n  B1:\n    cy: Tri.\n"
    from_yaml = load_wording(pack_file(text, "pack.yaml"), small)
    assert from_yaml.wordings == load_wording(pack_file(PACK)).wordings


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PACK, "utf-8-sig"),
        (PACK, "utf-16"),
        (PACK.replace(",", ";"), "cp1252"),
        (PACK.replace(",", "\t").replace("\n", "\r\n"), "utf-8"),
        (PACK.replace("item,locale", " Item ,LOCALE"), "utf-8"),
    ],
)
def test_spreadsheet_dialects(pack_file, text, encoding) -> None:
    pack = load_wording(pack_file(text, encoding=encoding))
    assert pack.wordings == {"A2": {"en-GB": "Two is here."}, "B1": {"cy": "Tri."}}


def test_cp1252_apostrophe_is_read(pack_file) -> None:
    text = "item,locale,wording\nA2,en-GB,“It’s” two\n"
    assert load_wording(pack_file(text, encoding="cp1252")).entries[0].wording == "“It’s” two"


def test_all_faults_at_once(small, pack_file) -> None:
    path = pack_file(
        "item,locale,wording\nA2,en-GB,fine\nA22,en-GB,what\nB1,en-GB, \nA2,en-GB,again\n"
        "B2,English,four\n,en-GB,five\n"
    )
    with pytest.raises(InstrumentError, match="not a valid wording pack for small: 5") as caught:
        with_wording(small, path)
    faults = caught.value.failures.set_index("line")["fault"].to_dict()
    assert faults[3] == "unknown item id; did you mean 'A2'?"
    assert faults[4] == "the wording is blank"
    assert faults[5] == "a second wording; the first is on line 2"
    assert "not a language tag" in faults[6]
    assert "unknown item id" in faults[7]
    # Without an instrument ids cannot be unknown; the same pack object is held against it later.
    pack = load_wording(pack_file("item,locale,wording\nZ9,en-GB,what\n"))
    with pytest.raises(InstrumentError, match=r"'Z9'.*unknown item id"):
        with_wording(small, pack)


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("p.csv", "item,locale,wordng\n", "did you mean 'wording'"),
        ("p.csv", "item,locale,wording,item\n", "stands twice"),
        ("p.csv", "item,locale,wording\n", "it holds no wording"),
        ("p.csv", "", "'item', fault 'missing'"),
        ("p.yaml", "wordings: {A1: {en-GB: x}}\n", "did you mean 'wording'"),
        ("p.yaml", "wording: [A1]\n", "a mapping of item ids"),
        ("p.yaml", "wording: {A1: x}\n", "not a mapping of languages"),
        ("p.yaml", "wording: {A1: {en-GB: 3}}\n", "the wording is not text"),
        ("p.yaml", "wording:\n  A1: {en-GB: x}\n  A1: {en-GB: y}\n", "a second time"),
        ("p.yaml", "wording: {A1: {en-GB: }}\n", "the wording is blank"),
    ],
)
def test_bad_packs_are_answered(pack_file, name, text, match) -> None:
    with pytest.raises(InstrumentError, match=match):
        load_wording(pack_file(text, name))


def test_missing_pack_and_folder(tmp_path) -> None:
    with pytest.raises(InstrumentError, match="no wording pack"):
        load_wording(tmp_path / "none.csv")
    with pytest.raises(InstrumentError, match="is a folder"):
        load_wording(tmp_path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["p.csv", "p.yaml"]))
def test_any_bytes_give_a_pack_or_an_error_of_ours(tmp_path, data, name) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with contextlib.suppress(RelSurveyError):
        assert load_wording(path).entries
