"""From small run folders to tables and figures, with as little data as the demonstration has."""

import mdtraj
import numpy as np
import pandas as pd
import pytest

from checkout import ROOT
from fake_runs import plain_thermo, shaken, simulation, write_fake_run
from zifmelt.errors import InputError
from zifmelt.figures.fig1_structures import plot_structures
from zifmelt.figures.fig2_zn_n_rdf import plot_zn_n_rdf
from zifmelt.figures.figS1_angles import plot_angles
from zifmelt.figures.figS2_potential_energy import plot_potential_energy
from zifmelt.figures.ramp_rate import plot_ramp_rate, ramp_rate_curves
from zifmelt.figures.ramp_volume import plot_ramp_volume
from zifmelt.figures.rdf_partials import plot_rdf_partials
from zifmelt.figures.scattering_total import plot_scattering
from zifmelt.files import write_table
from zifmelt.properties.averages import average_phases
from zifmelt.properties.compression import bulk_modulus_of_compression
from zifmelt.properties.production import production_frames, production_thermo
from zifmelt.properties.ramps import analyse_ramps, read_ramp
from zifmelt.properties.run_scattering import analyse_scattering
from zifmelt.properties.run_structure import StructureSettings, analyse_structure
from zifmelt.statistics import UNDETERMINED
from zifmelt.tables.comparison import gather_comparison
from zifmelt.tables.properties import origin_rows, ramp_rate_row, structure_rows, transition_rows
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.table1 import table1_rows
from zifmelt.trajectory import production_start

SETTINGS = StructureSettings(
    r_max_A=7.0,
    bin_width_A=0.05,
    angle_bin_degrees=2.0,
    bond_cutoff_A=2.5,
    coordination_radius_A=2.4,
    most_frames=4,
)
PHASES = {"ZIF-4": 300.0, "ZIF_a": 300.0}
ALL = ("Zn", "N", "C", "H")


@pytest.fixture(scope="module")
def campaign(cell, tmp_path_factory):
    """Two runs of two phases, made of the shaken unit cell of ZIF-4, analysed."""
    folder = tmp_path_factory.mktemp("campaign")
    whole = mdtraj.load(str(cell / "topology.pdb"))
    box, positions = 10 * whole.unitcell_vectors[0], 10 * whole.xyz[0].astype(float)
    topology = whole.topology
    elements = [atom.element.symbol for atom in topology.atoms]
    rng = np.random.default_rng(1)
    segments = [
        {"name": "equilibration", "kind": "hold", "duration_ps": 1.0},
        {"name": "production", "kind": "hold", "duration_ps": 1.0},
    ]
    for phase in PHASES:
        for replica in (1, 2):
            run = folder / "md" / "sampling" / phase / "300K" / f"r{replica}"
            frames = shaken(positions, 5, 0.05, rng)
            write_fake_run(run, frames, box, elements, 0.5, topology=topology, segments=segments)
            tables = analyse_structure(run, ALL, SETTINGS)
            for name, table in zip(("rdf", "angles", "structure"), tables, strict=True):
                write_table(run / f"{name}.csv", table)
            for name, table in zip(
                ("structure_factor", "correlation"),
                analyse_scattering(run, run / "rdf.csv", 8.0, 0.2),
                strict=True,
            ):
                write_table(run / f"{name}.csv", table)
    return folder


def files(folder, name):
    return {
        phase: [folder / "md" / "sampling" / phase / "300K" / f"r{r}" / f"{name}.csv" for r in (1, 2)]
        for phase in PHASES
    }


def annealing_run(folder, collapse, rng, slope_change=0.0):
    """Heating and cooling between 300 and 900 K; a collapse at 600 K, a change of heat capacity at 600 K."""
    rows = 1500
    temperature = np.concatenate([np.linspace(300, 900, rows), np.linspace(900, 300, rows)])
    table = plain_thermo(np.broadcast_to(np.eye(3), (2 * rows, 3, 3)), 0.1, 300.0)
    table["time_ps"] += 0.1  # the moment that a segment begins still belongs to what came before
    table["temperature_K"] = temperature + rng.normal(0, 15, 2 * rows)
    volume = 15000 + temperature - collapse * np.clip((temperature - 600) / 40, 0, 1)
    table["volume_A3"] = volume + rng.normal(0, 60, 2 * rows)
    energy = 1e-3 * temperature + slope_change * np.maximum(temperature - 600, 0)
    table["potential_energy_eV"] = 16 * (energy + rng.normal(0, 0.005, 2 * rows))
    table["segment"] = [0] * rows + [1] * rows
    still, box, zinc = np.zeros((2, 16, 3)), 10 * np.eye(3), ["Zn"] * 16
    segments = [{"name": name, "duration_ps": 150.0} for name in ("heating", "cooling")]
    return write_fake_run(folder, still, box, zinc, 299.9, thermo=table, segments=segments)


