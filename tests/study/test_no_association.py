"""A study whose question the data cannot answer still gives everything else."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

import relsurvey as rs
from relsurvey.association.uncomputed import uncomputed
from relsurvey.errors import LinkError, ModelError
from relsurvey.linkage import link
from relsurvey.resources import shipped
from relsurvey.study import run_study

pytestmark = pytest.mark.usefixtures("few_plausible_values")

QUICK = "\nbootstraps: 0\npermutations: 0\ncurve_permutations: 0\nsensitivity: true\n"


def sample_of(folder, workers=(), *, flat=()):
    """Write the sample study with these workers linked only, and these questions all alike."""
    shutil.copytree(shipped("sample"), folder)
    with (folder / "study.yaml").open("a") as text:
        text.write(QUICK)
    for name in ("workers.csv", "service_users.csv"):
        frame = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        alike = [column for column in frame if column.rstrip("0123456789") in flat]
        frame[alike] = frame[alike[:1]].iloc[0, 0] if alike else None
        if workers and name == "service_users.csv":
            frame.loc[~frame["worker_id"].isin(workers), "worker_id"] = "W999"
        frame.to_csv(folder / name, index=False)
    return folder / "study.yaml"


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory):
    """The sample with one linked worker, run and written."""
    base = tmp_path_factory.mktemp("one")
    study = sample_of(base / "study", ["W001"])
    return run_study(study, base / "results"), base / "results"


def test_one_linked_worker_gives_everything_but_the_association(one_worker):
    result, out = one_worker
    primary = result.primary
    assert np.isnan([primary.slope, primary.p_value, primary.icc, primary.correlation]).all()
    assert primary.note == "Only one worker has every value."
    assert (primary.n_workers, primary.n_service_users) == (1, 12)
    assert [one.note for one in result.secondary] == [primary.note] * 4
    for name in ("companions", "family", "sensitivity", "curve"):
        assert getattr(result, name) is None
    assert result.workers.reliability.to_frame()["alpha"].between(0.5, 1).all()
    assert (out / "shareable" / "report.html").exists()
    written = pd.read_csv(out / "restricted" / "associations.csv")
    assert set(written["note"]) == {"Only one worker has every value."}


def test_the_run_says_why_and_names_no_worker(one_worker):
    result, out = one_worker
    text = " ".join(result.summary().split())
    assert "Whether TOTAL and RC go together could not be computed: Only one worker" in text
    assert "SEC by RC could not be computed: Only one worker has every value." in text
    for what in ("panel of other methods", "check of sensitivity", "specification curve"):
        assert (
            f"There is no {what}: it rests on the primary association, which could not be computed."
        ) in text
    assert "W001" not in text
    assert "W001" not in (out / "restricted" / "results.json").read_text()
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_result_without_figures_still_has_table_text_and_figure(one_worker):
    primary = one_worker[0].primary
    assert primary.to_frame()["estimate"].isna().all()
    assert set(primary.to_frame()["note"]) == {primary.note}
    assert "slope" not in primary.summary()
    assert [text.get_text() for text in primary.plot().texts] == ["No line could be fitted"]
    assert "nan" not in primary.model.table["term"].tolist()
    assert primary.model.to_frame()["estimate"].isna().all()


def test_a_secondary_score_without_spread_stops_neither_the_primary_nor_the_others(tmp_path):
    study = sample_of(tmp_path / "study", flat=("CON",))
    text = study.read_text().replace("sensitivity: true", "sensitivity: false")
    study.write_text(text)
    result = run_study(study, None)
    assert np.isfinite(result.primary.slope)
    notes = [one.note for one in result.secondary]
    assert notes[:3] == ["", "", ""]
    assert notes[3].startswith("The outcome 'CON' does not vary")
    assert result.family.n_tests == 3
    assert any("CON by RC could not be computed" in line for line in result.warnings)


def test_nobody_in_common_is_still_a_wrong_column():
    workers = pd.DataFrame({"worker_id": ["a"], "x": [1.0]})
    with pytest.raises(LinkError, match="worker"):
        link(workers, pd.DataFrame({"worker_id": ["z"], "y": [1.0]}))


def linked():
    workers = pd.DataFrame({"worker_id": ["a", "b"], "team": ["t", "t"], "x": [1.0, 2.0]})
    users = pd.DataFrame({"worker_id": ["a", "a", "b"], "y": [1.0, np.nan, 3.0]})
    return link(workers, users, team="team")


def test_counts_are_those_of_people_with_every_value():
    found = uncomputed(linked(), "y", "x", reason="Too few.")
    counts = (found.n_workers, found.n_service_users, found.n_dropped, found.n_teams)
    assert counts == (2, 2, 1, 1)
    assert found.sentence == "Whether y and x go together could not be computed: Too few."


def test_what_is_no_column_is_an_error():
    with pytest.raises(ModelError, match="z"):
        uncomputed(linked(), "y", "z", reason="Too few.")


def test_associate_itself_still_refuses():
    with pytest.raises(ModelError, match="Every worker_id has one row only"):
        rs.associate(linked(), "y", "x")
