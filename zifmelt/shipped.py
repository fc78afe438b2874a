"""Files that come with the package: force fields, crystal structures, schemas, the paper's numbers."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(relative: str) -> Path:
    """Return the path of a file or folder that comes with the package.

    Parameters
    ----------
    relative
        Path as in a checkout, e.g. ``config/forcefields``.

    Returns
    -------
    Path
        In an installed wheel the files lie inside the package, in a checkout beside it.
    """
    inside = PACKAGE / "shipped_files" / relative
    return inside if inside.exists() else PACKAGE.parent / relative
