"""Captions of the report as HTML and as plain text."""

import re
from collections.abc import Mapping
from html import unescape
from types import SimpleNamespace
from typing import Any

from docutils.core import publish_parts
from jinja2 import Template

from ..files import read_text
from .catalogue import Product

PLAIN = {"file_insertion_enabled": False, "raw_enabled": False, "report_level": 4, "initial_header_level": 4}

LABEL = re.compile(r"^(Fig\.|Table) \w+: ")
SENTENCE_END = re.compile(r"(?<!Fig)(?<!Sec)(?<!Tab)[.;] (?=[A-Z])")
SHORT = 45
"""A first sentence of fewer characters is a title."""


def caption_of(product: Product, config: Mapping[str, Any]) -> str:
    """Render a caption as HTML, without its warning of reduced sizes, which the page itself gives."""
    full_size = {**config, "campaign": {**config["campaign"], "scale": "paper"}}
    named = SimpleNamespace(config=full_size, wildcards=SimpleNamespace(**product.wildcards))
    text = Template(read_text(product.caption)).render(snakemake=named)
    return publish_parts(text.strip(), writer="html5", settings_overrides=PLAIN)["body"]


def plain(html: str) -> str:
    """Return the text of HTML on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def first_sentence(html: str) -> str:
    """Return what a caption says first, as plain text, for a reader who does not see the figure."""
    sentences = SENTENCE_END.split(LABEL.sub("", plain(html)))
    enough = 2 if len(sentences[0]) < SHORT else 1
    return ". ".join(sentence.rstrip(".") for sentence in sentences[:enough]) + "."
