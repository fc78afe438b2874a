"""Cost against size, ours and others', one panel per subject."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from zifmelt.files import written_whole

COLUMNS = 3


def plot_costs(records: pd.DataFrame, path: Path) -> None:
    """Draw the seconds per unit of work against the size, both logarithmic, and write the figure as SVG.

    Parameters
    ----------
    records
        Columns ``what``, ``size``, ``our_seconds``, and where there is a competitor ``competitor`` and
        ``their_seconds``.
    path
        File to write.
    """
    records = records.reindex(columns=["what", "size", "our_seconds", "competitor", "their_seconds"])
    subjects = list(dict.fromkeys(records["what"]))
    rows = -(-len(subjects) // COLUMNS)
    figure = Figure(figsize=(4 * COLUMNS, 3 * rows), layout="constrained")
    for panel, subject in zip(figure.subplots(rows, COLUMNS, squeeze=False).flat, subjects, strict=False):
        mine = records[records["what"] == subject]
        ours = mine.groupby("size")["our_seconds"].median()
        panel.loglog(ours.index, ours, "o-", color="black", label="zifmelt")
        for name, theirs in mine.dropna(subset="their_seconds").groupby("competitor"):
            panel.loglog(theirs["size"], theirs["their_seconds"], "s--", label=name)
        panel.set_title(subject, fontsize=9)
        panel.set_xlabel("size")
        panel.set_ylabel("seconds")
        panel.legend(fontsize=6)
    for panel in figure.axes[len(subjects) :]:
        panel.remove()
    with written_whole(path) as scratch:
        figure.savefig(scratch, format="svg")
