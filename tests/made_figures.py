"""Every figure from made data, as large as in a real campaign, so that its look can be checked."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from fake_runs import STRUCTURES, crystal_atoms, shaken, write_fake_run, zinc_and_nitrogen
from zifmelt.environments.classify import Classification
from zifmelt.environments.database import Database
from zifmelt.environments.network import NetworkSettings, TrainedClassifier
from zifmelt.environments.predictions import Predictions, save_predictions
from zifmelt.environments.symmetry_functions import Angular, Radial, SymmetryFunctions
from zifmelt.environments.training import Classifier
from zifmelt.figures.classifier_quality import plot_learning_curves, plot_reliability
from zifmelt.figures.enthalpy_of_phases import plot_enthalpies
from zifmelt.figures.fig1_structures import plot_structures
from zifmelt.figures.fig2_zn_n_rdf import plot_zn_n_rdf
from zifmelt.figures.fig3_classifier import plot_classifier
from zifmelt.figures.fig4_snapshots import plot_snapshots, take_snapshots
from zifmelt.figures.fig5_transition import TransitionRun, plot_transition
from zifmelt.figures.fig6_exchange import plot_exchange
from zifmelt.figures.fig7_anisotropy import plot_anisotropy
from zifmelt.figures.figS1_angles import plot_angles
from zifmelt.figures.figS2_potential_energy import plot_potential_energy
from zifmelt.figures.figS3_symmetry_functions import plot_symmetry_functions
from zifmelt.figures.figS4_liquid_fraction import plot_liquid_fraction
from zifmelt.figures.figS5_liquid_like_zinc import plot_liquid_like_zinc
from zifmelt.figures.forcefield_fit import KINETICS, plot_fit
from zifmelt.figures.forcefield_scan import plot_scan
from zifmelt.figures.free_energy_of_transitions import plot_free_energies
from zifmelt.figures.growth_rates import Growth, plot_growth_rates
from zifmelt.figures.lability_sites import plot_lability
from zifmelt.figures.plot import Plot
from zifmelt.figures.ramp_rate import plot_ramp_rate
from zifmelt.figures.ramp_volume import plot_ramp_volume
from zifmelt.figures.rdf_partials import plot_rdf_partials
from zifmelt.figures.rings_distribution import plot_rings
from zifmelt.figures.scattering_total import plot_scattering
from zifmelt.figures.time_to_transition import plot_time_to_transition
from zifmelt.mechanism.bonds import find_bonds
from zifmelt.mechanism.events import find_events
from zifmelt.tables.morse_fit import SCANNED
from zifmelt.tables.rows import PaperValue
from zifmelt.trajectory import read_frames

PHASES = {"ZIF-4": 300.0, "ZIF-zni": 300.0, "ZIF_a": 300.0, "ZIF_liq": 700.0}
CRYSTALS = ("ZIF-4", "ZIF-zni")
PAPER = {
    "table3.temperature.ZIF-4": PaperValue(420.0, "K", "Tab. III"),
    "table3.temperature.ZIF-zni": PaperValue(625.0, "K", "Tab. III"),
    "table3.free_energy.ZIF-4.ZIF-zni": PaperValue(-7.0, "kJ/mol", "Tab. III"),
}
SCAN = STRUCTURES.parents[1] / "docs" / "data"


def rng() -> np.random.Generator:
    """Give the same random numbers to every figure, whichever is drawn first."""
    return np.random.default_rng(1)


def _peaks(x: np.ndarray, centre: float, width: float, height: float) -> np.ndarray:
    return height * np.exp(-0.5 * ((x - centre) / width) ** 2)


def rdf_table() -> pd.DataFrame:
    """Curves with an intramolecular peak of 40 in C-N, far above the shells."""
    r = np.arange(0.01, 12, 0.02)
    tables = []
    for number, phase in enumerate(PHASES):
        for pair in ("Zn-Zn", "Zn-N", "Zn-C", "Zn-H", "N-N", "C-N", "H-N", "C-C", "C-H", "H-H"):
            first = {"Zn-Zn": 5.9, "Zn-N": 1.99, "C-N": 1.35}.get(pair, 3.0)
            width = 0.1 + 0.05 * number
            g = _peaks(r, first, width, {"C-N": 40.0, "Zn-N": 9.0}.get(pair, 3.0)) + (r > first + 2)
            coordination = 4.3 * (r > 1.8) * (1 - 0.02 * number) + 3 * np.clip(r - 3.6, 0, None)
            columns = {"r_A": r, "g": g, "g_stderr": 0.03 * g, "coordination": coordination}
            tables.append(pd.DataFrame(columns).assign(phase=phase, pair=pair, coordination_stderr=0.02))
    return pd.concat(tables, ignore_index=True)


def zinc_run(folder: Path, cif: str, repeats: tuple[int, int, int]) -> tuple[Path, Classification]:
    """Zn of a crystal that turns liquid and then glassy, from the middle outwards."""
    positions, box, symbols = crystal_atoms(STRUCTURES / cif, repeats, ("Zn",))
    frames = shaken(positions, 11, 0.4, rng())
    run = write_fake_run(folder, frames, box, symbols, 0.5)
    middle = np.linalg.norm((positions - box.sum(axis=0) / 2) / np.diag(box), axis=1)
    order = np.argsort(np.argsort(middle)) / len(middle)
    classes = [*PHASES]
    labels = np.full((11, len(symbols)), classes.index(cif.removesuffix(".cif")))
    for frame in range(11):
        labels[frame][order < frame / 10] = classes.index("ZIF_liq")
        labels[frame][order < frame / 10 - 0.3] = classes.index("ZIF_a")
    return run, Classification(np.eye(4, dtype=np.float32)[labels], np.arange(11) * 0.5, classes)


def fig1(folder: Path) -> Plot:
    runs = {}
    for phase in PHASES:
        cif = "ZIF-zni.cif" if phase == "ZIF-zni" else "ZIF-4.cif"
        repeats = (1, 1, 2) if phase == "ZIF-zni" else (2, 2, 1)
        positions, box, symbols = crystal_atoms(STRUCTURES / cif, repeats, ("Zn", "N", "C"))
        frames = shaken(positions, 1, 0.5 if phase.startswith("ZIF_") else 0.05, rng())
        runs[phase] = write_fake_run(folder / phase, frames, box, symbols, 1.0)
    return plot_structures(runs)


def fig3(folder: Path) -> Plot:
    run, classification = zinc_run(folder / "run", "ZIF-4.cif", (2, 2, 2))
    settings = NetworkSettings("symmetry_functions", (6,), 1, "as_sampled", 0.1, 0.1, 8, 8)
    torch.manual_seed(1)
    names = [f"f{i}" for i in range(12)]
    network = TrainedClassifier(Classifier(12, (6,), 4, 1).network(), settings, [*PHASES], names)
    return plot_classifier(run, classification, network, ["ZIF-4", "ZIF-zni"], 6.6)


def fig4(folder: Path) -> Plot:
    sizes = {"ZIF-4": (2, 2, 2), "ZIF-zni": (1, 1, 2)}
    runs = {}
    for name, repeats in sizes.items():
        run, classification = zinc_run(folder / name, f"{name}.cif", repeats)
        runs[name] = take_snapshots(run, classification, CRYSTALS)
    return plot_snapshots(runs, 6.6, CRYSTALS)


def transition_runs() -> list[TransitionRun]:
    """Three replicas of a crystal that melts and vitrifies; the first has an exchange."""
    runs, times = [], np.arange(1.0, 500.0)
    for number in range(3):
        progress = 1 / (1 + np.exp(-(times - 200 - 50 * number) / 30))
        glass = progress * np.clip((times - 250) / 250, 0, 1)
        noise = 0.02 * rng().standard_normal(len(times)) * progress
        shares = {
            "ZIF-4": 1 - progress,
            "ZIF-zni": 0.0,
            "ZIF_a": np.clip(glass + noise, 0, 1),
            "ZIF_liq": progress - glass,
        }
        fractions = pd.DataFrame({"time_ps": times, **shares})
        rings = pd.DataFrame({"time_ps": times[::5], "zinc": 1024, "rings_of_3": 40 * progress[::5]})
        runs.append(TransitionRun(f"r{number + 1}", fractions, rings, 150.0 if number == 0 else np.nan))
    return runs


def fig6(folder: Path, exchange: bool = True) -> Plot:
    """One Zn of the crystal loses its ligand to a stranger, or nothing happens."""
    positions, box, topology = zinc_and_nitrogen(STRUCTURES / "ZIF-4.cif", (2, 2, 1))
    symbols = [atom.element.symbol for atom in topology.atoms]
    frames, n_zinc = shaken(positions, 12, 0.01, rng()), symbols.count("Zn")
    away = np.linalg.norm(positions[n_zinc:] - positions[0], axis=1)
    leaving, stranger = n_zinc + int(away.argmin()), n_zinc + int(np.argsort(away)[8])
    seat = positions[leaving].copy()
    if exchange:
        frames[4:, leaving] = positions[0] + 2.3 * (seat - positions[0])
        frames[8:, stranger] = seat
    run = write_fake_run(folder / "run", frames, box, symbols, 0.5, topology=topology)
    bonds = find_bonds([read_frames(run, ("Zn", "N"))], 2.5, 3.2)
    return plot_exchange(run, bonds, find_events(bonds), "production/ZIF-4/550K/r1")


def lability_table(framework: str, sites: int) -> pd.DataFrame:
    """Three groups of sites with breaks."""
    group = np.arange(sites) * 3 // sites
    interval = 2.5 + group + 0.1 * rng().standard_normal(sites)
    columns = {
        "site": np.arange(sites),
        "cell": 0,
        "orbit": np.arange(sites) % 4,
        "group": group,
        "site_interval_ps": interval,
        "site_interval_stderr_ps": 0.2,
    }
    rings = {f"rings_of_{n}": (n in (4, 6) + (8,) * (framework == "ZIF-zni")) for n in range(3, 9)}
    return pd.DataFrame({**columns, **{name: int(there) for name, there in rings.items()}})


def cluster_tables() -> list[pd.DataFrame]:
    """Clusters of two runs that grow fastest along x."""
    tables = []
    for seed in (1, 2):
        noise = np.random.default_rng(seed)
        zinc = np.arange(1, 300, 3)
        extents = {
            f"extent_{axis}_A": np.minimum(speed * zinc ** (1 / 3) + noise.normal(0, 1, len(zinc)), 60)
            for axis, speed in zip("xyz", (9.0, 7.0, 6.0), strict=True)
        }
        boxes = {f"box_{axis}_A": 60.0 + 2 * k for k, axis in enumerate("xyz")}
        tables.append(pd.DataFrame({"time_ps": zinc / 3, "largest_zinc": zinc, **extents, **boxes}))
    return tables


def profile_table() -> pd.DataFrame:
    """Density profiles with jumps along y and z."""
    tables = []
    for axis, (length, depth) in zip("xyz", ((15.4, 0.1), (15.3, 0.6), (18.4, 0.5)), strict=True):
        x = (np.arange(60) + 0.5) / 60 * length
        density = 0.025 * (1 + depth * np.sin(4 * np.pi * x / length))
        columns = {"position_A": x, "density_per_A3": density, "stderr_per_A3": 0.0008}
        tables.append(pd.DataFrame(columns).assign(axis=axis))
    return pd.concat(tables, ignore_index=True)


def fig7(folder: Path, clusters: list[pd.DataFrame] | None = None, broken: bool = True) -> Plot:
    sites = lability_table("ZIF-4", 32)
    if not broken:
        sites["site_interval_ps"] = np.nan
    tables = cluster_tables() if clusters is None else clusters
    return plot_anisotropy(tables, profile_table(), sites, STRUCTURES / "ZIF-4.cif", 12)


def angles(folder: Path) -> Plot:
    degree = np.arange(0.5, 180)
    tables = []
    for number, phase in enumerate(PHASES):
        for kind, centre in (("N-Zn-N", 109), ("Zn-Zn-Zn", 110), ("Zn-im-Zn", 145)):
            density = _peaks(degree, centre, 5 + 4 * number, 0.4 / (5 + 4 * number))
            columns = {"degree": degree, "density_per_degree": density, "density_per_degree_stderr": 0.001}
            tables.append(pd.DataFrame(columns).assign(phase=phase, angle=kind))
    return plot_angles(pd.concat(tables, ignore_index=True), PHASES)


def ramp_tables(resolved: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Heating, cooling and constant temperature with changes at 550 and 600 K, or none found."""
    curves, transitions = [], []
    temperature = np.linspace(300, 900, 60)
    for framework in CRYSTALS:
        for replica in ("r1", "r2"):
            run = f"{framework}/{replica}"
            noise = rng().normal(0, 1, 60)
            volume = 280 + 0.01 * temperature - 40 / (1 + np.exp(-(temperature - 550) / 20))
            energy = 0.45 * temperature + 0.1 * np.maximum(temperature - 600, 0)
            for method, value in (("heating", volume), ("cooling", energy)):
                table = {"temperature_K": temperature, "value": value + noise, "fit": value}
                curves.append(pd.DataFrame(table).assign(method=method, run=run, stderr=np.nan))
                transitions.append((method, framework, run, 570.0, 10.0, 1, 550.0, 590.0))
    points = np.array([300, 350, 400, 450, 500, 550, 600, 650, 700.0])
    energy = 0.45 * points + 0.1 * np.maximum(points - 600, 0)
    table = {"temperature_K": points, "value": energy, "fit": energy, "stderr": 1.0}
    curves.append(pd.DataFrame(table).assign(method="constant", run=""))
    found = (600.0, 10.0, 1, 580.0, 620.0) if resolved else (np.nan, np.nan, 0, np.nan, np.nan)
    transitions.append(("constant", "", "", *found))
    columns = ["method", "framework", "run", "value", "stderr", "n", "low", "high"]
    return pd.concat(curves, ignore_index=True), pd.DataFrame(transitions, columns=columns)


