import numpy as np
import pandas as pd
import pytest

from fake_runs import STRUCTURES, crystal_atoms, shaken, write_fake_run
from zifmelt.errors import InputError
from zifmelt.figures.enthalpy_of_phases import plot_enthalpies, tabulate_enthalpies
from zifmelt.figures.figS5_liquid_like_zinc import plot_liquid_like_zinc
from zifmelt.figures.free_energy_of_transitions import plot_free_energies
from zifmelt.figures.growth_rates import Growth, plot_growth_rates
from zifmelt.files import read_table, write_table
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.table3 import table3_rows
from zifmelt.thermodynamics.coexistence import CoexistenceRun, Window, counts_table, growth_rates
from zifmelt.thermodynamics.counts import Counts
from zifmelt.thermodynamics.enthalpy_fit import enthalpy_curves, fit_phases
from zifmelt.thermodynamics.equilibrium import equilibrium_temperature
from zifmelt.thermodynamics.free_energy import FreeEnergies, read_coexistence
from zifmelt.thermodynamics.interface import assess_interface, slab_table
from zifmelt.thermodynamics.transition_table import free_energy_curves, transition_table

CRYSTALS = ["ZIF-4", "ZIF-zni"]
TRANSITIONS = {"ZIF-4": ("ZIF-4", "ZIF_a"), "ZIF-zni": ("ZIF-zni", "ZIF_liq")}
PAPER = STRUCTURES.parent / "paper_values.yaml"
WINDOW = Window(0.0, (0.0, 1.0), 0.3)


