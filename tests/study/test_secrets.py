"""A real run: what is in ``shareable/`` and in the manifest names and shows no person."""

import re
from itertools import combinations

import docx
import pandas as pd
import pytest

from relsurvey.study.outputs import MANIFEST, RESTRICTED, SHAREABLE


@pytest.fixture(scope="module")
def restricted(small_run):
    """Every table of persons, with ids as text."""
    paths = sorted((small_run.folder / RESTRICTED).glob("*.csv"))
    return {path.name: pd.read_csv(path, dtype=str) for path in paths}


@pytest.fixture(scope="module")
def shared(small_run):
    """Every text of what is shared, by the name of its file; of documents what a reader sees."""
    folder = small_run.folder
    texts = {MANIFEST: (folder / MANIFEST).read_text(encoding="utf-8")}
    for path in sorted((folder / SHAREABLE).rglob("*.*")):
        if path.suffix == ".docx":
            document = docx.Document(str(path))
            cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
            texts[path.name] = "\n".join([*(one.text for one in document.paragraphs), *cells])
        elif path.suffix != ".png":
            texts[path.name] = path.read_text(encoding="utf-8")
    return texts


def test_no_id_and_no_pseudonym_is_shared(small_run, restricted, shared):
    ids = {
        text
        for frame in restricted.values()
        for name in frame
        if name in {"worker_id", "respondent_id", "response_id", "team"}
        for text in frame[name].dropna()
    }
    for survey in (small_run.result.workers, small_run.result.service_users):
        ids |= set(survey.scores["worker_id"].dropna()) | set(survey.scores["respondent_id"])
    # Workers without an id of their own answer have the number of their row.
    ids = {one for one in ids if not one.isdigit()}
    assert len(ids) > 600
    for name, text in shared.items():
        assert ids.isdisjoint(re.findall(r"[\w-]+", text)), name
    key = small_run.key.read_text(encoding="utf-8").strip()
    assert not any(key in text for text in shared.values())


def test_no_single_score_is_shared(restricted, shared):
    """No number of a person's row that is as exact as only a score or residual is."""
    exact = {
        text
        for frame in restricted.values()
        for name in frame
        for text in frame[name].dropna()
        if re.fullmatch(r"-?\d+\.\d{6,}", text)
    }
    assert exact
    for name, text in shared.items():
        if not name.endswith((".svg", ".html")):
            assert not any(one in text for one in exact), name


def test_no_table_has_a_smallest_or_largest(shared):
    for name, text in shared.items():
        if name.startswith("table-") and not name.startswith("table-checklist"):
            # Columns of shares: how many gave the lowest answer there is, and so on.
            head = re.sub(r"(lowest|highest) (answer|score)", "", text.splitlines()[0].lower())
            assert not re.search(r"\b(min|max|minimum|maximum|lowest|highest)\b", head), name


def test_what_could_not_be_linked_is_not_given_by_what_could(small_run, shared):
    log = small_run.result.linked.log
    for all_, linked in (
        (log.n_workers, log.n_workers_linked),
        (log.n_service_users, log.n_service_users_linked),
    ):
        if 0 < all_ - linked < 10:
            flow = re.findall(r"\b\d+\b", shared["table-flow.csv"])
            assert all_ - linked not in {abs(int(a) - int(b)) for a, b in combinations(flow, 2)}
    kept = {
        small_run.result.workers.n_answered,
        small_run.result.service_users.n_answered,
        small_run.result.primary.n_service_users,
    }
    small = {abs(a - b) for a, b in combinations(kept, 2)} & set(range(1, 10))
    shown = {int(text) for text in re.findall(r"\b\d+\b", shared["table-flow.csv"])}
    assert not small & {abs(a - b) for a, b in combinations(shown, 2)}
