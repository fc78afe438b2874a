"""The workflow as a user meets it: what would run, what is refused, and in how many words."""

import pytest

from checkout import copy_workflow, snakemake

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["config", "demo", "workstation", "forcefield_scan", "forcefield_fit"])
def test_every_shipped_configuration_has_a_whole_dag(name, tmp_path):
    target = [name] if name.startswith("forcefield") else []
    ended = snakemake("--dry-run", "--quiet", "--configfile", f"config/{name}.yaml", "--", *target)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_paper_dag_has_every_run_of_the_paper():
    ended = snakemake("--dry-run")
    assert ended.returncode == 0
    jobs = {}
    for line in ended.stdout.splitlines():
        words = line.split()
        if len(words) == 2 and words[1].isdigit():
            jobs[words[0]] = int(words[1])
    # Sec. II B: six glasses. Sec. III B: four runs per transition, one stable, four of another size.
    assert jobs["anneal"] == 6
    assert jobs["produce"] == 2 * (4 + 1 + 4)
    assert jobs["coexist"] == 2 * 5 * 4


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ("annealing: {peek_K: 900}", "unknown key 'peek_K' in annealing"),
        ("annealing: {peak_K: -900}", "must be greater than 0"),
        ("annealing: {peak_K: hot}", "must be of type number"),
        ("forcefield: nb-zif", "config/forcefields/nb-zif.yaml: there is no such file."),
        ("transitions: {ZIF-4: {crystal: ZIF-5}}", "transitions.ZIF-4.crystal names 'ZIF-5'"),
        (
            "frameworks: {ZIF-4: {structure: config/structures/ZIF-5.cif}}",
            "ZIF-5.cif: there is no such file.",
        ),
        ("frameworks: {ZIF-4: {supercells: {large: 2x2x1}}}", "needs two or more unit cells along c"),
        ("frameworks: {ZIF-4: {supercells: {size_check: 4x4x4}}}", "size_check must differ"),
        ("transitions: {ZIF-4: {coexistence: {temperatures_K: [420]}}}", "can bracket the transition"),
        ("production: {frame_interval_ps: 0.15}", "frame_interval_ps must be a whole multiple"),
    ],
)
def test_a_broken_configuration_stops_before_anything_runs(overrides, sentence, tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text(overrides + "\n")
    ended = snakemake("--dry-run", "--configfile", str(path))
    assert ended.returncode != 0
    told = ended.stdout + ended.stderr
    assert sentence in told
    assert "Traceback" not in told


def test_help_names_the_targets_a_user_asks_for():
    listed = snakemake("--list-rules").stdout
    for target in ("all", "tables", "figures", "cost", "forcefield_scan", "tune"):
        assert target in listed.split()


def test_tuning_starts_from_the_built_structures():
    ended = snakemake("tune", "--dry-run", "--config", "hardware={tune: true}")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    jobs = dict(line.split() for line in ended.stdout.splitlines() if len(line.split()) == 2)
    # Two frameworks with three boxes; the scan has force fields of its own.
    assert jobs["tune"] == "1" and jobs["build_structure"] == "6" and jobs["total"] == "7"


def test_cost_is_told_per_stage():
    ended = snakemake("cost")
    assert ended.returncode == 0, ended.stderr
    told = ended.stdout + ended.stderr
    for word in ("core_hours", "disk_GB", "production", "annealing"):
        assert word in told


def test_a_broken_crystal_ends_its_rule_with_one_sentence_and_no_output(tmp_path):
    copy_workflow(tmp_path)
    cif = tmp_path / "config/structures/ZIF-4.cif"
    lines = cif.read_text().splitlines()
    cif.write_text("\n".join(line for line in lines if not line.startswith("H12 ")) + "\n")
    target = "results/paper/structures/nb-zif-ff/ZIF-4/1x1x1/system.data"
    ended = snakemake(target, cwd=tmp_path)
    told = ended.stdout + ended.stderr
    assert ended.returncode != 0
    sentences = {line for line in told.splitlines() if line.startswith("Error: ")}
    assert len(sentences) == 1 and "ZIF-4.cif" in sentences.pop()
    assert not (tmp_path / target).exists()
