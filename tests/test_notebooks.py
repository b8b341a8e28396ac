"""The notebooks run from top to bottom, and are kept without what they print."""

import json
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_is_a_notebook_for_each_part_of_the_job():
    assert [path.stem.partition("-")[2] for path in NOTEBOOKS] == [
        "score-and-check",
        "adapt-an-instrument",
        "association",
        "planning",
        "report",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_it_prints(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path):
    with warnings.catch_warnings():
        # What the tools that run notebooks warn of is theirs; the kernel has its own settings.
        warnings.simplefilter("ignore")
        import nbformat
        from nbclient import NotebookClient

        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook, timeout=180, resources={"metadata": {"path": str(tmp_path)}}
        )
        done = client.execute()
    code = [cell for cell in done["cells"] if cell["cell_type"] == "code"]
    outputs = [output for cell in code for output in cell["outputs"]]
    pictures = sum("image/png" in output.get("data", {}) for output in outputs)
    assert pictures == sum(".plot()" in cell["source"] for cell in code)
    told = "".join(output.get("text", "") for output in outputs if output.get("name") == "stderr")
    assert told == ""
    assert list(tmp_path.iterdir()) == []


def test_columns_are_asked_for_so_that_a_wrong_name_is_an_error():
    """``filter`` leaves a column out in silence that is not there."""
    cells = [cell for path in NOTEBOOKS for cell in json.loads(path.read_text("utf-8"))["cells"]]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert not [cell["source"] for cell in code if ".filter(" in "".join(cell["source"])]
