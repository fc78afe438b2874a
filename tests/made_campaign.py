"""A folder of results such as a campaign leaves, with made numbers, to build pages from."""

import json
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from zifmelt.files import read_text
from zifmelt.page.configuration import layered
from zifmelt.shipped import shipped

CONFIG = layered([shipped("config/demo.yaml")])
NAN = np.nan
OPEN = "paper: Tab. III; open: the growth rates do not change sign between 400 and 440 K"


def made_campaign(folder: Path, quantity: str = "density; glass") -> Path:
    """Write tables, figures, an interactive view and records of four simulations."""
    columns = ["id", "quantity", "unit", "value", "stderr", "n", "paper", "reference", "source"]
    table1 = pd.DataFrame(
        [
            (
                "table1.density_glass",
                quantity,
                "g/cm3",
                1.58,
                0.02,
                2,
                1.57,
                1.63,
                "paper: Tab. I; reference: experiment",
            ),
            (
                "table1.bulk_modulus_glass",
                "bulk modulus; glass",
                "GPa",
                5.9,
                0.4,
                2,
                3.9,
                4.3,
                "paper: Tab. I; reference: experiment",
            ),
        ],
        columns=columns,
    )
    table3 = pd.DataFrame(
        [("table3.temperature.ZIF-4.ZIF_a", "temperature; ZIF-4 -> ZIF_a", "K", NAN, NAN, 0, 420, 589, OPEN)],
        columns=columns,
    )
    write(folder / "tables/table1.csv", table1)
    write(folder / "tables/table3.csv", table3)
    both = pd.concat([table1.assign(table="table1"), table3.assign(table="table3")])
    write(folder / "tables/comparison.csv", both.assign(deviation=NAN))
    write(folder / "tables/forcefield_scan_summary.csv", pd.DataFrame({"variant": ["a"], "passed": [3]}))
    for name in ("fig2_zn_n_rdf", "fig3_classifier", "fig5_transition", "growth_rates"):
        draw(folder / f"figures/{name}")
    view = {"classes": ["ZIF-zni", "ZIF_liq"], "colours": ["#888", "#f80"], "radii": [0.9, 1.5], "frames": []}
    points = (10 * np.random.default_rng(1).uniform(0, 20, (12, 3))).astype(int).ravel().tolist()
    for time in (0.5, 1.0):
        frame = {"time_ps": time, "box": (20 * np.eye(3)).tolist(), "positions": points}
        view["frames"].append({**frame, "classes": [0, 1] * 6, "sticks": [0, 1, 2, 3]})
    template = read_text(shipped("zifmelt") / "figures/viewer.html")
    page = template.replace("__TITLE__", "made").replace("__DATA__", json.dumps(view))
    (folder / "figures/viewer_ZIF-zni.html").write_text(page)
    records(folder)
    return folder


def write(path: Path, table: pd.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)


def draw(stem: Path) -> None:
    """Draw a line as SVG and PNG, with its numbers."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    figure, axis = plt.subplots(figsize=(7, 2.5))
    axis.plot([0, 1, 2], [0, 1, 4])
    for suffix in (".svg", ".png"):
        figure.savefig(stem.with_suffix(suffix))
    plt.close(figure)
    write(stem.with_suffix(".csv"), pd.DataFrame({"x": [0, 1, 2], "y": [0, 1, 4]}))


def records(folder: Path) -> None:
    """Write the records of two glasses and two productions, and a plan of five simulations."""
    runs = {
        "annealing/ZIF-4/r1": (300.0, 1.5),
        "annealing/ZIF-4/r2": (300.0, 2.5),
        "production/ZIF-zni/1x1x1/670K/r1": (670.0, 1.0),
        "production/ZIF-zni/1x1x1/700K/r1": (700.0, 2.0),
    }
    for path, (temperature, duration) in runs.items():
        content = {
            "stretches": [{"to_K": temperature, "duration_ps": duration, "barostat": "isotropic"}],
            "settings": {"pressure_bar": 1.0, "accelerator": "cpu", "threads": 1, "mpi_ranks": 1},
            "forcefield": {"name": "nb-zif-ff"},
            "versions": {"lammps": "2025.7.22"},
            "n_zn": 32,
            "started": "2026-01-01T10:00:00+00:00",
            "finished": "2026-01-01T10:30:00+00:00",
        }
        record = folder / "md" / path / "provenance.json"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps(content))
    plan = [(path, "", path.split("/")[1]) for path in [*runs, "liquid/ZIF-zni/r1"]]
    write(folder / "runs.csv", pd.DataFrame(plan, columns=["path", "phase", "framework"]))