def symmetry_functions(folder: Path) -> Plot:
    functions = SymmetryFunctions(
        12.0,
        tuple(Radial(eta, r) for eta, r in ((0.5, 7.0), (2.0, 7.0), (0.005, 0.0), (2.0, 10.0))),
        tuple(Angular(eta, lam, zeta) for eta, lam, zeta in ((0, -1, 2), (0.005, -1, 4), (0.02, -1, 16))),
    )
    labels = np.repeat(np.arange(4), 50)
    features = rng().gamma(2 + labels[:, None], 1, (200, len(functions.names))).astype(np.float32)
    database = Database(
        features=features,
        names=np.array(functions.names),
        labels=labels,
        classes=np.array([*PHASES]),
        origins=labels,
        origin_names=np.array([*PHASES]),
        runs=labels,
        run_names=np.array([*PHASES]),
        temperatures_K=np.full(200, 300.0),
        times_ps=np.arange(200.0),
        configurations=np.arange(200) // 10,
    )
    return plot_symmetry_functions(database, functions)


def liquid_fractions(folder: Path) -> Plot:
    rows = []
    for classifier in ("paper", "extended"):
        for temperature in (300, 400, 500, 550, 600, 650, 700):
            share = 1 / (1 + np.exp(-(temperature - 580) / 40))
            phase = "ZIF_a" if temperature < 600 else "ZIF_liq"
            rows.append((classifier, phase, float(temperature), temperature in (300, 700), share, 0.03, 3))
    names = ["classifier", "phase", "temperature_K", "in_database", "fraction", "stderr", "runs"]
    return plot_liquid_fraction(pd.DataFrame(rows, columns=names))


