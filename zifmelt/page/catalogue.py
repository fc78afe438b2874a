"""Figures and tables of a campaign: who makes them, and what their captions say.

The workflow's rules mark what belongs into a report, with a caption and a category. The page shows the same,
so that a new figure or table needs nothing here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files import read_text
from ..shipped import shipped

RULE = re.compile(r"^rule (\w+):", re.MULTILINE)
REPORTED = re.compile(
    r'report\(\s*"results/\{\w+\}/(?P<path>[^"]+)",\s*caption="\.\./report/(?P<caption>[^"]+)\.rst",'
    r'\s*category="(?P<category>[^"]+)"'
    r'|\b(?P<kind>table|figure)\("(?P<name>[^"]+)",\s*"(?P<described>[^"]+)",\s*"(?P<part>[^"]+)"\)'
)
"""What marks a product: Snakemake's own words, or the helpers for tables and figures that the rules share."""

PLACES = {"table": "tables/{}.csv", "figure": "figures/{}.svg"}
"""Where the helpers put what they mark."""

LABEL = re.compile(r"^(fig|table)(S?)(\d+)(?:_|$)")
ROMAN = {"1": "I", "2": "II", "3": "III"}
TITLES = {
    "fig1_structures": "Structures of the phases",
    "fig2_zn_n_rdf": "Zn-N distances and coordination",
    "fig3_classifier": "Classification of the zinc environments",
    "fig4_snapshots": "Snapshots of the transitions",
    "fig5_transition": "Transition of the first framework against time",
    "fig6_exchange": "An exchange of ligands",
    "fig7_anisotropy": "Anisotropy of the first framework",
    "figS1_angles": "Angles",
    "figS2_potential_energy": "Potential energy and the glass transition",
    "figS4_liquid_fraction": "Glass or liquid, by temperature",
    "figS5_liquid_like_zinc": "Coexistence of crystal and disordered phase",
    "figS6_transition": "Transition of the second framework against time",
    "figS7_anisotropy": "Anisotropy of the second framework",
    "table1": "Properties of the glass",
    "table2": "Confusion of the phases",
    "table3": "Thermodynamics of the transitions",
    "ramp_volume": "Volume on the heating ramps",
    "ramp_rate": "Influence of the ramp rate",
    "rdf_partials": "Partial radial distribution functions",
    "rings_distribution": "Sizes of rings",
    "lability_sites": "Lability of the ligand sites",
}
"""Titles where the file's name does not read as one."""


@dataclass(frozen=True)
class Product:
    """One figure, table or interactive view that a rule makes.

    Attributes
    ----------
    path
        File below the campaign's folder.
    rule, rule_file, line
        The rule that makes it, the file of that rule below the checkout, and its line.
    caption
        Template of the caption, reStructuredText.
    category
        Part of the study that it belongs to.
    wildcards
        What stands for the pattern's wildcards in its name.
    """

    path: Path
    rule: str
    rule_file: str
    line: int
    caption: Path
    category: str
    wildcards: Mapping[str, str]

    @property
    def label(self) -> str:
        """The paper's number, such as ``Fig. S2`` or ``Table I``; empty for what the paper does not have."""
        found = LABEL.match(self.path.stem)
        if found is None:
            return ""
        kind, supplement, number = found.groups()
        return f"Fig. {supplement}{number}" if kind == "fig" else f"Table {ROMAN.get(number, number)}"

    @property
    def title(self) -> str:
        """Title for a reader, without the paper's number."""
        words = LABEL.sub("", self.path.stem).replace("_", " ").strip()
        return TITLES.get(self.path.stem, words[:1].upper() + words[1:])

    @property
    def heading(self) -> str:
        """The paper's number, if there is one, and the title."""
        return f"{self.label}: {self.title}" if self.label else self.title

    @property
    def order(self) -> tuple[int, int]:
        """Place within its part: the paper's figures, its tables, its supplement, then all others."""
        found = LABEL.match(self.path.stem)
        if found is None:
            return (3, 0)
        kind, supplement, number = found.groups()
        return (2 if supplement else int(kind == "table"), int(number))


def products(folder: Path, config: Mapping[str, Any]) -> tuple[list[Product], list[Product]]:
    """Find what is in a campaign's folder, and what its rules would make and is not there.

    Parameters
    ----------
    folder
        The campaign's folder.
    config
        Its configuration, for the names of the transitions.

    Returns
    -------
    present, missing : list of Product
        In the order of the rules; of what is missing, patterns with wildcards are left out.
    """
    present, missing = [], []
    for pattern in reported():
        files = _matching(folder, pattern, list(config["transitions"]))
        present += files
        if not files and "{" not in str(pattern.path):
            missing.append(pattern)
    return present, missing


def reported() -> list[Product]:
    """List everything that the workflow's rules mark for a report; names may hold wildcards in braces."""
    found = []
    for path in sorted(shipped("workflow/rules").glob("*.smk")):
        text = read_text(path)
        rules = list(RULE.finditer(text))
        for mark in REPORTED.finditer(text):
            rule = max((rule for rule in rules if rule.start() < mark.start()), key=lambda rule: rule.start())
            line = text.count("\n", 0, rule.start()) + 1
            where = f"workflow/rules/{path.name}"
            place = mark["path"] or PLACES[mark["kind"]].replace("{}", mark["name"])
            caption = shipped("workflow/report") / f"{mark['caption'] or mark['described']}.rst"
            category = mark["category"] or mark["part"]
            found.append(Product(Path(place), rule[1], where, line, caption, category, {}))
    return found


def _matching(folder: Path, pattern: Product, transitions: list[str]) -> list[Product]:
    """Find the files of a pattern, each with the values of its wildcards."""
    names = "|".join(map(re.escape, transitions))
    parts = re.split(r"\{(\w+)\}", pattern.path.name)
    expression = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            expression += re.escape(part)
        else:
            expression += f"(?P<{part}>{names if part == 'transition' else '[^_/]+'})"
    files = sorted((folder / pattern.path.parent).glob(re.sub(r"\{\w+\}", "*", pattern.path.name)))
    matches = [(file, re.fullmatch(expression, file.name)) for file in files]
    return [
        Product(
            file.relative_to(folder),
            pattern.rule,
            pattern.rule_file,
            pattern.line,
            pattern.caption,
            pattern.category,
            match.groupdict(),
        )
        for file, match in matches
        if match is not None
    ]
