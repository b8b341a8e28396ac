"""The report in a real browser: nothing sticks out, on a phone or on paper."""

import base64
import json
import re
import shutil
import struct
import subprocess

import pytest

WIDTHS = (360, 768, 1440)
NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)

# A frame has the width it is given; a window cannot be as narrow as a phone.
MEASURING = """<!DOCTYPE html><meta charset="utf-8"><body><pre id="found"></pre><script>
const bytes = Uint8Array.from(atob("%s"), c => c.charCodeAt(0));
const page = new TextDecoder().decode(bytes);
const found = {};
function measure(width) {
  return new Promise(done => {
    const frame = document.createElement("iframe");
    frame.style = `border:0;height:900px;width:${width}px`;
    frame.onload = () => {
      const root = frame.contentDocument.documentElement;
      for (const fold of root.querySelectorAll("details")) fold.open = true;
      const out = [];
      for (const element of root.querySelectorAll("body *")) {
        if (element.closest(".scroll, .card, .skip, caption")) continue;
        const box = element.getBoundingClientRect();
        if (box.right > width + 1 || box.left < -1) out.push(element.tagName + "#" + element.id);
      }
      found[width] = {scrolls: root.scrollWidth, out: out, height: root.scrollHeight};
      frame.remove();
      done();
    };
    frame.srcdoc = page;
    document.body.append(frame);
  });
}
(async () => {
  for (const width of %s) await measure(width);
  document.getElementById("found").textContent = JSON.stringify(found);
})();
</script>"""


@pytest.fixture(scope="module")
def chromium():
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("These tests need Chromium (Debian: apt-get install chromium).")
    return found


@pytest.fixture
def browse(chromium, tmp_path):
    def run(*arguments):
        done = subprocess.run(
            [chromium, *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", *arguments],
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
        return done.stdout.decode("utf-8")

    return run


def measured(browse, folder, text):
    page = folder / "measure.html"
    page.write_text(
        MEASURING % (base64.b64encode(text.encode()).decode(), json.dumps(WIDTHS)), encoding="utf-8"
    )
    dom = browse("--virtual-time-budget=20000", "--dump-dom", page.as_uri())
    return json.loads(re.search(r'<pre id="found">(.*?)</pre>', dom, re.DOTALL)[1])


def test_nothing_sticks_out_at_any_width(browse, tmp_path, sample_report):
    found = measured(browse, tmp_path, sample_report.read_text(encoding="utf-8"))
    for width in WIDTHS:
        assert found[str(width)]["scrolls"] <= width, (width, found)
        assert found[str(width)]["out"] == []


def test_a_title_without_spaces_does_not_stick_out(browse, tmp_path, fake):
    from relsurvey.reporting import build_report
    from relsurvey.reporting.writers.html import as_html

    study = fake.study(title="x" * 10_000, question="y" * 3_000)
    for scale in study.workers.instrument.scales:
        scale.title = "z" * 300
    found = measured(browse, tmp_path, as_html(build_report(study)))
    for width in WIDTHS:
        assert found[str(width)]["scrolls"] <= width, (width, found)


def test_the_measuring_finds_what_sticks_out(browse, tmp_path):
    found = measured(browse, tmp_path, "<body><div style='width:900px'>wide</div>")
    assert found["360"]["scrolls"] > 360
    assert found["360"]["out"] == ["DIV#"]
    assert found["1440"]["out"] == []


@pytest.mark.parametrize("scheme", [0, 1], ids=["dark", "light"])
def test_the_page_is_drawn_light_and_dark(browse, tmp_path, made_up_report, scheme):
    picture = tmp_path / "page.png"
    browse(
        "--window-size=1000,1400",
        f"--blink-settings=preferredColorScheme={scheme}",
        f"--screenshot={picture}",
        made_up_report.as_uri(),
    )
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == (1000, 1400)
    corner = corner_of(picture)
    assert (max(corner) < 80) if scheme == 0 else (min(corner) > 200)


def corner_of(picture):
    """The colour of the page's ground."""
    from matplotlib.image import imread

    return [round(float(255 * part)) for part in imread(picture)[5, 5, :3]]


def test_folded_tables_are_printed(browse, tmp_path, made_up_report):
    text = made_up_report.read_text(encoding="utf-8")
    without = re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL)
    pages = [printed(browse, tmp_path, name, page) for name, page in (("a", text), ("b", without))]
    assert pages[0] > pages[1] >= 5


def printed(browse, folder, name, text):
    """Number of pages of a print."""
    source, target = folder / f"{name}.html", folder / f"{name}.pdf"
    source.write_text(text, encoding="utf-8")
    browse("--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri())
    data = target.read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.9" in data or b"/MediaBox [0 0 595" in data
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", data))