def counts_tables() -> dict[str, pd.DataFrame]:
    """Coexistence series that grow above and shrink below a temperature."""
    found = {}
    for framework, planted in (("ZIF-4", 420), ("ZIF-zni", 625)):
        tables = []
        for temperature in range(planted - 40, planted + 60, 20):
            for replica in (1, 2):
                times = np.arange(0, 500.0)
                line = 512 + 0.01 * (temperature - planted) * times
                noise = 10 * rng().standard_normal(len(times))
                columns = {
                    "time_ps": times,
                    "disordered": line + noise,
                    "liquid_like": line / 2 + noise,
                    "disordered_smoothed": line,
                    "liquid_like_smoothed": line / 2,
                }
                table = pd.DataFrame(columns)
                tables.append(table.assign(temperature_K=float(temperature), replica=replica, n_zn=1024))
        found[framework] = pd.concat(tables, ignore_index=True)
    return found


def growth_series(bracketed: bool = True) -> list[Growth]:
    """Growth rates that vanish at 420 K, and for ZIF-zni nowhere unless `bracketed`."""
    series = []
    for framework, middle, known in (("ZIF-4", 420.0, True), ("ZIF-zni", 625.0, bracketed)):
        x = middle + np.array([-40, -20, 0, 20, 40.0])
        rates = pd.DataFrame({"temperature_K": x, "rate_Zn_per_ps": 0.01 * (x - middle)})
        rates["stderr_Zn_per_ps"] = 0.05
        fit = rates.assign(
            low_Zn_per_ps=rates.rate_Zn_per_ps - 0.05, high_Zn_per_ps=rates.rate_Zn_per_ps + 0.05
        )
        value = {"temperature_K": middle, "low_K": middle - 8, "high_K": np.nan}
        equilibrium = pd.DataFrame([{**value, "lowest_K": x[0], "highest_K": x[-1]}])
        if not known:
            equilibrium[["temperature_K", "low_K", "high_K"]] = np.nan
        series.append(Growth(framework, rates, fit, equilibrium))
    return series


