"""Table II: the confusion matrix of each classifier, on both splits, beside the paper's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..environments.evaluation import score
from ..environments.predictions import load_predictions
from ..statistics import Estimate
from .rows import PaperValue, table_row

SPLIT_NAMES = {"random": "random 80:20 split", "trajectory": "left-out trajectories"}
"""Splits for the reader."""

PAPER_CLASSIFIER = "paper"
"""The classifier that the paper's numbers belong to."""


def table2_rows(
    predictions: Mapping[str, str | Path], paper_values: Mapping[str, PaperValue], seed: int
) -> list[dict[str, Any]]:
    """Make the rows of Table II.

    The paper's numbers stand beside the classifier built like the paper's, on both splits; standard errors
    come from resampling independent trajectories, n counts them.

    Parameters
    ----------
    predictions
        File of held-out predictions by name of the classifier.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.
    seed
        Of the resampling.

    Returns
    -------
    list of dict
        Per classifier and split the accuracy, then the confusion matrix row by row.
    """
    rows = []
    for classifier, path in predictions.items():
        parts, classes = load_predictions(path)
        known = paper_values if classifier == PAPER_CLASSIFIER else {}
        for split, part in parts.items():
            where = f"{classifier} classifier, {SPLIT_NAMES[split]}"
            result = score(part, np.random.default_rng(seed))
            rows.append(
                table_row(
                    f"accuracy.{classifier}.{split}",
                    f"accuracy; {where}",
                    "1",
                    result.accuracy,
                    known,
                    "classifier.accuracy",
                )
            )
            for i, true in enumerate(classes):
                for j, called in enumerate(classes):
                    cell = Estimate(
                        float(result.fractions[i, j]), float(result.stderr[i, j]), int(result.n[i])
                    )
                    name = f"fraction of {true} classified as {called}; {where}"
                    row_id = f"confusion.{true}.{called}.{classifier}.{split}"
                    rows.append(
                        table_row(row_id, name, "1", cell, known, f"table2.confusion.{true}.{called}")
                    )
    return rows
