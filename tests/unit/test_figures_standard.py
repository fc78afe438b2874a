"""What holds for every figure: size, fonts, letters, units, colours, files; and nothing is cut."""

import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from matplotlib.lines import Line2D
from matplotlib.text import Text

from made_figures import EVERY, WITHOUT_DATA
from zifmelt.figures.plot import save_plot
from zifmelt.figures.style import ABSENCE, COLUMN_CM, PHASE_COLOURS, lighter, phase_colours

pytestmark = pytest.mark.slow

STRUCTURES = {"fig1_structures", "fig3_classifier", "fig4_snapshots", "fig6_exchange"}
ALL = [*EVERY, *(f"no {name}" for name in WITHOUT_DATA)]
DIMENSIONLESS = re.compile(
    r"g.*\(r\)|S\(Q\)|fraction|accuracy|confidence|difference|rings|number|N_|site|environments|^$"
)

# Machado et al., IEEE Trans. Vis. Comput. Graph. 15, 1291 (2009): linear RGB without one kind of cones.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Each figure by name, drawn once."""
    drawn = {}

    def make(name):
        if name not in drawn:
            before = dict(matplotlib.rcParams)
            table = WITHOUT_DATA if name.startswith("no ") else EVERY
            drawn[name] = table[name.removeprefix("no ")](tmp_path_factory.mktemp("figure"))
            assert dict(matplotlib.rcParams) == before, "a figure leaves the user's settings as they were"
            drawn[name].figure.draw_without_rendering()
        return drawn[name]

    return make


def texts(figure):
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def own_axes(figure):
    """Axes of panels: neither insets nor colour bars nor second scales."""
    return [ax for ax in figure.axes if ax.get_visible() and ax.axison]


@pytest.mark.parametrize("name", ALL)
def test_width_is_one_or_two_columns_and_the_height_fits_a_page(made, name):
    width, height = 2.54 * made(name).figure.get_size_inches()
    assert min(abs(width - column) for column in COLUMN_CM.values()) < 1e-6
    assert 3 < height <= 28


@pytest.mark.parametrize("name", ALL)
def test_letters_have_seven_to_nine_points(made, name):
    assert {text.get_fontsize() for text in texts(made(name).figure)} <= {7.0, 8.0, 9.0}


@pytest.mark.parametrize("name", ALL)
def test_nothing_leaves_the_figure(made, name):
    figure = made(name).figure
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    slack = 0.02
    assert box.x0 >= -slack and box.y0 >= -slack
    assert box.x1 <= width + slack and box.y1 <= height + slack


@pytest.mark.parametrize("name", [name for name in EVERY if name not in STRUCTURES])
def test_no_point_is_cut_off(made, name):
    """Every drawn point within the shown range of x lies within the shown range of y."""
    for ax in made(name).figure.axes:
        (left, right), (bottom, top) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
        for line in ax.findobj(Line2D):
            if line.get_transform() != ax.transData or line.axes is not ax:
                continue
            x, y = (np.asarray(values, dtype=float) for values in line.get_data())
            shown = (x >= left) & (x <= right) & np.isfinite(y)
            slack = 1e-9 + 1e-3 * (top - bottom)
            assert (y[shown] >= bottom - slack).all() and (y[shown] <= top + slack).all(), (
                name,
                ax.get_ylabel(),
            )


@pytest.mark.parametrize("name", list(EVERY))
def test_axes_have_labels_with_units(made, name):
    for ax in own_axes(made(name).figure):
        for label in (ax.get_xlabel(), ax.get_ylabel()):
            assert "(" in label or DIMENSIONLESS.search(label), (name, label)


