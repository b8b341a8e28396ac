"""Settings for the whole suite."""

import os
import shutil

import pytest
from hypothesis import settings

from relsurvey.resources import shipped

# Property tests draw new examples on every run of a person's, and the same ones in CI, so that a
# change is not stopped by an old fault that another draw finds.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("person", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "person")


LONG = ("test_project", "test_notebooks", "test_docs", "tests/study/test_run", "test_browser")


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that several processes end at about one time."""
    items.sort(key=lambda item: not any(one in item.nodeid for one in LONG))


ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63"
    "f80f0001010100b138f6140000000049454e44ae426082"
)
QUICK = """
bootstraps: 0
permutations: 0
sensitivity: false
report: {formats: [html], audiences: [technical]}
"""


@pytest.fixture(scope="session")
def copy_sample():
    """Copy the sample study to a folder; a quick one leaves out what takes long."""

    def copy(folder, more="", *, quick=True):
        folder.mkdir(exist_ok=True)
        for name in ("workers.csv", "service_users.csv"):
            shutil.copy(shipped("sample") / name, folder / name)
        text = (shipped("sample") / "study.yaml").read_text(encoding="utf-8")
        if quick:
            text = text[: text.index("report:")] + QUICK
        (folder / "study.yaml").write_text(f"{text}\n{more}", encoding="utf-8")
        return folder / "study.yaml"

    return copy


@pytest.fixture(scope="session")
def without_pixels():
    """Draw no pixels of a run's figures: they take longest of all, and are looked at elsewhere."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("relsurvey.reporting.figures.drawing._as_png", lambda _: ONE_PIXEL)
        yield