def coexistence_runs(temperatures, planted, rng):
    times = np.arange(20) * 0.1
    runs = []
    for temperature in temperatures:
        count = 16 + np.round(0.2 * (temperature - planted) * times + 0.5 * rng.standard_normal(20)).astype(
            int
        )
        runs.append(
            CoexistenceRun(temperature, 1, Counts(times, np.clip(count, 0, 32), count // 2, 32), 40.0)
        )
    return runs


@pytest.fixture
def campaign(tmp_path):
    """Tables of a tiny campaign: ZIF-4 coexists at about 420 K, ZIF-zni nowhere below 650 K."""
    rng, found = np.random.default_rng(3), {}
    for framework, temperatures, planted in (("ZIF-4", (400, 440), 420.0), ("ZIF-zni", (600, 650), 750.0)):
        runs = coexistence_runs(temperatures, planted, rng)
        rates = growth_rates(runs, WINDOW)
        equilibrium = equilibrium_temperature(rates, rng, samples=1000)
        write_table(tmp_path / f"{framework}.csv", equilibrium.table())
        growth = Growth(framework, rates, equilibrium.curve, read_table(tmp_path / f"{framework}.csv"))
        found[framework] = (counts_table(runs, 0.3), growth, read_coexistence(tmp_path / f"{framework}.csv"))
    levels = {"ZIF-4": (-900, (300, 420)), "ZIF-zni": (-912, (300, 625)), "ZIF_a": (-896, (300, 420))}
    levels["ZIF_liq"] = (-896, (625, 700))
    rows = [(p, float(t), 1, h + 0.45 * t, 0.1, 50) for p, (h, ts) in levels.items() for t in ts]
    columns = ["phase", "temperature_K", "replica", "enthalpy_kJ_per_mol", "stderr_kJ_per_mol"]
    return found, pd.DataFrame(rows, columns=[*columns, "independent_samples"])


@pytest.fixture
def transitions(campaign):
    found, enthalpies = campaign
    known = {name: entry[2][0] for name, entry in found.items() if entry[2][0] is not None}
    free = FreeEnergies(*fit_phases(enthalpies, 2, 600.0, CRYSTALS), known, np.random.default_rng(1), 200)
    notes = {name: entry[2][1] for name, entry in found.items()}
    curves = free_energy_curves(free, TRANSITIONS, np.linspace(298, 700, 5))
    return transition_table(free, TRANSITIONS, 298.0, notes), curves


def test_table3_holds_the_paper_and_explains_what_is_missing(transitions, tmp_path):
    write_rows(tmp_path / "table3.csv", table3_rows(transitions[0], read_paper_values(PAPER)))
    table = pd.read_csv(tmp_path / "table3.csv").set_index("quantity")
    row = table.loc["ZIF-4 -> ZIF_a: T of coexistence"]
    assert row["value"] == pytest.approx(420, abs=4 * row["stderr"]) and row["paper"] == 420
    missing = table.loc["ZIF-zni -> ZIF_liq: T of coexistence"]
    assert np.isnan(missing["value"]) and missing["n"] == 0 and missing["reference"] == 863
    assert missing["source"].startswith(
        "The disordered phase grows at no temperature of the series. "
        "Coexistence is above 650 K (97.5 % confidence)."
    )
    enthalpy = table.loc["ZIF-4 -> ZIF-zni: dH at 298 K"]
    assert enthalpy["value"] == pytest.approx(-12) and enthalpy["paper"] == -12.4
    heat = table[table.index.str.startswith("ZIF-4 -> ZIF_a: dH")]
    assert heat["value"].item() == pytest.approx(4, abs=0.01) and heat["paper"].item() == 3.6


def test_figures_show_a_bracketed_temperature_and_say_when_there_is_none(campaign, transitions):
    found, enthalpies = campaign
    paper = read_paper_values(PAPER)
    counts = plot_liquid_like_zinc({name: entry[0] for name, entry in found.items()})
    liquid = counts.figure.axes[0]
    assert liquid.get_title() == "ZIF-4, 32 Zn"
    smoothed = found["ZIF-4"][0].query("temperature_K == 400").liquid_like_smoothed
    np.testing.assert_allclose(liquid.lines[1].get_ydata(), smoothed)
    known, unknown = plot_growth_rates([entry[1] for entry in found.values()], paper).figure.axes
    marks = {line.get_label(): line.get_xdata()[0] for line in known.lines}
    assert marks["equilibrium"] == pytest.approx(found["ZIF-4"][2][0].temperature_K)
    assert marks["paper"] == 420
    assert "coexistence.temperatures_K" in " ".join(text.get_text() for text in unknown.texts)
    fits = fit_phases(enthalpies, 2, 600.0, CRYSTALS)
    numbers = tabulate_enthalpies(enthalpies, enthalpy_curves(*fits), fits[1])
    relative = plot_enthalpies(numbers).figure.axes[1]
    np.testing.assert_allclose(list(relative.lines[0].get_ydata()), -4, atol=1e-6)
    free = plot_free_energies(transitions[1], transitions[0], paper).figure
    labels = [text.get_text() for text in free.legends[0].get_texts()]
    assert "ZIF-zni -> ZIF_liq: not bracketed" in labels and "ZIF-4 -> ZIF_a" in labels
    crystal = numbers[(numbers.kind == "run") & (numbers.phase == "ZIF-4")]
    np.testing.assert_allclose(crystal.relative_kJ_per_mol, -4, atol=1e-6)


def test_an_equilibrium_table_of_another_kind_is_named(tmp_path):
    (tmp_path / "equilibrium.csv").write_text("temperature_K\n420\n")
    with pytest.raises(InputError, match=r"equilibrium\.csv: the column 'stderr_K'"):
        read_coexistence(tmp_path / "equilibrium.csv")


def test_an_interface_run_is_assessed_from_its_files(tmp_path):
    rng = np.random.default_rng(1)
    positions, box, elements = crystal_atoms(STRUCTURES / "ZIF-4.cif", (1, 1, 3), ("Zn", "N"))
    folder = write_fake_run(tmp_path / "r1", shaken(positions, 8, 0.05, rng), box, elements, 0.5)
    zinc = positions[: elements.count("Zn")]
    upper = (zinc @ np.linalg.inv(box))[:, 2] % 1 > 0.5
    probabilities = np.full((8, len(zinc), 4), 0.1, np.float32)
    probabilities[:, upper, 3] = probabilities[:, ~upper, 0] = 0.7
    classes = np.array(["ZIF-4", "ZIF-zni", "ZIF_a", "ZIF_liq"])
    path = tmp_path / "paper.npz"
    np.savez(path, probabilities=probabilities, times_ps=np.arange(8) * 0.5, classes=classes)
    slab, closest = assess_interface(folder, path, 1.0, CRYSTALS)
    assert slab.fraction == pytest.approx(0.5)
    assert slab.lower_A == pytest.approx(box[2, 2] / 2, abs=2)
    assert slab.disordered_level - slab.crystal_level > 0.95
    assert 1.5 < closest["Zn-N"] < 2.0 and closest["Zn-Zn"] > 5
    assert slab_table(slab, closest)["closest_Zn_N_A"].item() == closest["Zn-N"]
    np.savez(path, probabilities=probabilities, times_ps=np.arange(8) * 0.7, classes=classes)
    with pytest.raises(InputError, match="classify the run again"):
        assess_interface(folder, path, 1.0, CRYSTALS)
