"""The page in a real browser: no error, every figure seen, tables sort, the view turns, no word cut."""

import json
import re
import shutil
import subprocess
from html import escape, unescape

import pytest

from made_campaign import CONFIG, made_campaign
from zifmelt.files import read_text
from zifmelt.page.write import write_page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs Chromium, which Debian's package chromium has")
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --hide-scrollbars --virtual-time-budget=10000"
    # In a process of its own a view would not share the page's clock, which runs ahead of time here.
    " --disable-features=IsolateSandboxedIframes"
)
LISTEN = """<script>
window.faults = [];
addEventListener("error", event => faults.push(event.message || String(event.target.outerHTML)), true);
addEventListener("securitypolicyviolation", event => faults.push("blocked: " + event.blockedURI));
console.error = console.warn = (...words) => faults.push(words.join(" "));
</script>"""
TELL = """<script>addEventListener("load", () => setTimeout(() => {
  const told = %s; told.faults = faults; parent.postMessage(JSON.stringify(told), "*");
}, 2000));</script>"""
# A window has a least width, a frame has not.
FRAME = """<iframe src="asked.html" style="width:%dpx; height:900px; border:0"></iframe>
<pre id="told"></pre><script>
addEventListener("message", event => { document.getElementById("told").textContent = event.data; });
</script>"""


def browse(tmp_path, page, question, width=1000):
    """Open a page in a frame of some width and return what a script in it answers."""
    asked = page.replace("<head>", "<head>" + LISTEN, 1).replace("</body>", TELL % question + "</body>")
    (tmp_path / "asked.html").write_text(asked)
    (tmp_path / "frame.html").write_text(FRAME % width)
    shown = run(tmp_path, "frame.html", "--window-size=1500,1000", "--dump-dom")
    return json.loads(unescape(re.search(r'<pre id="told">(.+?)</pre>', shown, re.DOTALL)[1]))


def run(tmp_path, name, *options):
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [BROWSER, *OPTIONS.split(), profile, *options, f"file://{tmp_path / name}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = made_campaign(tmp_path_factory.mktemp("results") / "made")
    write_page(folder, CONFIG)
    return read_text(folder / "index.html")


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_everything_is_seen_and_nothing_is_cut(tmp_path, page, width):
    told = browse(
        tmp_path,
        page,
        """{
          width: innerWidth, across: document.documentElement.scrollWidth,
          images: [...document.images].map(i => [i.complete && i.naturalWidth > 0, i.offsetWidth]),
          frames: [...document.querySelectorAll("iframe")].map(f => [f.offsetWidth, f.offsetHeight]),
          cut: [...document.querySelectorAll("p, h1, h2, h3, dd, li, figcaption")].filter(
            e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && !e.closest("nav, .wide, .picture")
          ).map(e => e.textContent.slice(0, 60)),
        }""",
        width,
    )
    assert told["faults"] == []
    assert told["width"] == width and told["across"] <= width
    assert len(told["images"]) == 4 and all(loaded and wide > 200 for loaded, wide in told["images"])
    assert told["frames"] and all(wide > 250 and high > 200 for wide, high in told["frames"])
    assert told["cut"] == []


def test_tables_sort_both_ways_with_empty_cells_last(tmp_path, page):
    told = browse(
        tmp_path,
        page,
        """(() => {
          const table = document.querySelector("#comparison table"), seen = [];
          const button = [...table.querySelectorAll("th button")].find(b => b.textContent == "paper");
          for (let turn = 0; turn < 2; turn++) {
            button.click();
            const values = [...table.tBodies[0].rows].map(row => row.cells[4].dataset.sort);
            seen.push([button.closest("th").getAttribute("aria-sort"), values]);
          }
          const ours = [...table.querySelectorAll("th button")].find(b => b.textContent == "ours");
          ours.click();
          seen.push([...table.tBodies[0].rows].map(row => row.cells[2].textContent));
          return { seen };
        })()""",
    )
    assert told["faults"] == []
    (up, rising), (down, falling), ours = told["seen"]
    assert (up, down) == ("ascending", "descending")
    assert [float(value) for value in rising] == [1.57, 3.9, 420.0]
    assert falling == rising[::-1]
    assert ours[-1] == "not determined"


def test_the_view_turns_by_pointer_and_by_keys(tmp_path, page):
    view = unescape(re.search(r'srcdoc="([^"]*)"', page)[1])
    told = browse(
        tmp_path,
        view,
        """(() => {
          const views = [canvas.toDataURL()], note = () => views.push(canvas.toDataURL());
          canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" })); note();
          canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "+" })); note();
          const drag = { buttons: 1, movementX: 80, movementY: 20 };
          canvas.dispatchEvent(new PointerEvent("pointermove", drag)); note();
          slider.value = 1; slider.oninput(); note();
          const size = [canvas.width, canvas.height];
          return { different: new Set(views).size, size, label: label.textContent };
        })()""",
    )
    assert told["faults"] == []
    assert told["different"] == 4  # both frames of the made run have the same positions and classes
    assert min(told["size"]) > 100 and told["label"] == "1.0 ps"


def test_the_view_runs_within_the_page(tmp_path, page):
    """The page has no access to the view; one that sends its size tells that nothing holds it up."""
    send = "<script>setInterval(() => parent.postMessage(canvas.width, '*'), 50)</script>"
    hear = """<script>window.words = []; addEventListener("message", event => words.push(event.data));
    addEventListener("load", () => document.querySelector("iframe").scrollIntoView());</script>"""
    asked = page.replace('srcdoc="', 'srcdoc="' + escape(send), 1).replace("<head>", "<head>" + hear, 1)
    told = browse(tmp_path, asked, "{ words }")
    assert told["faults"] == []
    assert told["words"][-1] > 200


def test_it_prints(tmp_path, page):
    (tmp_path / "asked.html").write_text(page)
    run(tmp_path, "asked.html", f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer")
    pdf = (tmp_path / "page.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 12