def enthalpies(folder: Path) -> Plot:
    rows = []
    for phase, level, limits in (
        ("ZIF-4", -4, (300, 500)),
        ("ZIF-zni", -16, (300, 650)),
        ("ZIF_a", 0, (300, 600)),
    ):
        for kind, count in (("run", 5), ("fit", 30)):
            for temperature in np.linspace(*limits, count):
                value = 0.45 * temperature + level
                rows.append((kind, phase, temperature, value, 0.3, level + 0.002 * (temperature - 300)))
    columns = ["kind", "phase", "temperature_K", "enthalpy_kJ_per_mol", "stderr_kJ_per_mol"]
    return plot_enthalpies(pd.DataFrame(rows, columns=[*columns, "relative_kJ_per_mol"]))


def free_energies(folder: Path, known: bool = True) -> Plot:
    names = ("ZIF-4 -> ZIF_a", "ZIF-zni -> ZIF_liq", "ZIF-4 -> ZIF-zni")
    x = np.linspace(298, 700, 30)
    curves = pd.concat(
        pd.DataFrame({"transition": name, "temperature_K": x, "free_energy_kJ_per_mol": slope * (x - zero)})
        for name, slope, zero in zip(names, (-0.02, -0.03, 0.01), (420, 625, 1000), strict=True)
    ).assign(stderr_kJ_per_mol=0.4)
    transitions = pd.DataFrame({"transition": names, "property": "free_energy", "temperature_K": 298.0})
    transitions["identifier"] = [None, None, "table3.free_energy.ZIF-4.ZIF-zni"]
    return plot_free_energies(curves if known else curves.iloc[:0], transitions, PAPER)


