"""Force-field scan: all measured quantities, the score of every criterion, and one line per force field."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..files import read_table
from ..forcefield.criteria import Criterion, root_mean_square
from ..runs import Simulation
from ..statistics import UNDETERMINED, Estimate
from .quantities import NAMES, mean_quantity, read_quantities
from .rows import COLUMNS, PaperValue, table_row

Conditions = tuple[str, str, str, float]
"""Variant, framework, barostat and temperature in K."""

CONDITIONS = ("variant", "framework", "barostat", "temperature_K")
Averages = dict[Conditions, dict[str, tuple[str, Estimate]]]
"""Unit and mean of every quantity by its id, by conditions."""

CELL_AXES = {f"cell_length_{axis}": index for index, axis in enumerate("abc")}


def average_runs(paths: Mapping[Simulation, str | Path]) -> Averages:
    """Average every quantity over the independent runs under the same conditions.

    Parameters
    ----------
    paths
        ``crystal.csv`` of each simulation, in the order of the table.

    Returns
    -------
    dict
        By conditions, in the order of `paths`; n = number of runs.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    runs: dict[Conditions, list[str | Path]] = {}
    for run, path in paths.items():
        conditions = (run.variant, run.phase, run.barostat, float(run.temperature_K))
        runs.setdefault(conditions, []).append(path)
    averages = {}
    for conditions, members in runs.items():
        units = read_table(members[0]).set_index("id")["unit"].astype(str)
        quantities = [read_quantities(member) for member in members]
        averages[conditions] = {name: (unit, mean_quantity(quantities, name)) for name, unit in units.items()}
    return averages


def value_of(averages: Averages, variant: str, barostat: str, criterion: Criterion) -> tuple[str, Estimate]:
    """Take what a criterion judges; a difference has the errors of both added in quadrature.

    Returns
    -------
    unit, estimate : tuple
        `UNDETERMINED` without a unit if there are no such runs.
    """
    terms = []
    for framework in (criterion.framework, criterion.minus):
        if framework is not None:
            measured = averages.get((variant, framework, barostat, criterion.temperature_K), {})
            terms.append(measured.get(criterion.quantity, ("", UNDETERMINED)))
    (unit, value), *subtracted = terms
    for _, other in subtracted:
        error = float(np.hypot(value.stderr, other.stderr))
        value = Estimate(value.value - other.value, error, min(value.n, other.n))
    return unit, value


def scan_rows(
    averages: Averages,
    criteria: Sequence[Criterion],
    cells: Mapping[str, Mapping[str, Any]],
    paper_values: Mapping[str, PaperValue],
) -> pd.DataFrame:
    """List every quantity under all conditions beside the paper's number and the experiment's.

    Parameters
    ----------
    averages
        From `average_runs`.
    criteria, cells
        From `zifmelt.forcefield.criteria.read_criteria`.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    pandas.DataFrame
        Columns of every table, and those of `CONDITIONS`.
    """
    known = {(c.quantity, c.subject, c.temperature_K): c.identifier for c in criteria}
    rows = []
    for conditions, quantities in averages.items():
        _, framework, _, temperature = conditions
        for name, (unit, estimate) in quantities.items():
            identifier = known.get((name, framework, temperature), "")
            row = table_row(_row_id(name, conditions), NAMES[name], unit, estimate, paper_values, identifier)
            if name in CELL_AXES and framework in cells:
                cell = cells[framework]
                row.update(reference=cell["cell"][CELL_AXES[name]], source=f"reference: {cell['source']}")
            rows.append({**row, **dict(zip(CONDITIONS, conditions, strict=True))})
    for variant, barostat in _forcefields(averages):
        for criterion in (criterion for criterion in criteria if criterion.minus is not None):
            unit, estimate = value_of(averages, variant, barostat, criterion)
            if unit:
                conditions = (variant, criterion.subject, barostat, criterion.temperature_K)
                row_id = _row_id(criterion.quantity, conditions)
                paper = criterion.identifier
                row = table_row(row_id, criterion.quantity_name, unit, estimate, paper_values, paper)
                rows.append({**row, **dict(zip(CONDITIONS, conditions, strict=True))})
    return pd.DataFrame(rows, columns=[*COLUMNS, *CONDITIONS])


