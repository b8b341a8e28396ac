import io

import pytest
from PIL import Image

from relsurvey.reporting.figures import drawing
from relsurvey.reporting.figures.drawing import as_picture, drawn_by, picture_of
from relsurvey.reporting.figures.style import blank, styled
from relsurvey.study.beside import Beside

# As it is before any fixture of another folder has replaced it: runs there draw no pixels.
AS_PNG = drawing._as_png


@pytest.fixture(autouse=True)
def pixels(monkeypatch):
    monkeypatch.setattr(drawing, "_as_png", AS_PNG)


def figure(label="A finding"):
    with styled():
        made = blank(6.0, 2.5)
        axes = made.add_axes((0.1, 0.2, 0.8, 0.7))
        axes.plot([0, 1], [0, 1])
        axes.set_title(label)
        return made


def test_pixels_are_for_print():
    image = Image.open(io.BytesIO(as_picture(figure(), "a", "words").png()))
    assert image.format == "PNG"
    assert image.size == (1800, 750)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert len(image.convert("RGB").getcolors(1 << 20)) > 10


def test_the_same_figure_gives_the_same_pixels():
    one, other = (as_picture(figure(), "a", "words") for _ in range(2))
    assert one.png() == other.png() == one.png()
    assert one.png() != as_picture(figure("Another"), "a", "words").png()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_picture_is_the_same_whoever_draws_it(jobs):
    here = as_picture(figure(), "a", "words")
    with Beside(jobs) as beside:
        with drawn_by(beside.begin):
            there = [picture_of(figure().axes[0], "a", "words") for _ in range(4)]
        assert [one.svg for one in there] == [here.svg] * 4
        assert [one.png() for one in there] == [here.png()] * 4


def test_it_is_begun_at_once_drawn_once_and_only_inside_the_block():
    begun, done = [], []

    def begin(work, *given):
        begun.append(given[1])

        def found():
            done.append(given[1])
            return work(*given)

        return found

    with drawn_by(begin):
        picture = as_picture(figure(), "a", "words")
    as_picture(figure(), "b", "words")
    assert (begun, done) == (["a"], [])
    assert picture.svg.startswith('<svg id="a"')
    assert picture.png().startswith(b"\x89PNG")
    assert done == ["a"]