def test_only_the_last_segment_is_averaged(campaign):
    folder = campaign / "md" / "sampling" / "ZIF-4" / "300K" / "r1"
    assert production_start(folder) == 1.0
    np.testing.assert_allclose(production_frames(folder, ("Zn",), 10).times, [1.5, 2.0])
    assert len(production_frames(folder, ("Zn",), 1)) == 1
    assert production_thermo(folder)["time_ps"].tolist() == [1.5, 2.0]
    assert production_thermo(folder)["segment"].tolist() == [1, 1]


def test_structure_of_a_shaken_crystal(campaign):
    """Density by hand from 16 formula units and the cell; four N per Zn; six angles of the tetrahedron."""
    table = pd.read_csv(files(campaign, "structure")["ZIF-4"][0]).set_index("quantity")
    by_hand = 16 * (65.38 + 6 * 12.011 + 6 * 1.008 + 4 * 14.007) / 6.02214076e23 / (4380.5e-24)
    assert table.loc["density", "value"] == pytest.approx(by_hand, rel=2e-3)
    assert table.loc["N around Zn", "value"] == pytest.approx(4.0, abs=0.05)
    assert table.loc["share of Zn with 4 N", "value"] == pytest.approx(1.0, abs=0.05)
    assert table.loc["N-Zn-N angle", "value"] == pytest.approx(109.3, abs=0.5)
    assert table.loc["Zn-N distance, mean of four nearest", "value"] == pytest.approx(2.0, abs=0.05)
    across = table.loc["Zn-Zn distance, mean across ligands", "value"]
    assert across == pytest.approx(table.loc["Zn-Zn distance, mean of four nearest", "value"], abs=0.02)
    assert 5.7 < across < 6.1
    assert table.loc["bulk modulus", "n"] == 0


def test_tables_with_little_data(campaign, tmp_path):
    """Numbers where there are some, empty fields with n = 0 where there are none."""
    values = read_paper_values(ROOT / "config" / "paper_values.yaml")
    structures = files(campaign, "structure")
    rows = table1_rows(structures["ZIF_a"], UNDETERMINED, "ZIF_a", values)
    write_rows(tmp_path / "table1.csv", rows)
    rng = np.random.default_rng(2)
    annealed = [annealing_run(tmp_path / "annealing" / "ZIF-4" / f"r{r}", 1500, rng, 4e-4) for r in (1, 2)]
    sampled = [path.parent for path in structures["ZIF_a"]]
    ramps = {simulation(replica=number): folder for number, folder in enumerate(annealed, start=1)}
    held = {simulation(phase="ZIF_a", replica=number): folder for number, folder in enumerate(sampled)}
    transitions, _ = analyse_ramps(ramps, held, rng)
    write_table(tmp_path / "transitions.csv", transitions)
    rdf = files(campaign, "rdf")
    more = [
        *structure_rows(structures, PHASES, values),
        *origin_rows({"ZIF-4": structures["ZIF_a"]}, "ZIF_a", values),
        *transition_rows(tmp_path / "transitions.csv", values),
        ramp_rate_row(rdf["ZIF_a"], rdf["ZIF-4"], values),
    ]
    write_rows(tmp_path / "properties.csv", more)
    table = gather_comparison([tmp_path / "table1.csv", tmp_path / "properties.csv"]).set_index("quantity")
    assert table.loc["density of ZIF_a", "value"] == pytest.approx(1.21, abs=0.02)
    assert table.loc["density of ZIF_a", "paper"] == 1.57
    assert table.loc["bulk modulus of ZIF_a", "n"] == 0
    assert np.isnan(table.loc["bulk modulus of ZIF_a", "value"])
    onset = table.loc["temperature at which the volume leaves its course on heating ZIF-4"]
    assert onset["value"] == pytest.approx(600, abs=25)
    assert onset["n"] == 2
    assert table.loc["glass transition on cooling, glass from ZIF-4", "value"] == pytest.approx(600, abs=40)
    assert table.loc["glass transition from runs at constant temperature", "n"] == 0
    assert table["deviation"].notna().any()