def score_rows(averages: Averages, criteria: Sequence[Criterion]) -> pd.DataFrame:
    """Score every force field under every barostat against every criterion.

    Returns
    -------
    pandas.DataFrame
        variant, barostat, criterion, id and quantity (of programs and of the reader), framework,
        temperature_K, unit, value, stderr, n, bound, target, tolerance, scale, deviation and deviation_stderr
        (in tolerances), verdict, why.
    """
    rows = []
    for variant, barostat in _forcefields(averages):
        for criterion in criteria:
            unit, estimate = value_of(averages, variant, barostat, criterion)
            deviation = criterion.deviation(estimate)
            rows.append(
                {
                    "variant": variant,
                    "barostat": barostat,
                    "criterion": criterion.name,
                    "id": criterion.quantity,
                    "quantity": criterion.quantity_name,
                    "framework": criterion.subject,
                    "temperature_K": criterion.temperature_K,
                    "unit": unit,
                    "value": estimate.value,
                    "stderr": estimate.stderr,
                    "n": estimate.n,
                    "bound": criterion.bound,
                    "target": criterion.value,
                    "tolerance": criterion.tolerance,
                    "scale": criterion.scale,
                    "deviation": deviation.value,
                    "deviation_stderr": deviation.stderr,
                    "verdict": criterion.verdict(estimate),
                    "why": criterion.why,
                }
            )
    return pd.DataFrame(rows)


def best_readings(scores: pd.DataFrame) -> pd.DataFrame:
    """Keep the reading with the smallest deviation of each criterion, per variant and barostat."""
    ordered = scores.assign(size=scores["deviation"].abs()).sort_values("size", kind="stable")
    best = ordered.drop_duplicates(["variant", "barostat", "criterion"]).sort_index()
    return best.drop(columns="size")


def summary_rows(scores: pd.DataFrame) -> pd.DataFrame:
    """Sum up the scores: one line per force field and barostat, in the order of `scores`.

    Returns
    -------
    pandas.DataFrame
        variant, barostat; how many criteria are measured, passed, failed and undecided; rms_deviation and its
        stderr, in tolerances; and the deviation from each criterion.
    """
    rows = []
    for (variant, barostat), part in best_readings(scores).groupby(["variant", "barostat"], sort=False):
        deviations = [Estimate(r.deviation, r.deviation_stderr, r.n) for r in part.itertuples()]
        rms = root_mean_square(deviations)
        verdicts = part["verdict"].value_counts()
        rows.append(
            {
                "variant": variant,
                "barostat": barostat,
                "measured": rms.n,
                "passed": verdicts.get("pass", 0),
                "failed": verdicts.get("fail", 0),
                "undecided": verdicts.get("undecided", 0),
                "rms_deviation": rms.value,
                "rms_deviation_stderr": rms.stderr,
                **dict(zip(part["criterion"], part["deviation"], strict=True)),
            }
        )
    return pd.DataFrame(rows)


def _row_id(quantity: str, conditions: Conditions) -> str:
    variant, framework, barostat, temperature = conditions
    return f"{quantity}.{variant}.{framework.replace(' ', '')}.{barostat}.{temperature:g}K"


def _forcefields(averages: Averages) -> list[tuple[str, str]]:
    """Variants and barostats, variants outermost, in the order of the runs."""
    variants = list(dict.fromkeys(variant for variant, _, _, _ in averages))
    barostats = list(dict.fromkeys(barostat for _, _, barostat, _ in averages))
    present = {(variant, barostat) for variant, _, barostat, _ in averages}
    return [(v, b) for v in variants for b in barostats if (v, b) in present]
