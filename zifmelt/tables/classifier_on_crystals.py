"""The classifiers judged where they are used: what they call disordered in crystals that keep their net."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from ..environments.classify import Classification
from ..mechanism.bonds import Bonds
from ..mechanism.kept_net import kept_net
from ..statistics import UNDETERMINED, Estimate, mean_of_runs, mean_of_series
from .rows import PaperValue, id_part, table_row

MOST_EXCESS = 0.05
"""Share of the Zn that a classifier may call disordered beyond those whose links have changed: what the
paper's network misreads of its own crystals (Table II: 0.049 of ZIF-4, 0.054 of ZIF-zni, rounded)."""


def judge_run(
    bonds: Bonds, classified: Mapping[str, Classification], crystals: Collection[str], from_ps: float
) -> dict[str, Estimate]:
    """Compare what classifiers call disordered with what has changed while a crystal keeps its net.

    Parameters
    ----------
    bonds
        Bonds of a run that begins with the crystal.
    classified
        Per classifier the classes of its Zn, all at the same times.
    crystals
        Names of the ordered classes.
    from_ps
        Frames up to this time are left out as equilibration, ps.

    Returns
    -------
    dict
        ``kept_until``: time of the last frame looked at, ps; ``changed``: share of the Zn whose links are not
        those of the first frame; per classifier ``disordered.<name>``, the share of the Zn that it calls
        disordered, and ``excess.<name>``, how much that is above ``changed``. Means over the frames of
        `kept_net`, errors of correlated series; `UNDETERMINED` if there are no such frames.

    Raises
    ------
    InputError
        The classes are those of other frames.
    """
    times = next(iter(classified.values())).times_ps
    net = kept_net(bonds, times, from_ps)
    found = {"kept_until": UNDETERMINED, "changed": _mean(net.changed)}
    if net.frames.any():
        found["kept_until"] = Estimate(float(times[net.frames][-1]), np.nan, 1)
    for name, classes in classified.items():
        disordered = classes.disordered(crystals).mean(axis=1)[net.frames]
        found[f"disordered.{name}"] = _mean(disordered)
        found[f"excess.{name}"] = _mean(disordered - net.changed)
    return found


def crystal_rows(
    runs: Mapping[str, Sequence[Mapping[str, Estimate]]],
    classifiers: Sequence[str],
    paper_values: Mapping[str, PaperValue],
    stable: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Tabulate what `judge_run` found, means over independent runs, with a verdict.

    Parameters
    ----------
    runs
        Per system, e.g. ``ZIF-4 4x4x4 540 K``, what `judge_run` found in each run.
    classifiers
        Their names.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.
    stable
        Systems that the paper has a share of disordered Zn of, and the crystal of each.

    Returns
    -------
    list of dict
        Rows of a table. ``passed.<classifier>.<system>`` is 1 if the excess is at most `MOST_EXCESS`, else 0;
        ``passed.<classifier>``, the last rows, is 1 if it passed in every system in which the excess has a
        standard error, and n counts these.
    """
    rows: list[dict[str, Any]] = []
    verdicts: dict[str, list[Estimate]] = {name: [] for name in classifiers}
    for system, found in runs.items():
        means = {key: mean_of_runs([run[key] for run in found]) for key in found[0]}
        crystal = stable.get(system)
        paper = f"mechanism.disordered_share_stable.{crystal}" if crystal else ""
        lines = [
            ("kept_until", "last frame with the net kept", "ps", means["kept_until"], ""),
            ("changed", "share of the Zn whose links have changed", "1", means["changed"], ""),
        ]
        for name in classifiers:
            excess = means[f"excess.{name}"]
            verdict = _verdict(excess)
            verdicts[name].append(verdict)
            called, above = f"disordered.{name}", f"excess.{name}"
            lines += [
                (called, f"share of the Zn that {name} calls disordered", "1", means[called], paper),
                (above, f"share that {name} calls disordered above that changed", "1", excess, ""),
                (f"passed.{name}", f"{name} passes (1) or fails (0)", "1", verdict, ""),
            ]
        rows += [
            table_row(f"{key}.{id_part(system)}", f"{system}: {text}", unit, value, paper_values, identifier)
            for key, text, unit, value, identifier in lines
        ]
    for name, passed in verdicts.items():
        text = f"{name} passes in every crystal (1), or is not for Figs. 4 to 7 (0)"
        rows.append(table_row(f"passed.{name}", text, "1", _all_passed(passed), paper_values))
    return rows


def failures(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the rows of `crystal_rows` with a verdict of 0."""
    return [row["quantity"] for row in rows if row["id"].startswith("passed.") and row["value"] == 0]


def _mean(series: np.ndarray) -> Estimate:
    return mean_of_series(series) if len(series) else UNDETERMINED


def _verdict(excess: Estimate) -> Estimate:
    # Nothing is judged by a single frame.
    known = np.isfinite(excess.stderr)
    return Estimate(float(excess.value <= MOST_EXCESS), np.nan, excess.n) if known else UNDETERMINED


def _all_passed(verdicts: Sequence[Estimate]) -> Estimate:
    known = [verdict.value for verdict in verdicts if verdict.n]
    return Estimate(float(all(known)), np.nan, len(known)) if known else UNDETERMINED
