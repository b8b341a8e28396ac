"""One line that is written over itself, never longer than the terminal, and gone at the end."""

import fcntl
import io
import os
import pty
import re
import struct
import sys
import termios

import pytest

from relsurvey.cli import main
from relsurvey.cli.progress import counted_progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def watched(monkeypatch, columns):
    """Put a terminal of so many columns in the place of stderr."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", str(columns))
    return screen


def on_screen(written):
    """Return the lines a terminal shows after all was written, and every state of the line."""
    states = [part.removesuffix("\x1b[K") for part in written.split("\r")]
    return states[-1], states


def test_one_line_is_updated_and_nothing_is_left(monkeypatch):
    terminal = watched(monkeypatch, 40)
    with counted_progress("Simulating studies") as progress:
        for done in range(1, 5):
            progress(done, 4)
    left, states = on_screen(terminal.getvalue())
    assert left == ""
    assert states[:2] == ["", "Simulating studies"]
    assert "[#######" in states[2]
    assert "\n" not in terminal.getvalue()
    assert max(map(len, states)) == 39


def test_the_line_goes_where_the_work_fails(monkeypatch):
    terminal = watched(monkeypatch, 40)

    def fail():
        with counted_progress("Simulating studies") as progress:
            progress(1, 4)
            raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        fail()
    assert on_screen(terminal.getvalue())[0] == ""


def test_the_count_is_said_where_there_is_room(monkeypatch):
    terminal = watched(monkeypatch, 100)
    with counted_progress("Simulating studies") as progress:
        progress(1_000, 2_000)
    assert f"Simulating studies [{'#' * 15}{'.' * 15}] 1,000 of 2,000" in terminal.getvalue()


def test_nothing_is_written_where_nobody_watches(monkeypatch):
    terminal = watched(monkeypatch, 40)
    with counted_progress("Simulating studies", quiet=True) as progress:
        assert progress is None
    assert terminal.getvalue() == ""
    terminal.isatty = lambda: False
    with counted_progress("Simulating studies") as progress:
        assert progress is None
    assert terminal.getvalue() == ""


def test_a_simulated_plan_leaves_its_terminal_clean():
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    words = ["plan", "--icc", ".3", "--correlation", ".9", "--users", "3", "--workers", "8",
             "--simulate", "60", "--jobs", "1"]  # fmt: skip
    kept, sys.stderr = sys.stderr, os.fdopen(child, "w")
    try:
        with pytest.raises(SystemExit) as ended:
            main(words)
    finally:
        sys.stderr.flush()
        written = os.read(parent, 100_000).decode()
        sys.stderr.close()
        sys.stderr = kept
        os.close(parent)
    assert not ended.value.code
    left, states = on_screen(written)
    assert left == ""
    assert "\n" not in written
    assert any(re.search(r"\] 3 of 3$", state) for state in states)
