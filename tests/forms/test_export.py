import csv
import json
import os
from pathlib import Path

import pytest

from relsurvey.errors import InstrumentError, OutputError
from relsurvey.forms import FORMATS, Exported, export_instrument
from relsurvey.forms.files import write_all
from relsurvey.instruments import load_instrument, load_wording

AWKWARD = Path(__file__).with_name("awkward.yaml")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def pack(tmp_path):
    path = tmp_path / "pack.csv"
    with path.open("w", newline="") as stream:
        rows = [
            [one, "en-GB", f"My own words, {one}"] for one in load_instrument("rpq-16").item_ids
        ]
        csv.writer(stream).writerows([["item", "locale", "wording"], *rows])
    return path


def there(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written(name, here):
    done = export_instrument("peech-sc", name, locale="en-GB")
    assert done.files
    assert all(path.stat().st_size > 0 for path in done.files)
    assert there(here) == sorted(path.name for path in done.files)
    assert done.languages == ("en-GB",)
    if suffix := FORMATS[name].suffix:
        middle = "" if suffix == f".{name}" else f"-{name}"
        assert [str(path) for path in done.files] == [f"peech-sc{middle}{suffix}"]
    else:
        assert {path.parts[0] for path in done.files} == {f"peech-sc-{name}"}


def test_one_file_goes_to_the_file_or_into_the_folder_named(here):
    (here / "forms").mkdir()
    assert export_instrument("peech-sc", "redcap", "mine.csv").files == (Path("mine.csv"),)
    inside = export_instrument("peech-sc", "redcap", "forms").files
    assert inside == (Path("forms/peech-sc-redcap.csv"),)


def test_several_files_go_into_a_folder(here):
    done = export_instrument(AWKWARD, "qualtrics", "texts", locale=["cy", "en-GB"])
    assert done.files == (Path("texts/Awk-ward_1.cy.txt"), Path("texts/Awk-ward_1.en-GB.txt"))
    assert done.languages == ("cy", "en-GB")


def test_all_languages_where_the_format_holds_them_else_the_first(here):
    assert export_instrument("peech-sc", "xlsform").languages == ("en-GB", "en-GB-x-easy")
    assert export_instrument("peech-sc", "redcap").languages == ("en-GB",)


def test_an_instrument_without_wording_takes_a_pack(here, pack):
    with pytest.raises(InstrumentError, match=r"no wording in en-GB(.|\n)*wording pack"):
        export_instrument("rpq-16", "redcap")
    assert there(here) == []
    done = export_instrument("rpq-16", "redcap", wording=pack)
    assert "My own words, RIA1" in done.files[0].read_text()
    again = export_instrument("rpq-16", "qualtrics", wording=load_wording(pack))
    assert "My own words, SA4" in again.files[0].read_text()


def test_a_language_with_holes_can_be_left_out(here, tmp_path):
    text = AWKWARD.read_text(encoding="utf-8").replace(', cy: "Tri."', "")
    path = tmp_path / "holes.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstrumentError, match=r"Name the languages .*en-GB --locale en-GB-x-easy"):
        export_instrument(path, "xlsform")
    assert export_instrument(path, "xlsform", locale=["en-GB", "en-GB-x-easy"]).files


def test_nothing_is_replaced_unasked(here):
    first = export_instrument("peech-sc", "redcap").files[0]
    before = first.read_bytes()
    with pytest.raises(OutputError, match="already there"):
        export_instrument("peech-sc", "redcap", fillings={"worker": "my carer"})
    assert first.read_bytes() == before
    export_instrument("peech-sc", "redcap", fillings={"worker": "my carer"}, force=True)
    assert b"my carer" in first.read_bytes()


def test_one_file_in_the_way_stops_all_of_them(here):
    taken = here / "texts" / "Awk-ward_1.en-GB.txt"
    taken.parent.mkdir()
    taken.write_text("mine")
    with pytest.raises(OutputError, match="already there"):
        export_instrument(AWKWARD, "qualtrics", "texts", locale=["cy", "en-GB"])
    assert there(here) == ["Awk-ward_1.en-GB.txt"]
    export_instrument(AWKWARD, "qualtrics", "texts", locale=["cy", "en-GB"], force=True)
    assert taken.read_text() != "mine"
    assert there(here) == ["Awk-ward_1.cy.txt", "Awk-ward_1.en-GB.txt"]


def test_an_input_is_never_replaced(here, pack):
    own = here / "peech-sc.json"
    kept = pack.read_bytes()
    with pytest.raises(OutputError, match="is an input"):
        export_instrument("rpq-16", "redcap", pack, wording=pack, force=True)
    assert pack.read_bytes() == kept
    assert not own.exists()


@pytest.mark.parametrize(
    ("name", "out", "fault"),
    [
        ("redcpa", None, "Did you mean 'redcap'"),
        ("redcap", "form.xlsx", r"has to end in \.csv"),
        ("redcap", "nowhere/form.csv", "no folder nowhere"),
        ("bids", "nowhere/deep", "no folder nowhere"),
        ("limesurvey", "form.txt", "2 files are written"),
    ],
)
def test_a_place_or_format_that_cannot_be_is_refused(here, name, out, fault):
    with pytest.raises(OutputError, match=fault):
        export_instrument("peech-sc", name, out)
    assert list(here.iterdir()) == []


def test_a_file_where_a_folder_is_needed_is_refused(here):
    (here / "taken").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        export_instrument("peech-sc", "bids", "taken")
    assert (here / "taken").read_text() == "mine"


def test_a_format_of_one_language_refuses_several_it_would_drop(here):
    with pytest.raises(InstrumentError, match="hold one language; 2 were named"):
        export_instrument("peech-sc", "bids", locale=["en-GB", "en-GB-x-easy"])


def test_where_the_last_move_fails_everything_is_as_it_was(here, monkeypatch):
    old = here / "out" / "a.txt"
    old.parent.mkdir()
    old.write_text("old")
    moves = []
    real = os.rename

    def rename(source, target, **options):
        moves.append(target)
        if len(moves) == 3:
            raise OSError(28, "No space left on device")
        return real(source, target, **options)

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(OutputError, match="No space left"):
        write_all({"a.txt": b"new", "deep/b.txt": b"new"}, here / "out", folder="out", suffix="",
                  force=True, keep=())  # fmt: skip
    assert old.read_text() == "old"
    assert there(here) == ["a.txt"]
    assert [path.name for path in (here / "out").iterdir()] == ["a.txt"]


def test_the_result_says_what_was_written(here):
    done = export_instrument("peech-sc", "limesurvey")
    assert isinstance(done, Exported)
    assert list(done.to_frame()["file"]) == [str(path) for path in done.files]
    assert done.to_frame()["bytes"].min() > 1000
    assert "does not reverse SEC7, VAL6" in done.summary()
    assert json.loads(json.dumps(done.to_dict()))["format"] == "limesurvey"


def test_who_supplied_the_wording_is_said_in_the_files_and_told(pack, here):
    done = export_instrument("rpq-16", "fhir", "form.json", wording=pack)
    said = json.loads(Path("form.json").read_text())["copyright"]
    assert "not included" not in said
    assert "wording supplied by the person who exported it" in said
    assert any("check its licence before passing it on" in one for one in done.remarks)
    export_instrument("rpq-16", "codebook", "book", wording=pack)
    page = next(path for path in Path("book").iterdir() if path.suffix == ".html").read_text()
    assert "not included" not in page
    assert "wording supplied by the person who exported it" in page


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_of_a_supplied_wording(name, pack):
    assert any("wording supplied" in one
               for one in export_instrument("rpq-16", name, wording=pack).remarks)  # fmt: skip
    own = export_instrument("peech-sc", name, locale="en-GB", force=True)
    assert not any("wording supplied" in one for one in own.remarks)


def test_languages_that_were_left_out_are_told():
    done = export_instrument("peech-sc", "redcap")
    assert "Written in en-GB; en-GB-x-easy: --locale en-GB-x-easy." in done.remarks
    asked = export_instrument("peech-sc", "redcap", locale="en-GB", force=True)
    assert not any("Written in" in one for one in asked.remarks)


def test_braces_that_are_no_placeholder_are_told(pack):
    pack.write_text(pack.read_text().replace("My own words, RIA2", "I told {name}"))
    done = export_instrument("rpq-16", "redcap", wording=pack)
    assert any("{name} (RIA2)" in one for one in done.remarks)


def test_placeholders_left_at_their_default_are_told():
    known = load_instrument("peech-sc").placeholders
    assert len(known) > 1
    first, *others = known
    done = export_instrument("peech-sc", "redcap", fillings={first: "my nurse"})
    told = next(one for one in done.remarks if "Left at what the definition says" in one)
    assert all(name in told for name in others)
    every = export_instrument("peech-sc", "redcap", fillings=dict(known), force=True)
    assert not any("Left at" in one for one in every.remarks)


def test_formatting_signs_are_told_for_xlsform(pack):
    pack.write_text(pack.read_text().replace("My own words, RIA2", "# I told <b>them</b>"))
    done = export_instrument("rpq-16", "xlsform", wording=pack)
    told = next(one for one in done.remarks if "as formatting" in one)
    assert "look at RIA2 in the form" in told


def test_does_not_apply_in_an_assessment_is_told():
    done = export_instrument("peech-sc", "limesurvey", locale="en-GB")
    assert any("has no value for 9" in one for one in done.remarks)
