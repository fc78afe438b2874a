"""Figs. 5 and S6: fractions of the classes against time, with three-membered rings and the first exchange."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..mechanism.event_kinetics import WatchedRun, first_exchange
from ..mechanism.passages import disordered_fraction
from .plot import Plot
from .style import LETTER_PT, journal_style, panels, phase_colours

RING_COLOUR = "#00a5b5"
SNAPSHOTS = "ABCD"


@dataclass(frozen=True)
class TransitionRun:
    """What Fig. 5 shows of one run.

    Attributes
    ----------
    name
        Label, e.g. the replica.
    fractions
        Fractions of the classes against ``time_ps``.
    rings
        Rings in the box against ``time_ps``, with the number of ``zinc``.
    exchange_ps
        Time of the first exchange (iii), NaN if there is none.
    """

    name: str
    fractions: pd.DataFrame
    rings: pd.DataFrame
    exchange_ps: float


def transition_run(
    name: str, fractions: pd.DataFrame, rings: pd.DataFrame, watched: WatchedRun
) -> TransitionRun:
    """Put the results of one run together."""
    return TransitionRun(name, fractions, rings, first_exchange(watched))


def snapshot_times(fractions: pd.DataFrame, crystals: Sequence[str]) -> np.ndarray:
    """Choose four times that show a transition, as the paper's snapshots A to D do.

    Start, last passage of one third and of two thirds of the disordered fraction at the end, end: what dies
    away again is no part of the transition. A run that ends with less than one half gets four equally spaced
    times.

    Returns
    -------
    numpy.ndarray
        Shape (4,), ps.
    """
    times, fraction = fractions["time_ps"].to_numpy(), disordered_fraction(fractions, crystals)
    reached = fraction[-1]
    if reached < 0.5:
        return times[np.linspace(0, len(times) - 1, 4).round().astype(int)]
    below = [np.flatnonzero(fraction < part * reached) for part in (1 / 3, 2 / 3)]
    passed = [int(frames[-1]) + 1 if len(frames) else 0 for frames in below]
    return times[[0, *passed, len(times) - 1]]


def tabulate_transition(runs: Sequence[TransitionRun], zinc_per_cell: int) -> pd.DataFrame:
    """List the plotted numbers: per run and time the fractions and the three-membered rings per unit cell."""
    tables = []
    for run in runs:
        cells = run.rings["zinc"] / zinc_per_cell
        rings = pd.DataFrame(
            {"time_ps": run.rings["time_ps"], "rings_of_3_per_cell": run.rings["rings_of_3"] / cells}
        )
        both = pd.concat([run.fractions, rings])
        tables.append(both.assign(run=run.name, first_exchange_ps=run.exchange_ps))
    return pd.concat(tables, ignore_index=True)


@journal_style()
def plot_transition(
    runs: Sequence[TransitionRun], shown: Sequence[str], zinc_per_cell: int, crystals: Sequence[str]
) -> Plot:
    """Draw Fig. 5: the first run thick, the others thin, rings on the right axis, the first exchange dotted.

    Parameters
    ----------
    runs
        Independent runs.
    shown
        Classes to draw.
    zinc_per_cell
        Zn in the unit cell.
    crystals
        Names of the ordered classes.

    Returns
    -------
    Plot
        Its numbers are those of `tabulate_transition`.
    """
    numbers = tabulate_transition(runs, zinc_per_cell)
    figure, axes = panels(2, 7.5, 1, 1)
    axis = axes[0, 0]
    right = axis.twinx()
    _draw_runs(axis, right, numbers, shown)
    _mark_events(axis, runs[0], crystals)
    axis.set(xlabel="time (ps)", ylabel=r"fraction of Zn, $X_\mathrm{Zn}$", ylim=(-0.02, 1.02))
    right.set_ylabel("three-membered rings per unit cell", color=RING_COLOUR)
    right.tick_params(axis="y", colors=RING_COLOUR)
    # Both axes have their zero at the same height.
    top = max(1.0, 1.05 * numbers["rings_of_3_per_cell"].max())
    right.set_ylim(-0.02 * top / 1.02, top)
    figure.legend(loc="outside lower center", ncols=len(shown) + 1)
    return Plot(figure, numbers)


def _draw_runs(axis: Axes, right: Axes, numbers: pd.DataFrame, shown: Sequence[str]) -> None:
    """Draw fractions on the left and rings on the right axis, the first run on top of the others."""
    colours = phase_colours(list(shown))
    for order, (_, table) in reversed(list(enumerate(numbers.groupby("run", sort=False)))):
        width, alpha = (1.4, 1.0) if order == 0 else (0.5, 0.45)
        for phase in shown:
            line = table.dropna(subset=phase)
            label = phase if order == 0 else None
            axis.plot(line["time_ps"], line[phase], color=colours[phase], label=label, lw=width, alpha=alpha)
        line = table.dropna(subset="rings_of_3_per_cell")
        right.plot(
            line["time_ps"], line["rings_of_3_per_cell"], color=RING_COLOUR, lw=0.6 * width, alpha=alpha
        )


def _mark_events(axis: Axes, run: TransitionRun, crystals: Sequence[str]) -> None:
    """Mark the first exchange of a run and the times of its snapshots."""
    if np.isfinite(run.exchange_ps):
        axis.axvline(run.exchange_ps, color="0.3", ls=":", lw=1, label="first exchange (iii)")
    else:
        axis.plot([], [], " ", label="no exchange (iii) in the first run")
    for letter, time in zip(SNAPSHOTS, snapshot_times(run.fractions, crystals), strict=True):
        axis.annotate(
            letter, (time, 1.05), ha="center", fontsize=LETTER_PT, fontweight="bold", annotation_clip=False
        )
        axis.plot([time], [1.02], "v", color="0.3", clip_on=False)
