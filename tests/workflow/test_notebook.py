"""The notebook of the documentation runs from its first cell to its last, wherever it is opened."""

import nbformat
import pytest
from nbclient import NotebookClient

from checkout import ROOT

pytestmark = pytest.mark.slow

BACKENDS = ["module://matplotlib_inline.backend_inline", "svg"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_first_figure_is_drawn_whatever_backend_is_inherited(backend, tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", backend)
    notebook = nbformat.read(ROOT / "docs/notebooks/first_figure.ipynb", as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    said = "".join(output.get("text", "") for output in outputs)
    assert "ZIF-4: 16 Zn and 32 ligands" in said and "ZIF-zni: 32 Zn and 64 ligands" in said
    assert any("image/png" in output.get("data", {}) for output in outputs), "the figure shows itself"
    # Vertex symbols of cag and zni: 16 * rings of 6 over 16 Zn, and 48 over 32.
    rates = "".join(output.get("data", {}).get("text/html", "") for output in outputs)
    assert "1.50" in rates and "1.00" in rates
    # A crystal at rest is recognised by the network that comes with the package, with a warning.
    assert "unlike the training: 100%" in said and "of the zinc environments are unlike those" in said
    assert "N on every Zn: 4.0" in said
