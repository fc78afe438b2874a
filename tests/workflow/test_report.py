"""Every caption of the report says when a campaign is too small to be physics."""

from pathlib import Path

import pytest

CAPTIONS = sorted((Path(__file__).parents[2] / "workflow/report").glob("*.rst"))


@pytest.mark.parametrize("caption", CAPTIONS, ids=lambda path: path.stem)
def test_caption_warns_of_reduced_sizes(caption):
    from jinja2 import Template

    class Scale:
        config = {"run": {"scale": "reduced", "name": "demo"}, "forcefield": "nb-zif-ff"}
        wildcards = output = input = params = {}

    assert "not physics" in Template(caption.read_text()).render(snakemake=Scale)
    Scale.config["run"]["scale"] = "paper"
    assert "not physics" not in Template(caption.read_text()).render(snakemake=Scale)
