"""Writing what was found in a trajectory: tables, and extended XYZ for OVITO."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from ..environments.classify import Classification
from ..files import write_json, write_table, written_whole
from ..mechanism.bonds import Bonds
from ..trajectory import TIME_TOLERANCE_PS
from .classify import ClassifiedTrajectory

XYZ_COLUMNS = "species:S:1:pos:R:3:class:I:1:probability:R:1:strangeness:R:1:coordination:I:1"


def write_results(result: ClassifiedTrajectory, folder: str | Path) -> None:
    """Write everything that was found, each file whole or not at all.

    ====================  =================================================================================
    ``zinc.csv``          time_ps, zinc (its place in the file, from 0), class, probability of every class,
                          strangeness (above 1: unlike the training database), coordination
    ``fractions.csv``     time_ps and the fraction of the Zn in each class
    ``classified.xyz``    extended XYZ of the Zn with class, probability, strangeness and coordination, for
                          OVITO; every frame's second line tells which class has which number
    ``bonds.csv``         zinc, nitrogen (places in the file), start_ps, end_ps (empty: holds to the end)
    ``bond_events.csv``   one row per break, see `zifmelt.mechanism.events`; Zn, N and ligands counted each
    ``coordination.csv``  time_ps, mean number of N per Zn, fractions of Zn with 0, 1, ... N
    ``rings.csv``         time_ps, zinc, rings_of_3, ... in the box
    ``summary.json``      the means over the trajectory; written last
    ====================  =================================================================================

    Parameters
    ----------
    result
        From `zifmelt.external.classify.classify_trajectory`.
    folder
        Made if it is not there.
    """
    folder = Path(folder)
    numbers = _frame_numbers(result)
    coordination = result.bonds.coordination()
    write_table(folder / "zinc.csv", _zinc_table(result, coordination[numbers]))
    write_table(folder / "fractions.csv", result.classification.fractions())
    with written_whole(folder / "classified.xyz") as scratch, scratch.open("w", encoding="utf-8") as stream:
        for text in _xyz_frames(result, numbers, coordination[numbers]):
            stream.write(text)
    write_table(folder / "bonds.csv", _bond_table(result))
    write_table(folder / "bond_events.csv", result.events)
    write_table(folder / "coordination.csv", coordination_table(result.bonds))
    write_table(folder / "rings.csv", result.rings)
    write_json(folder / "summary.json", summary(result))


def summary(result: ClassifiedTrajectory) -> dict[str, object]:
    """Sum a result up in a few numbers: sizes, mean fractions of the classes, strangeness, events by kind."""
    fractions = result.classification.fractions().drop(columns="time_ps").mean()
    return {
        "trajectory": str(result.trajectory.path),
        "zinc": result.bonds.n_zinc,
        "frames": len(result.bonds.times),
        "classified_frames": len(result.classification.times_ps),
        "fractions": fractions.round(4).to_dict(),
        "strange_share": round(result.strange_share, 4),
        "usual_share": round(result.usual_share, 4),
        "out_of_distribution": result.out_of_distribution,
        "coordination": round(float(result.bonds.coordination().mean()), 4),
        "events": result.events["kind"].value_counts().to_dict(),
    }


def coordination_table(bonds: Bonds) -> pd.DataFrame:
    """Return time_ps, mean (N per Zn) and fraction_with_<k>_N against time."""
    counts = bonds.coordination()
    shares = {f"fraction_with_{k}_N": (counts == k).mean(axis=1) for k in range(counts.max(initial=0) + 1)}
    return pd.DataFrame({"time_ps": bonds.times, "mean": counts.mean(axis=1), **shares})


def _frame_numbers(result: ClassifiedTrajectory) -> np.ndarray:
    """Place of every classified frame among all frames."""
    return np.searchsorted(result.bonds.times, result.classification.times_ps - TIME_TOLERANCE_PS)


def _zinc_places(result: ClassifiedTrajectory) -> np.ndarray:
    symbols = np.array([atom.element.symbol for atom in result.trajectory.topology.atoms])
    return result.trajectory.atoms[symbols == "Zn"]


def _zinc_table(result: ClassifiedTrajectory, coordination: np.ndarray) -> pd.DataFrame:
    found: Classification = result.classification
    frames, zinc = found.assigned.shape
    chances = found.probabilities.reshape(frames * zinc, -1).astype(float).round(4)
    return pd.DataFrame(
        {
            "time_ps": np.repeat(found.times_ps, zinc),
            "zinc": np.tile(_zinc_places(result), frames),
            "class": np.array(found.classes)[found.assigned.ravel()],
            **{f"probability_{name}": chances[:, k] for k, name in enumerate(found.classes)},
            "strangeness": result.strangeness.ravel().round(3),
            "coordination": coordination.ravel(),
        }
    )


def _bond_table(result: ClassifiedTrajectory) -> pd.DataFrame:
    bonds = result.bonds
    symbols = np.array([atom.element.symbol for atom in result.trajectory.topology.atoms])
    nitrogen = result.trajectory.atoms[symbols == "N"]
    ends = np.append(bonds.times, np.nan)[bonds.end]
    return pd.DataFrame(
        {
            "zinc": _zinc_places(result)[bonds.zinc],
            "nitrogen": nitrogen[bonds.nitrogen],
            "start_ps": bonds.times[bonds.start],
            "end_ps": ends,
        }
    )


def _xyz_frames(result: ClassifiedTrajectory, numbers: np.ndarray, coordination: np.ndarray) -> Iterator[str]:
    """One text per classified frame."""
    found = result.classification
    assigned, chances = found.assigned, found.probabilities.max(axis=-1)
    symbols = np.array([atom.element.symbol for atom in result.trajectory.topology.atoms])
    names = " ".join(f"{number}={name}" for number, name in enumerate(found.classes))
    stride = int(numbers[1] - numbers[0]) if len(numbers) > 1 else 1
    frame = 0
    for piece in result.trajectory.pieces(stride):
        for positions, box in zip(piece.positions[:, symbols == "Zn"], piece.boxes, strict=True):
            lattice = " ".join(f"{value:.6f}" for value in box.ravel())
            head = f'Lattice="{lattice}" Properties={XYZ_COLUMNS} Time={found.times_ps[frame]:g}'
            rows = [
                f"Zn {x:.3f} {y:.3f} {z:.3f} {label} {chance:.4f} {strange:.3f} {number}"
                for (x, y, z), label, chance, strange, number in zip(
                    positions,
                    assigned[frame],
                    chances[frame],
                    result.strangeness[frame],
                    coordination[frame],
                    strict=True,
                )
            ]
            yield "\n".join([str(len(rows)), f'{head} classes="{names}"', *rows]) + "\n"
            frame += 1
