"""The SWORD definition: what its sources establish, and statements that a pack adds."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.errors import InstrumentError, IntakeError
from relsurvey.instruments import load_wording, with_wording
from relsurvey.instruments.load import validate_instrument
from relsurvey.resources import shipped

PRINCIPLES = ("SECURE", "APPRECIATION", "LEARNING", "MISSION", "WELLBEING")
STEMS = ("SB", "AP", "LO", "MV", "WB")
ALL = [f"{stem}{k}" for stem in STEMS for k in range(1, 5)]


@pytest.fixture(scope="module")
def sword():
    return rs.load_instrument("sword")


@pytest.fixture
def pack(tmp_path):
    def write(items, name="pack.csv"):
        path = tmp_path / name
        rows = [{"item": one, "locale": "en-GB", "wording": f"Licensed {one}"} for one in items]
        pd.DataFrame(rows).to_csv(path, index=False)
        return path

    return write


def test_it_says_what_its_sources_establish_and_what_not(sword) -> None:
    assert (sword.respondent, sword.status) == ("worker", "draft")
    assert sword.scales.ids == (*PRINCIPLES, "RESILIENCE")
    assert [code.label["en-GB"] for code in sword.response_scale.codes] == [
        "Strongly disagree", "Disagree", "Slightly disagree",
        "Slightly agree", "Agree", "Strongly agree",
    ]  # fmt: skip
    assert sword.response_scale.values == (1, 2, 3, 4, 5, 6)
    assert sword.reversed_items == ()
    assert not any(item.wording for item in sword.items)
    assert any("Not established: how many statements" in note for note in sword.notes)
    assert all("sword.researchinpractice.org.uk" in one.citation for one in sword.sources)


def test_each_principle_has_the_three_lights_of_an_answer(sword) -> None:
    lights = {
        scale: [(b.minimum, b.maximum, b.level) for b in sword.bands if b.scale == scale]
        for scale in sword.scales.ids
    }
    three = [(1, 2, "red"), (3, 4, "amber"), (5, 6, "green")]
    assert all(lights[scale] == three for scale in PRINCIPLES)
    assert lights["RESILIENCE"] == []
    assert all("single answer" in band.reason for band in sword.bands)
    assert {band.of for band in sword.bands} == {"answer"}


def test_scores_are_means_and_the_overall_one_counts_principles_alike(sword, pack) -> None:
    longer = with_wording(sword, pack([*ALL, "SB5", "SB6"]))
    data = pd.DataFrame([dict.fromkeys(longer.item_ids, 2) | {f"SB{k}": 5 for k in range(1, 7)}])
    scores = rs.score(data, longer).iloc[0]
    assert (scores["SECURE"], scores["MISSION"]) == (5, 2)
    assert scores["RESILIENCE"] == pytest.approx((5 + 4 * 2) / 5)
    without = rs.score(data.assign(SB1=None, SB2=None), longer).iloc[0]
    assert pd.isna(without["SECURE"])
    assert pd.isna(without["RESILIENCE"])


def test_a_pack_adds_the_statements_it_names(sword, pack) -> None:
    longer = with_wording(sword, pack(ALL))
    assert longer.item_ids == tuple(ALL)
    assert longer.items_of("SECURE") == ("SB1", "SB2", "SB3", "SB4")
    assert longer.items["SB4"].gist == "Secure base, statement 4"
    assert longer.wording_of("SB4") == "Licensed SB4"
    assert longer.digest != sword.digest
    assert sword.items_of("SECURE") == ("SB1", "SB2")
    same = with_wording(sword, pack(["SB1"]))
    assert (same.item_ids, same.digest) == (sword.item_ids, sword.digest)


def test_a_pack_with_a_gap_or_a_strange_id_is_refused(sword, pack) -> None:
    with pytest.raises(InstrumentError, match="SB3 is missing before it") as caught:
        with_wording(sword, pack(["SB1", "SB4", "XX1"]))
    assert len(caught.value.failure_rows) == 2
    with pytest.raises(InstrumentError, match="unknown item id"):
        load_wording(pack(["SB01"]), sword)


def test_an_export_with_more_statements_than_are_known_is_not_scored_in_part(
    tmp_path, pack
) -> None:
    path = tmp_path / "sword.csv"
    pd.DataFrame({item: [1, 2, 3] for item in ALL}).to_csv(path, index=False)
    with pytest.raises(IntakeError, match="further items of sword") as caught:
        rs.read_responses(path, "sword")
    assert "wording pack" in str(caught.value)
    found = rs.read_responses(path, "sword", wording=pack(ALL))
    assert list(found.items) == ALL


def test_a_copy_of_the_file_works_where_the_id_does(tmp_path) -> None:
    text = (shipped("instruments") / "sword.yaml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        text.replace("items: [SB1, SB2]", "items: [SB1, SB2, SB3]").replace(
            "  - {id: AP1, reverse",
            "  - {id: SB3, reverse: false, gist: Own}\n  - {id: AP1, reverse",
        )
    )
    assert rs.load_instrument(mine).items_of("SECURE") == ("SB1", "SB2", "SB3")


def test_a_series_has_to_fit_its_scale(tmp_path) -> None:
    text = (shipped("instruments") / "sword.yaml").read_text(encoding="utf-8")
    path = tmp_path / "bad.yaml"
    path.write_text(re.sub(r"\{id: SB, scale: SECURE", "{id: SBX, scale: SECURE", text))
    with pytest.raises(InstrumentError, match="items numbered from 1"):
        validate_instrument(path)
    path.write_text(re.sub(r"\{id: SB, scale: SECURE", "{id: SB, scale: SECUR", text))
    with pytest.raises(InstrumentError, match="did you mean 'SECURE'"):
        validate_instrument(path)


def test_what_is_refused_itself_is_not_among_the_known_items(tmp_path):
    pack = tmp_path / "pack.csv"
    pack.write_text("item,locale,wording\nXX1,en-GB,hello\nSB9,en-GB,gap\n", encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        load_wording(pack, rs.load_instrument("sword"))
    unknown, gap = (row["fault"] for row in caught.value.failure_rows)
    assert "known: SB1" in unknown
    assert "SB9" not in unknown
    assert "is missing before it" in gap
