"""Figures as data that a page carries with it, kept small."""

import base64
import io
import re
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from ..files import read_text

LARGEST_SVG_BYTES = 200_000
"""Larger drawings (shaded boxes, many curves) are carried as pixels; the file itself is linked."""

PIXELS = 1600
"""Width of a carried image: twice that of the widest figure on a screen, a third over that in print."""

QUALITY = 82
SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)pt"')
PX_PER_PT = 4 / 3
UNQUOTED = " =/:;,()!*.+'"
"""Characters that an address within double quotes may hold as they are."""

DEFAULT_WIDTH_PX = 672
"""Of a figure over two columns, 7 inch."""


def carried(svg: Path) -> tuple[str, int]:
    """Turn a figure into a data address and the width that it was made for.

    Parameters
    ----------
    svg
        The figure; where the drawing is large, the PNG beside it is taken.

    Returns
    -------
    address : str
        For ``src`` of an image.
    width : int
        Natural width, CSS pixels.
    """
    drawing = read_text(svg)
    size = SIZE.search(drawing)
    width = round(float(size[1]) * PX_PER_PT) if size else DEFAULT_WIDTH_PX
    picture = svg.with_suffix(".png")
    if len(drawing) <= LARGEST_SVG_BYTES or not picture.is_file():
        return "data:image/svg+xml," + quote(_without_prologue(drawing), safe=UNQUOTED), width
    return "data:image/webp;base64," + base64.b64encode(_smaller(picture)).decode(), width


def _without_prologue(drawing: str) -> str:
    """Leave out what only matters to files: XML declaration, document type, metadata, line ends."""
    inner = drawing[drawing.index("<svg") :]
    return re.sub(r"\s*\n\s*", " ", re.sub(r"<metadata>.*?</metadata>", "", inner, flags=re.DOTALL))


def _smaller(picture: Path) -> bytes:
    with Image.open(picture) as image:
        opaque = image.convert("RGBA")
        white = Image.new("RGBA", opaque.size, "white")
        flat = Image.alpha_composite(white, opaque).convert("RGB")
        if flat.width > PIXELS:
            flat = flat.resize((PIXELS, round(flat.height * PIXELS / flat.width)), Image.Resampling.LANCZOS)
        stream = io.BytesIO()
        flat.save(stream, "WEBP", quality=QUALITY, method=6)
    return stream.getvalue()
