from dataclasses import dataclass

import pytest

from relsurvey.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def call(capsys):
    """Call the command line as a person would, and give back exit code and both streams."""

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        streams = capsys.readouterr()
        return Outcome(ended.value.code or 0, streams.out, streams.err)

    return run


@pytest.fixture(scope="session", autouse=True)
def _few_pixels(without_pixels):
    """Runs of these tests draw no pixels."""
