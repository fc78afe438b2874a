"""Write the JSON schema and the table of all keys: ``python -m zifmelt.configuration``, in a checkout."""

from pathlib import Path

from ..files import read_yaml, written_whole
from .documents import schema_text, table_text

ROOT = Path(__file__).parents[2]


def write_documents(root: Path) -> None:
    """Write ``workflow/schemas/config.schema.yaml`` and ``docs/configuration.md`` below a checkout."""
    texts = {
        "workflow/schemas/config.schema.yaml": schema_text(),
        "docs/configuration.md": table_text(read_yaml(root / "config/config.yaml")),
    }
    for name, text in texts.items():
        with written_whole(root / name) as path:
            Path(path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_documents(ROOT)