def test_figures_draw_what_was_averaged(campaign, tmp_path):
    """All figures from the least data: what is in the axes is what is in the tables."""
    md = campaign / "md" / "sampling"
    structures = plot_structures({phase: md / phase / "300K" / "r1" for phase in PHASES})
    assert {"Zn", "N", "C"} == set(structures.numbers["element"])
    first, second = structures.figure.axes
    assert np.ptp(first.get_xlim()) == pytest.approx(np.ptp(second.get_xlim())), "the same scale"
    curves = {
        name: average_phases(files(campaign, name), name)
        for name in ("rdf", "angles", "structure_factor", "correlation")
    }
    zn_n = curves["rdf"].query("pair == 'Zn-N' and phase == 'ZIF-4'")
    line = plot_zn_n_rdf(curves["rdf"], PHASES).figure.axes[0].lines[0]
    np.testing.assert_allclose(line.get_xydata(), zn_n[["r_A", "g"]])
    partials = plot_rdf_partials(curves["rdf"], PHASES).figure.axes
    assert [ax.get_title() for ax in partials[:10]] == list(curves["rdf"]["pair"].unique())
    for ax in partials[:10]:
        assert max(np.max(line.get_ydata()) for line in ax.lines) <= ax.get_ylim()[1], "no peak is cut"
    kinds = [ax.get_xlabel() for ax in plot_angles(curves["angles"], PHASES).figure.axes]
    assert kinds == [f"{kind} angle (°)" for kind in curves["angles"]["angle"].unique()]
    (tmp_path / "measured.txt").write_text("1.0 0.9\n2.0 1.1\n")
    measured = [
        {"phase": "ZIF_a", "radiation": "xray", "function": "S", "file": str(tmp_path / "measured.txt")}
    ]
    functions = {"S": curves["structure_factor"], "D": curves["correlation"]}
    neutrons, xrays, _, _ = plot_scattering(functions, PHASES, measured).figure.axes
    assert len(neutrons.lines) == 2 and len(xrays.lines) == 3
    np.testing.assert_allclose(xrays.lines[-1].get_xydata(), [[1.0, 0.9], [2.0, 1.1]])
    rdf = files(campaign, "rdf")
    rates = ramp_rate_curves(rdf["ZIF_a"], rdf["ZIF-4"][:1])
    below = plot_ramp_rate(rates, {"fast": 4.8, "slow": 1.0}).figure.axes[2]
    np.testing.assert_allclose(below.lines[0].get_ydata(), rates.query("pair == 'Zn-N'")["difference"])
    rng = np.random.default_rng(3)
    annealed = {
        simulation(framework=framework): annealing_run(tmp_path / framework, 0, rng)
        for framework in ("ZIF-4", "ZIF-zni")
    }
    sampled = {simulation(phase="ZIF_a"): md / "ZIF_a" / "300K" / "r1"}
    transitions, points = analyse_ramps(annealed, sampled, rng)
    (ax,) = plot_potential_energy(points, transitions).figure.axes
    assert ax.get_title() == "no change of slope resolved"
    volumes = plot_ramp_volume(points, transitions).figure.axes
    assert [ax.get_title() for ax in volumes] == ["ZIF-4", "ZIF-zni"]


def test_compression_pairs_each_glass_with_itself(tmp_path):
    """Two glasses of different size and 4 GPa: their difference does not enter K."""
    rng = np.random.default_rng(4)
    folders = {}
    for replica, volume in ((1, 15000.0), (2, 15600.0)):
        for pressure in (1.0, 500.0, 1000.0):
            table = plain_thermo(np.broadcast_to(np.eye(3), (400, 3, 3)), 0.1, 300.0)
            table["volume_A3"] = volume * np.exp(-pressure * 1e-4 / 4.0) + rng.normal(0, 20, 400)
            folder = tmp_path / str(len(folders))
            run = simulation(phase="ZIF_a", pressure_bar=pressure, replica=replica)
            folders[run] = write_fake_run(
                folder, np.zeros((2, 1, 3)), 10 * np.eye(3), ["Zn"], 39.9, thermo=table
            )
    modulus = bulk_modulus_of_compression(folders)
    assert modulus.n == 2
    assert modulus.value == pytest.approx(4.0, abs=4 * modulus.stderr)
    assert modulus.stderr < 0.3


def test_what_cannot_be_averaged(campaign, tmp_path):
    """Missing segments, no runs, and runs analysed with other bins."""
    folder = campaign / "md" / "sampling" / "ZIF-4" / "300K" / "r1"
    with pytest.raises(InputError, match="heating"):
        read_ramp(folder, "heating")
    with pytest.raises(InputError, match="no runs"):
        average_phases({"ZIF-4": []}, "rdf")
    rdf = pd.read_csv(folder / "rdf.csv")
    write_table(tmp_path / "other.csv", rdf.assign(r_A=rdf["r_A"] + 0.1))
    with pytest.raises(InputError, match="differ"):
        average_phases({"ZIF-4": [folder / "rdf.csv", tmp_path / "other.csv"]}, "rdf")
