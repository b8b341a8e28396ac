import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from relsurvey.study.beside import Beside


def slowly(seconds):
    time.sleep(seconds)
    return os.getpid()


def broken(problem):
    raise problem


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_begun_is_found_whatever_the_number_of_processes(jobs):
    with Beside(jobs) as beside:
        found = [beside.begin(divmod, number, 7) for number in range(20)]
        assert [one() for one in reversed(found)] == [divmod(n, 7) for n in range(19, -1, -1)]


def test_it_goes_on_in_another_process_and_what_waits_is_done_here():
    with Beside(2) as beside:
        first, *_, last = [beside.begin(slowly, 0.2) for _ in range(8)]
        assert last() == os.getpid()
        assert first() != os.getpid()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_comes_where_the_result_is_asked_for(jobs):
    with Beside(jobs) as beside:
        found = beside.begin(broken, ValueError("no spread"))
        with pytest.raises(ValueError, match="no spread"):
            found()


def test_where_something_goes_wrong_the_other_process_ends_at_once():
    began = time.monotonic()
    with pytest.raises(OSError, match="disk"), Beside(2) as beside:
        beside.begin(slowly, 60)
        while not multiprocessing.active_children():
            time.sleep(0.01)
        raise OSError("disk")
    assert time.monotonic() - began < 30
    assert not multiprocessing.active_children()


def test_it_ends_with_the_first_however_that_ends(tmp_path):
    note = tmp_path / "pid"
    script = tmp_path / "script.py"
    script.write_text(
        "import multiprocessing, pathlib, time\n"
        "from relsurvey.study.beside import Beside\n"
        "if __name__ == '__main__':\n"
        "    with Beside(2) as beside:\n"
        "        beside.begin(abs, -1)()\n"
        "        found = beside.begin(time.sleep, 60)\n"
        "        child = multiprocessing.active_children()[0].pid\n"
        f"        pathlib.Path({str(note)!r}).write_text(str(child))\n"
        "        found()\n"
    )
    first = subprocess.Popen([sys.executable, str(script)])
    waited = time.monotonic() + 60
    while not (note.exists() and note.read_text()):
        assert first.poll() is None
        assert time.monotonic() < waited
        time.sleep(0.05)
    other = int(note.read_text())
    first.send_signal(signal.SIGKILL)
    first.wait()
    while _alive(other):
        assert time.monotonic() < waited
        time.sleep(0.05)


def _alive(process):
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return said.rpartition(")")[2].split()[0] != "Z"
