"""Work on several columns at once."""

import threading
import time

import pytest

from relsurvey.intake.cores import together


def test_results_come_in_the_order_of_the_things():
    def late_first(place):
        time.sleep(0.02 if place == 0 else 0)
        return place * 10

    assert together(late_first, range(8)) == [place * 10 for place in range(8)]


def test_the_work_is_done_in_other_threads():
    names = together(lambda _: threading.current_thread().name, range(3))
    assert threading.current_thread().name not in names


def test_what_the_work_raises_reaches_the_caller():
    def fail(place):
        raise ValueError(f"column {place}")

    with pytest.raises(ValueError, match="column 0"):
        together(fail, range(4))