def reliability(folder: Path) -> Plot:
    probabilities = rng().dirichlet(np.full(4, 0.5), 800).astype(np.float32)
    # Each class is as frequent as its probability says.
    labels = (rng().random(800)[:, None] > np.cumsum(probabilities, axis=1)).sum(axis=1).clip(max=3)
    certain = np.where(
        probabilities == probabilities.max(axis=1, keepdims=True), 2 * probabilities, probabilities
    )
    certain /= certain.sum(axis=1, keepdims=True)
    files = {}
    for name in ("paper", "extended"):
        files[name] = folder / f"{name}.npz"
        part = Predictions(probabilities if name == "paper" else certain, labels, np.arange(800) // 40)
        save_predictions(files[name], {"random": part, "trajectory": part}, [*PHASES])
    return plot_reliability(files, seed=1)


def learning_curves(folder: Path) -> Plot:
    sizes = np.array([100, 300, 1000, 3000, 10000])
    curve = pd.DataFrame({"environments": sizes, "accuracy": 1 - 1 / np.sqrt(sizes), "stderr": 0.02})
    return plot_learning_curves({"paper": curve, "extended": curve.assign(accuracy=curve.accuracy + 0.01)})


def rings(folder: Path) -> Plot:
    rows = [
        (phase, size, rate, 0.05, 3)
        for number, phase in enumerate(PHASES)
        for size, rate in enumerate([0.02 * number, 0.5, 0.3 * number, 1 - 0.1 * number, 0.3, 0.2], start=3)
    ]
    return plot_rings(pd.DataFrame(rows, columns=["phase", "ring_size", "rings_per_zinc", "stderr", "n"]))


def scattering(folder: Path) -> Plot:
    q, tables = np.arange(0.3, 20, 0.02), {"S": [], "D": []}
    for phase in PHASES:
        for radiation in ("neutron", "xray"):
            s = pd.DataFrame({"q_per_A": q, "s": 1 + np.sin(4 * q) / q, "s_stderr": 0.02})
            d = pd.DataFrame({"r_A": q / 2, "d_per_A2": np.sin(3 * q) / q, "d_per_A2_stderr": 0.01})
            tables["S"].append(s.assign(phase=phase, radiation=radiation))
            tables["D"].append(d.assign(phase=phase, radiation=radiation))
    (folder / "measured.txt").write_text("1.0 0.9\n2.0 1.1\n3.0 1.0\n")
    measured = {"phase": "ZIF_a", "radiation": "xray", "function": "S", "file": folder / "measured.txt"}
    return plot_scattering({name: pd.concat(parts) for name, parts in tables.items()}, PHASES, [measured])


def time_to_transition(folder: Path) -> Plot:
    """Two sizes of ZIF-4, one of which does not begin at the lowest temperature; ZIF-zni that completes."""
    runs = [
        ("ZIF-4", "4x4x4", 1024, 540, 1, np.nan, np.nan, 80.0),
        ("ZIF-4", "4x4x4", 1024, 700, 1, 9.0, 70.0, 80.0),
        ("ZIF-4", "2x2x4", 256, 700, 1, 20.0, np.nan, 80.0),
        ("ZIF-4", "2x2x4", 256, 700, 2, 14.0, 75.0, 80.0),
        ("ZIF-zni", "1x1x6", 192, 800, 1, 6.0, 30.0, 60.0),
        ("ZIF-zni", "1x1x6", 192, 900, 1, 1.0, 9.0, 60.0),
    ]
    names = ["transition", "supercell", "n_zn", "temperature_K", "replica"]
    table = pd.DataFrame(runs, columns=[*names, "onset_ps", "completion_ps", "watched_ps"])
    return plot_time_to_transition(table, PAPER)


def ramp_rate(folder: Path) -> Plot:
    table = rdf_table()
    one = table[(table["phase"] == "ZIF_a") & table["pair"].isin(("Zn-N", "Zn-Zn"))]
    curves = one[["pair", "r_A"]].assign(fast=one["g"], slow=1.01 * one["g"], difference=0.01 * one["g"])
    return plot_ramp_rate(curves.assign(difference_stderr=0.02), {"fast": 4.8, "slow": 1.0})


def forcefield_scan(folder: Path) -> Plot:
    scores = pd.read_csv(SCAN / "forcefield_scan_scores.csv")
    # The published scan is older than criteria on a logarithmic scale.
    scores = scores.assign(scale=scores.get("scale", "linear"))
    return plot_scan(scores, pd.read_csv(SCAN / "forcefield_scan_summary.csv"))


def forcefield_fit(folder: Path) -> Plot:
    """Intervals that shrink with a shallower well, and a cloud of best Morse terms."""
    depths = np.array([0.025, 0.03, 0.037, 0.048, 0.0545])
    names = [f"set-{number}" for number in range(5)]
    entries = {"tolerance": 1.2, "scale": "logarithmic"}
    scores = pd.concat(
        pd.DataFrame({"variant": names, "value": slow * (depths / 0.025) ** 3, "stderr": 0.2 * slow}).assign(
            quantity=quantity, framework=framework, temperature_K=temperature, target=3 * slow, **entries
        )
        for quantity, slow in zip(KINETICS, (0.1, 1.0, 10.0), strict=True)
        for framework, temperature in (("ZIF-4", 550.0), ("ZIF-zni", 700.0))
    )
    samples = []
    for fit, spread in ((SCANNED, 0.3), ("all", 0.02), ("without hot ZIF-4", 0.05)):
        noise = np.exp(spread * rng().standard_normal((5 if fit == SCANNED else 60, 3)))
        columns = {"D0_eV": 0.037 * noise[:, 0], "r0_A": 2.6 + 0.3 * np.log(noise[:, 1])}
        table = pd.DataFrame({**columns, "alpha_per_A": 2 * noise[:, 2], "fit": fit})
        samples.append(table.assign(name=names if fit == SCANNED else ""))
    criteria = [f"criterion {number} of the paper" for number in range(16)]
    columns = {"criterion": criteria, "deviation": rng().normal(0, 1, 16), "excess_stderr": 0.3}
    return plot_fit(scores, pd.concat(samples), pd.DataFrame(columns).assign(fit="all"))


EVERY: dict[str, Callable[[Path], Plot]] = {
    "fig1_structures": fig1,
    "fig2_zn_n_rdf": lambda folder: plot_zn_n_rdf(rdf_table(), PHASES),
    "fig3_classifier": fig3,
    "fig4_snapshots": fig4,
    "fig5_transition": lambda folder: plot_transition(
        transition_runs(), ["ZIF-4", "ZIF_a", "ZIF_liq"], 16, CRYSTALS
    ),
    "fig6_exchange": fig6,
    "fig7_anisotropy": fig7,
    "figS1_angles": angles,
    "figS2_potential_energy": lambda folder: plot_potential_energy(*ramp_tables()),
    "figS3_symmetry_functions": symmetry_functions,
    "figS4_liquid_fraction": liquid_fractions,
    "figS5_liquid_like_zinc": lambda folder: plot_liquid_like_zinc(counts_tables()),
    "classifier_learning_curve": learning_curves,
    "classifier_reliability": reliability,
    "enthalpy_of_phases": enthalpies,
    "forcefield_fit": forcefield_fit,
    "forcefield_scan": forcefield_scan,
    "free_energy_of_transitions": free_energies,
    "growth_rates": lambda folder: plot_growth_rates(growth_series(), PAPER),
    "lability_sites": lambda folder: plot_lability(
        {"ZIF-4": lability_table("ZIF-4", 32), "ZIF-zni": lability_table("ZIF-zni", 128)}
    ),
    "ramp_rate": ramp_rate,
    "ramp_volume": lambda folder: plot_ramp_volume(*ramp_tables()),
    "time_to_transition": time_to_transition,
    "rdf_partials": lambda folder: plot_rdf_partials(rdf_table(), PHASES),
    "rings_distribution": rings,
    "scattering_total": scattering,
}
"""All figures by name; each takes a folder for its files."""


def nothing_broke(folder: Path) -> Plot:
    table = lability_table("ZIF-4", 32).assign(site_interval_ps=np.nan)
    return plot_lability({"ZIF-4": table, "ZIF-zni": lability_table("ZIF-zni", 128)})


def nothing_disordered(folder: Path) -> Plot:
    still = [table.assign(largest_zinc=0) for table in cluster_tables()]
    return fig7(folder, still, broken=False)


WITHOUT_DATA: dict[str, Callable[[Path], Plot]] = {
    "fig6_exchange": lambda folder: fig6(folder, exchange=False),
    "fig7_anisotropy": nothing_disordered,
    "figS2_potential_energy": lambda folder: plot_potential_energy(*ramp_tables(resolved=False)),
    "figS4_liquid_fraction": lambda folder: plot_liquid_fraction(liquid_fractions(folder).numbers.iloc[:0]),
    "free_energy_of_transitions": lambda folder: free_energies(folder, known=False),
    "growth_rates": lambda folder: plot_growth_rates(growth_series(bracketed=False), PAPER),
    "lability_sites": nothing_broke,
}
"""Figures whose subject did not occur."""