@pytest.mark.parametrize(
    "name", [name for name in EVERY if name not in ("fig5_transition", "forcefield_scan")]
)
def test_several_panels_have_letters(made, name):
    figure = made(name).figure
    letters = [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")]
    panels = [
        ax for ax in figure.axes if ax.get_subplotspec() is not None and (ax.lines or ax.images or ax.patches)
    ]
    expected = "ABCDEFGHIJKL" if name == "fig4_snapshots" else "abcdefghijklmnop"
    assert "".join(letters) == (expected[: len(letters)] if len(panels) > 1 else "")
    assert len(letters) > 1 or len(panels) == 1


@pytest.mark.parametrize("name", WITHOUT_DATA)
def test_a_figure_without_data_names_what_would_change_it(made, name):
    said = " ".join(text.get_text() for text in texts(made(f"no {name}").figure)).replace("\n", " ")
    assert re.search(r"temperatures_K|duration_ps|production_ps|transition_K", said)
    assert re.search(r"\bno\b|\bnot\b|too few", said, re.IGNORECASE)


def paths(node, above=()):
    """All keys of the configuration, as tuples from the top."""
    for key, value in node.items() if isinstance(node, dict) else ():
        yield (*above, key)
        yield from paths(value, (*above, key))


@pytest.mark.parametrize("name", WITHOUT_DATA)
def test_the_keys_that_a_figure_names_are_those_of_the_configuration(made, paper, name):
    said = " ".join(text.get_text() for text in texts(made(f"no {name}").figure))
    named = set(re.findall(r"[a-z]+(?:[._][a-z]+)*_(?:K|ps)\b|[a-z]+\.[a-z]+", said))
    known = {".".join(path[start:]) for path in paths(paper) for start in range(len(path))}
    assert named and named <= known, named - known


def test_drawing_needs_no_pyplot(made):
    made("fig2_zn_n_rdf")
    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", ["fig1_structures", "fig4_snapshots", "fig6_exchange"])
def test_structures_have_one_scale_and_a_bar_that_tells_it(made, name):
    axes = [ax for ax in made(name).figure.axes if ax.images]
    scales = [ax.get_window_extent().width / np.ptp(ax.get_xlim()) for ax in axes]
    heights = [ax.get_window_extent().height / np.ptp(ax.get_ylim()) for ax in axes]
    np.testing.assert_allclose([*scales, *heights], scales[0], rtol=1e-3)
    for ax in axes:
        left, right, bottom, top = ax.images[0].get_extent()
        assert ax.get_xlim()[0] <= left + 1e-9 and right <= ax.get_xlim()[1] + 1e-9
        assert ax.get_ylim()[0] <= bottom + 1e-9 and top <= ax.get_ylim()[1] + 1e-9
    (label,) = [text.get_text() for text in axes[0].texts]
    assert np.ptp(axes[0].lines[0].get_xdata()) == pytest.approx(10 * float(label.removesuffix(" nm")))


def cielab(linear):
    """CIE 1976 L*, a*, b* of linear sRGB, white D65."""
    matrix = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    x, y, z = np.array(matrix) @ np.clip(linear, 0, 1) / [0.95047, 1.0, 1.08883]
    fx, fy, fz = (np.cbrt(t) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


@pytest.mark.parametrize("vision", VISIONS)
def test_phases_are_told_apart_with_any_colour_vision(vision):
    """Any two colours are 30 units of CIELAB apart, where 2 can just be seen."""
    seen = []
    for colour in PHASE_COLOURS.values():
        channels = np.array(to_rgb(colour))
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        seen.append(cielab(np.array(VISIONS[vision]) @ linear))
    apart = np.linalg.norm(np.array(seen)[:, None] - np.array(seen), axis=-1)
    assert apart[np.triu_indices(4, 1)].min() > 30


def test_a_phase_has_the_same_colour_whatever_it_stands_beside():
    assert phase_colours(["ZIF-zni", "ZIF_a"])["ZIF-zni"] == phase_colours(["ZIF-4", "ZIF-zni"])["ZIF-zni"]
    other = phase_colours(["ZIF-4", "ZIF-8", "ZIF-8_liq", "ZIF_liq"])
    assert len(set(other.values())) == 4
    assert lighter("#000000", 0.25) == "#404040"


def test_files_hold_text_as_text_at_the_final_size_and_are_the_same_twice(made, tmp_path):
    plot = made("figS2_potential_energy")
    for folder in ("one", "two"):
        save_plot(plot, tmp_path / folder / "figure.svg")
    one, two = tmp_path / "one", tmp_path / "two"
    assert {path.name for path in one.iterdir()} == {
        f"figure.{suffix}" for suffix in ("svg", "pdf", "png", "csv")
    }
    for path in one.iterdir():
        assert path.read_bytes() == (two / path.name).read_bytes(), path.name
    svg = (one / "figure.svg").read_text()
    assert re.search(r"<text [^>]*>.*constant temperature</text>", svg)
    assert float(re.search(r'width="([\d.]+)pt"', svg)[1]) == pytest.approx(8.5 / 2.54 * 72, abs=0.01)
    assert b"/FontFile2" in (one / "figure.pdf").read_bytes(), "fonts are embedded as TrueType"
    assert imread(one / "figure.png").shape[1] == int(8.5 / 2.54 * 300)


@pytest.mark.parametrize("name", ["fig6_exchange", "free_energy_of_transitions"])
def test_a_sentence_in_place_of_data_is_marked_in_the_file(name, made, tmp_path):
    for title in (name, f"no {name}"):
        save_plot(made(title), tmp_path / title / "figure.svg")
        marked = f'id="{ABSENCE}"' in (tmp_path / title / "figure.svg").read_text()
        assert marked == title.startswith("no ")


def test_a_plot_shows_itself_in_a_notebook(made):
    assert made("figS2_potential_energy")._repr_png_().startswith(b"\x89PNG")
