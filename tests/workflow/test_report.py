"""Every caption of the report says when a campaign is too small to be physics."""

from types import SimpleNamespace

import pytest

from checkout import ROOT
from zifmelt.files import read_yaml

CAPTIONS = sorted((ROOT / "workflow/report").glob("*.rst"))


@pytest.mark.parametrize("caption", CAPTIONS, ids=lambda path: path.stem)
def test_caption_warns_of_reduced_sizes(caption):
    from jinja2 import Template

    def shown(scale):
        config = read_yaml(ROOT / "config/config.yaml")
        config["campaign"]["scale"] = scale
        wildcards = SimpleNamespace(transition="ZIF-4", figure="fig5")
        return Template(caption.read_text()).render(
            snakemake=SimpleNamespace(config=config, wildcards=wildcards)
        )

    assert "not physics" in shown("reduced")
    assert "not physics" not in shown("paper")
