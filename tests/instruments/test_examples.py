"""The example files load, and fit the real data they are for."""

from __future__ import annotations

import csv
from pathlib import Path

from relsurvey.instruments import fold_label, load_instrument

EXAMPLES = Path(__file__).parents[2] / "examples"
REFERENCE = Path(__file__).parents[1] / "reference"


def test_bfi_fits_its_data() -> None:
    bfi = load_instrument(EXAMPLES / "bfi.yaml")
    assert bfi.scales.ids == (
        "agree", "conscientious", "extraversion", "neuroticism", "openness",
    )  # fmt: skip
    assert bfi.reversed_items == ("A1", "C4", "C5", "E1", "E2", "O2", "O5")
    with (REFERENCE / "bfi.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    answers = {float(row[item]) for row in rows for item in bfi.item_ids if row[item]}
    assert answers == set(bfi.response_scale.values)
    assert all(scale.minimum_answered.needed(5) == 3 for scale in bfi.scales)


def test_rse2017_knows_every_label_of_its_export() -> None:
    rse = load_instrument(EXAMPLES / "rse2017.yaml")
    path = REFERENCE / "rse2017_uk_code_and_text.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        heading, *rows = csv.reader(stream)
    columns = {
        item: next(i for i, name in enumerate(heading) if f"[{item}]" in name)
        for item in rse.item_ids
    }
    assert len(columns) == 13
    labels = {fold_label(row[i]) for row in rows for i in columns.values()} - {""}
    assert labels == {fold_label(code.label["en-GB"]) for code in rse.response_scale.codes}
    needed = {s.id: s.minimum_answered.needed(len(s.items)) for s in rse.scales}
    assert needed == {"affSat": 3, "affRec": 4, "percEmp": 3}
