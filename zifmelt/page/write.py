"""Writing the page of a campaign."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from .. import __version__
from ..errors import InputError
from ..files import read_table, read_text, read_yaml, write_text
from ..shipped import shipped
from ..tables.rows import COLUMNS
from .captions import caption_of, first_sentence
from .catalogue import Product, products
from .comparison import EDGE, VERDICTS, Compared, compared, counts, place
from .images import carried
from .numbers import plain_number
from .simulations import facts, grouped, recorded_simulations

PARTS = {
    "Structure and properties": ("glass", "The glass: structure and properties"),
    "Local environments": ("classifier", "The classifier of zinc environments"),
    "Thermodynamics": ("thermodynamics", "Thermodynamics of the transitions"),
    "Mechanism": ("mechanism", "Mechanism of amorphization and melting"),
    "Force field": ("forcefield", "The force field"),
}
"""Parts of the page in the paper's order, by the categories of the report."""

COMPARISON = "comparison"
MOST_ROWS = 300
"""Rows of a table on the page; the file has them all."""


def write_page(folder: str | Path, config: Mapping[str, Any]) -> None:
    """Write ``index.html`` into a campaign's folder from what is there; nothing is computed anew.

    Parameters
    ----------
    folder
        Folder of the campaign's results.
    config
        Its whole configuration.

    Raises
    ------
    InputError
        The folder is not there, or a table in it cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder; run the campaign first.")
    loader = PackageLoader("zifmelt", "page")
    templates = Environment(
        loader=loader,
        autoescape=select_autoescape(["html", "j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    templates.filters["number"] = plain_number
    page = templates.get_template("page.html.j2").render(**_content(folder, config))
    write_text(folder / "index.html", page)


def _content(folder: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    present, missing = products(folder, config)
    simulations = recorded_simulations(folder)
    comparison = folder / "tables" / f"{COMPARISON}.csv"
    judged = compared(_rows(comparison)) if comparison.is_file() else []
    shown = [product for product in present if product.path.stem != COMPARISON]
    here = Path(__file__).parent
    return {
        "name": config["campaign"]["name"],
        "scale": config["campaign"]["scale"],
        "facts": facts(simulations, folder),
        "simulations": grouped(simulations),
        "judged": judged,
        "marked": [row for row in judged if row.deviation == row.deviation],
        "counts": counts(judged),
        "verdicts": VERDICTS,
        "edge": EDGE,
        "place": place,
        "parts": _parts(folder, shown, config),
        "open_rows": _open_rows(folder, shown),
        "missing": missing,
        "citation": read_yaml(shipped("CITATION.cff")),
        "version": __version__,
        "style": read_text(here / "page.css"),
        "script": read_text(here / "page.js"),
    }


def _parts(folder: Path, shown: Sequence[Product], config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Parts of the page with their figures, tables and views."""
    categories = list(dict.fromkeys([*PARTS, *(product.category for product in shown)]))
    parts = []
    for category in categories:
        own = sorted((p for p in shown if p.category == category), key=lambda product: product.order)
        if own:
            anchor, title = PARTS.get(category, (category.lower().replace(" ", "-"), category))
            items = [_item(folder, product, config) for product in own]
            parts.append({"id": anchor, "title": title, "items": items})
    return parts


def _item(folder: Path, product: Product, config: Mapping[str, Any]) -> dict[str, Any]:
    """Gather what the template needs of one figure, table or view."""
    path, caption = folder / product.path, caption_of(product, config)
    item: dict[str, Any] = {
        "id": path.stem,
        "product": product,
        "caption": caption,
        "alt": first_sentence(caption),
        "files": _files(folder, product),
    }
    if path.suffix == ".svg":
        address, width = carried(path)
        return {**item, "kind": "figure", "address": address, "width": width}
    if path.suffix == ".html":
        return {**item, "kind": "view", "page": read_text(path)}
    table = read_table(path)
    if set(COLUMNS[:-1]) <= set(table.columns):
        return {**item, "kind": "comparable", "rows": compared(_rows(path), path.stem)}
    return {**item, "kind": "table", "table": _short(table), "cut": max(0, len(table) - MOST_ROWS)}


def _files(folder: Path, product: Product) -> list[tuple[str, str]]:
    """Kind and address of the files of a product."""
    suffixes = (".svg", ".pdf", ".png", ".csv") if product.path.suffix == ".svg" else (product.path.suffix,)
    files = [product.path.with_suffix(suffix) for suffix in suffixes]
    return [(file.suffix[1:].upper(), file.as_posix()) for file in files if (folder / file).is_file()]


def _short(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Columns and rows for reading."""
    cells = [
        [plain_number(cell) if isinstance(cell, float) else str(cell) for cell in row]
        for row in table.head(MOST_ROWS).itertuples(index=False)
    ]
    return {"columns": [str(column) for column in table.columns], "rows": cells}


def _open_rows(folder: Path, shown: Sequence[Product]) -> list[Compared]:
    """Numbers of all tables that could not be determined; why is in their source."""
    found = []
    for product in shown:
        path = folder / product.path
        if path.suffix == ".csv" and set(COLUMNS[:-1]) <= set(read_table(path).columns):
            found += [row for row in compared(_rows(path), path.stem) if row.verdict == "open"]
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    """Rows of a table in the common columns."""
    return read_table(path, COLUMNS[:-1]).to_dict(orient="records")
