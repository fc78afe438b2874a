"""The page of a campaign, from a folder of made results; how a browser shows it is in tests/validation."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from made_campaign import CONFIG, made_campaign
from zifmelt.errors import InputError
from zifmelt.files import read_text
from zifmelt.page.captions import caption_of, first_sentence
from zifmelt.page.catalogue import products, reported
from zifmelt.page.comparison import compared, counts, place
from zifmelt.page.configuration import layered
from zifmelt.page.numbers import plain_number, with_error
from zifmelt.page.simulations import facts, grouped, recorded_simulations
from zifmelt.page.write import write_page
from zifmelt.shipped import shipped

NAN = float("nan")


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    return made_campaign(tmp_path_factory.mktemp("results") / "made")


@pytest.fixture(scope="module")
def page(campaign):
    write_page(campaign, CONFIG)
    return read_text(campaign / "index.html")


class Elements(HTMLParser):
    """All elements with their attributes, and whether tags are closed in order."""

    VOID = {"meta", "link", "img", "br", "hr", "input"}

    def __init__(self, text):
        super().__init__()
        self.found, self._open = [], []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, (tag, self.getpos())

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize(
    ("value", "stderr", "text"),
    [
        (1.5703, 0.0213, "1.570 ± 0.021"),
        (-12.4, 1.96, "−12.4 ± 2.0"),
        (4512.3, 223.0, "4512 ± 223"),
        (0.00012, 0.00003, "(1.20 ± 0.30) × 10⁻⁴"),
        (3.2e6, 1.1e5, "(3.20 ± 0.11) × 10⁶"),
        (0.0, 0.02, "0.000 ± 0.020"),
        (2.345678, NAN, "2.346"),
        (2.0, 0.0, "2"),
        (NAN, 1.0, "not determined"),
    ],
)
def test_numbers_have_the_digits_of_their_errors(value, stderr, text):
    assert with_error(value, stderr) == text


def test_plain_numbers():
    assert [plain_number(x) for x in (NAN, 420.0, -0.5)] == ["", "420", "−0.5"]


def row(**changes):
    common = dict(table="t", quantity="q", unit="1", value=1.0, stderr=0.1, n=3, paper=1.15, reference=NAN)
    return {**common, "source": "paper: Sec. I", **changes}


def test_verdicts_by_hand():
    rows = compared(
        [
            row(),
            row(paper=1.25, reference=0.7),
            row(value=NAN, stderr=NAN, n=0),
            row(stderr=NAN),
            row(paper=NAN, reference=1.1),
        ]
    )
    assert [entry.verdict for entry in rows] == ["agrees", "differs", "open", "no error", "no paper"]
    assert rows[0].deviation == pytest.approx(-1.5)
    assert rows[1].from_reference == pytest.approx(3.0)
    assert counts(rows) == {"agrees": 1, "differs": 1, "no error": 1, "open": 1, "no paper": 1}
    assert [place(x) for x in (-6.0, 0.0, 3.0, 100.0)] == [0.0, 50.0, 75.0, 100.0]


def test_catalogue_knows_every_mark_of_the_workflow():
    """What the rules report is counted another way: by the word that marks it."""
    marks = sum(
        len(re.findall(r"\b(?:report|table|figure)\(", read_text(path)))
        for path in shipped("workflow/rules").glob("*")
        if path.name != "common.smk"
    )
    listed = reported()
    assert len(listed) == marks > 30
    for product in listed:
        assert product.caption.is_file(), product
        assert read_text(shipped(product.rule_file)).splitlines()[product.line - 1] == f"rule {product.rule}:"


def test_products_are_told_apart_by_transition(tmp_path):
    for name in ("lability_ZIF-4", "lability_sites_ZIF-4", "lability_ZIF-zni"):
        (tmp_path / "tables").mkdir(exist_ok=True)
        (tmp_path / f"tables/{name}.csv").write_text("a\n1\n")
    present, missing = products(tmp_path, CONFIG)
    assert [p.path.stem for p in present] == ["lability_ZIF-4", "lability_ZIF-zni"]
    assert present[1].wildcards == {"transition": "ZIF-zni"}
    assert any(p.path.stem == "table3" for p in missing)


@pytest.mark.parametrize("product", reported(), ids=lambda product: product.path.stem)
def test_every_caption_is_readable_and_leaves_the_warning_to_the_page(product):
    named = type(product)(**{**vars(product), "wildcards": {"transition": "ZIF-4", "figure": "fig5"}})
    html = caption_of(named, CONFIG)
    assert "not physics" not in html and "{{" not in html and "system-message" not in html
    assert 10 < len(first_sentence(html)) < 500


def test_simulations_by_hand(campaign):
    found = recorded_simulations(campaign)
    assert len(found) == 4
    assert facts(found, campaign)["Independent glasses"] == "2"
    assert facts(found, campaign)["Simulations"] == "4 of 5 planned, 0.007 ns in all"
    rows = {(row["stage"], row["temperature_K"]): row for row in grouped(found)}
    glasses = rows["annealing", 300.0]
    assert (glasses["number"], glasses["length_ps"], glasses["sum_ps"]) == (2, "1.5 to 2.5", 4.0)
    assert rows["production", 700.0]["framework"] == "ZIF-zni"


def test_layers_of_configuration(tmp_path):
    (tmp_path / "mine.yaml").write_text("campaign: {name: mine}\nproperties: {r_max_A: 7.0}\n")
    config = layered([tmp_path / "mine.yaml"])
    assert config["campaign"]["name"] == "mine" and config["campaign"]["seed"] == CONFIG["campaign"]["seed"]
    assert config["properties"]["r_max_A"] == 7.0 and "bin_width_A" in config["properties"]


def test_page_is_well_formed_and_self_contained(page, campaign):
    elements = Elements(page)
    for image in elements.all("img"):
        assert image["src"].startswith("data:image/") and image["alt"].strip()
    assert not elements.all("link") and all("src" not in script for script in elements.all("script"))
    for frame in elements.all("iframe"):
        assert frame["title"] and frame["sandbox"] == "allow-scripts" and "<canvas" in frame["srcdoc"]
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in elements.all("a"):
        target = link["href"]
        if target.startswith("#"):
            assert target[1:] in ids, target
        elif target.startswith("../../"):
            assert shipped(target[6:].partition("#")[0]).is_file(), target
        else:
            assert (campaign / target).is_file(), target


def test_headings_do_not_skip_levels(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_questions_of_a_new_user_are_answered(page):
    text = " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)).split())
    assert "1 numbers of the paper that do not come out" in text
    assert "Independent glasses 2" in text
    assert 'href="figures/fig5_transition.csv"' in page
    assert "the growth rates do not change sign" in text
    assert "Mendez" in text and "10.1063/5.0128656" in text


def test_the_scale_is_told_in_every_part_and_at_the_head_of_printed_pages(page):
    for section in re.findall(r"<section.*?</section>", page, flags=re.DOTALL):
        if not re.search(r'id="(run|index)"', section):
            assert "not physics" in section
    assert '@page { @top-center { content: "Demonstration: these sizes are not physics."' in page


def test_a_campaign_at_full_size_has_no_warning(campaign, tmp_path):
    folder = made_campaign(tmp_path / "full")
    for scale in ("paper", "smaller"):
        write_page(folder, {**CONFIG, "campaign": {**CONFIG["campaign"], "scale": scale}})
        text = read_text(folder / "index.html")
        assert "not physics" not in text and ("Smaller than the paper's study" in text) == (
            scale == "smaller"
        )


def test_text_of_tables_cannot_break_the_page(tmp_path):
    folder = made_campaign(tmp_path / "odd", quantity='<script>alert("1")</script> & more')
    write_page(folder, CONFIG)
    text = read_text(folder / "index.html")
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_empty_folder_and_missing_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    write_page(tmp_path / "empty", CONFIG)
    assert "No comparison has been made yet" in read_text(tmp_path / "empty/index.html")
    with pytest.raises(InputError, match="there is no such folder"):
        write_page(tmp_path / "none", CONFIG)
