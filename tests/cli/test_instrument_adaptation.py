import json

import pytest

LONG = "rater,group,item,relevance\n" + "".join(
    f"{group}{i},{group},{item},{4 if item == 'SEC1' or i else 2}\n"
    for group in ("experts", "people") for i in range(3) for item in ("SEC1", "SEC2")
)  # fmt: skip


@pytest.fixture
def ratings(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(LONG, encoding="utf-8-sig")
    return path


def test_compare(call):
    done = call("instruments", "compare", "rpq-40", "rpq-16")
    assert done.code == 0, done.err
    assert "Items: 16 kept, 24 dropped." in done.out
    assert max(map(len, done.out.splitlines())) <= 88
    read = json.loads(call("instruments", "compare", "rpq-40", "rpq-16", "--json").out)
    assert len(read["items"]) == 40
    assert read["a"] == "rpq-40 1.0.0"


def test_compare_with_an_edited_copy(call, tmp_path):
    copy = tmp_path / "copy.yaml"
    text = call("instruments", "show", "peech-sc", "--yaml").out
    copy.write_text(text.replace("I felt safe with {worker}.", "I felt quite safe with {worker}."))
    done = call("instruments", "compare", "peech-sc", copy)
    assert "Items: 22 kept, 1 reworded." in done.out
    assert "B: peech-sc 0.1.0 (copy.yaml)" in done.out
    assert "I felt quite safe with {worker}." in " ".join(done.out.split())


def test_readability(call):
    done = call("instruments", "readability", "peech-sc", "--locale", "en-GB-x-easy")
    assert done.code == 0, done.err
    assert "en-GB-x-easy: " in done.out
    assert "en-GB: " not in done.out
    read = json.loads(call("instruments", "readability", "peech-sc", "--json").out)
    assert {row["locale"] for row in read["table"]} == {"en-GB", "en-GB-x-easy"}


def test_readability_without_wording_says_how_to_supply_it(call, tmp_path):
    done = call("instruments", "readability", "rpq-16")
    assert done.code == 3
    assert "--wording pack.csv" in done.err
    pack = tmp_path / "pack.csv"
    pack.write_text("item,locale,wording\nRIA1,en-GB,We see what we do here.\n")
    assert call("instruments", "readability", "rpq-16", "--wording", pack).code == 0


def test_content_validity(call, ratings):
    done = call("instruments", "content-validity", "peech-sc", ratings)
    assert done.code == 0, done.err
    assert "experts, 3 raters: 1 of 2 items below the bar" in done.out
    assert done.out.index("people, 3 raters") < done.out.index("all raters together")
    assert "experts0" not in done.out
    read = json.loads(call("instruments", "content-validity", "peech-sc", ratings, "--json").out)
    assert [row["group"] for row in read["panels"]] == ["experts", "people", "all"]
    assert read["relevant"] == [3, 4]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("SEC1,4", "SEC1,5", "a rating is 1, 2, 3 or 4"),
        ("SEC2,2", "SEC22,2", "did you mean 'SEC2'?"),
        ("relevance\n", "relevanse\n", "did you mean 'relevance'?"),
    ],
)
def test_bad_ratings_are_refused_with_their_place(call, ratings, old, new, told):
    ratings.write_text(LONG.replace(old, new))
    done = call("instruments", "content-validity", "peech-sc", ratings)
    assert done.code == 3
    assert told in " ".join(done.err.split())
    assert done.out == ""


def test_an_empty_file_and_a_missing_one_are_refused(call, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    assert call("instruments", "content-validity", "peech-sc", empty).code == 3
    assert call("instruments", "content-validity", "peech-sc", tmp_path / "no.csv").code == 3
    bare = tmp_path / "bare.csv"
    bare.write_text("rater,group,item,relevance\n")
    assert call("instruments", "content-validity", "peech-sc", bare).code == 3
