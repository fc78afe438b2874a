"""Run every benchmark, or those named on the command line; keep the numbers in ``results/bench``."""

import os
import sys
import time
from importlib import import_module
from typing import Any

import pandas as pd

from zifmelt.dynamics.speeds import processor
from zifmelt.files import write_json

from .boxes import ROOT
from .plot import plot_costs
from .timing import MissingCompetitor

BENCHMARKS = ("reading", "pairs", "rings", "symmetry_functions", "training", "dry_run", "molecular_dynamics")
OUTPUT = ROOT / "results/bench"


def main(names: list[str]) -> None:
    """Run benchmarks one after another; a competitor that is not installed is left out with a sentence."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    records: list[dict[str, Any]] = []
    for name in names or BENCHMARKS:
        start, load = time.perf_counter(), os.getloadavg()[0]
        try:
            rows = import_module(f"{__package__}.{name}").main()
        except MissingCompetitor as error:
            print(f"{name}: {error}", flush=True)
            continue
        for row in rows:
            print(_sentence(row), flush=True)
        machine = {"processor": processor(), "cores": os.cpu_count(), "load_at_start": load}
        took = time.perf_counter() - start
        write_json(OUTPUT / f"{name}.json", {"machine": machine, "seconds": took, "records": rows})
        records += rows
    if records:
        plot_costs(pd.DataFrame(records), OUTPUT / "cost_against_size.svg")


def _sentence(row: dict[str, Any]) -> str:
    cost = f"{row['what']}, {row['size']}: {row['our_seconds']:.3g} s"
    if "ratio" not in row:
        return cost
    low, high = row["ratio_range"]
    return f"{cost}, {row['ratio']:.2f} times as fast ({low:.2f} to {high:.2f}) as {row['competitor']}"


if __name__ == "__main__":
    main(sys.argv[1:])
