"""The command line; what the commands do is tested with the library."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fake_runs import STRUCTURES
from zifmelt.cli import app, main

COMMANDS = ["build", "run", "cost", "classify", "report", "archive"]


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_reads_well(command):
    shown = CliRunner().invoke(app, [*([command] if command else []), "--help"], env={"COLUMNS": "100"})
    assert shown.exit_code == 0
    for name in COMMANDS if command is None else ():
        assert name in shown.output
    for option in {"classify": ["--topology", "--campaign"], "run": ["--cores"]}.get(command, []):
        assert option in shown.output


def test_build_writes_a_supercell(tmp_path):
    made = CliRunner().invoke(app, ["build", str(STRUCTURES / "ZIF-4.cif"), "1x1x2", "-o", str(tmp_path)])
    assert made.exit_code == 0, made.output
    assert "32 Zn" in made.output
    assert (tmp_path / "system.data").stat().st_size > 10000
    assert (tmp_path / "topology.pdb").read_text().count(" ZN ") >= 32


def test_mistakes_end_with_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["zifmelt", "build", str(tmp_path / "no.cif"), "1x1x1"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert str(ended.value).startswith("Error: ") and "no.cif" in str(ended.value)


def test_run_and_cost_hand_over_to_snakemake(monkeypatch, tmp_path):
    """A target may stand before or after the configuration; Snakemake would take the latter for a file."""
    calls, mine = [], str(tmp_path / "my.yaml")
    Path(mine).touch()
    monkeypatch.setattr("subprocess.call", lambda command: calls.append(command) or 3)
    assert CliRunner().invoke(app, ["run", "tables", "--cores", "4", "-c", mine]).exit_code == 3
    assert CliRunner().invoke(app, ["run", "-c", mine, "--cores", "4", "tables"]).exit_code == 3
    assert CliRunner().invoke(app, ["cost"]).exit_code == 3
    *ran, counted = (command[command.index("snakemake") + 3 :] for command in calls)
    assert ran == [["tables", "--cores", "4", "--logger", "zifmelt", "--configfile", mine]] * 2
    assert counted == ["cost", "--cores", "1", "--quiet", "all"]


def test_a_target_taken_for_a_configuration_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["zifmelt", "run", "--configfile", "tables"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert str(ended.value).startswith("Error: tables: there is no such configuration file; a target stands")


def test_classify_writes_and_sums_up(tmp_path, monkeypatch):
    monkeypatch.setattr("zifmelt.external.classify.classify_trajectory", lambda *given: given)
    monkeypatch.setattr(
        "zifmelt.external.output.write_results", lambda result, folder: calls.append((result, folder))
    )
    monkeypatch.setattr("zifmelt.external.output.summary", lambda result: {"usual_share": 0.02, "zinc": 4})
    calls: list = []
    shown = CliRunner().invoke(
        app, ["classify", "a.dcd", "--campaign", "c", "-t", "a.pdb", "--interval-ps", "0.5", "-o", "out"]
    )
    assert shown.exit_code == 0, shown.output
    ((result, folder),) = calls
    assert [str(part) for part in result] == ["a.dcd", "c", "a.pdb", "0.5", "extended"] and str(
        folder
    ) == "out"
    assert "usual share: 0.02" in shown.output
    assert CliRunner().invoke(app, ["classify", "a.dcd"]).exit_code == 0
    assert str(calls[-1][0][1]).endswith("results/workstation")
