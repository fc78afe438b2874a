"""The table of simulations: chosen by what they are, never by what their path looks like."""

from dataclasses import replace

import pandas as pd
import pytest

from checkout import ROOT
from fake_runs import simulation
from zifmelt.campaign import Campaign
from zifmelt.configuration import Configuration, load_configuration, merged
from zifmelt.errors import InputError
from zifmelt.files import read_yaml
from zifmelt.runs import Runs, Simulation


@pytest.fixture(scope="module")
def campaign():
    return Campaign(load_configuration(ROOT / "config/config.yaml"), ROOT)


def campaign_of(*tops):
    config = read_yaml(ROOT / "config/config.yaml")
    for top in tops:
        config = merged(config, top)
    return Campaign(Configuration.from_plain(config), ROOT)


def test_all_glasses_at_400_K(campaign):
    """Six glasses, three of each crystal (Sec. II B), and nothing else is a glass at 400 K."""
    glasses = campaign.runs.select(phase="ZIF_a", temperature_K=400)
    assert [(run.framework, run.replica) for run in glasses] == [
        ("ZIF-4", 1),
        ("ZIF-4", 2),
        ("ZIF-4", 3),
        ("ZIF-zni", 4),
        ("ZIF-zni", 5),
        ("ZIF-zni", 6),
    ]
    assert {run.stage for run in glasses} == {"sampling"}
    assert {run.segments[-1].to_K for run in glasses} == {400}
    starts = [campaign.runs[run.start] for run in glasses]
    assert [start.stage for start in starts] == ["annealing"] * 6
    assert [start.framework for start in starts] == [run.framework for run in glasses]


def test_several_values_and_all_conditions_count(campaign):
    runs = campaign.runs
    disordered = runs.select(stage="sampling", phase=["ZIF_a", "ZIF_liq"], temperature_K={600, 650.0})
    assert {(run.phase, run.temperature_K) for run in disordered} == {
        ("ZIF_a", 600),
        ("ZIF_liq", 600),
        ("ZIF_liq", 650),
    }
    assert len(disordered) == 3 * 6
    assert len(runs.select(elements=("Zn", "N"))) + len(runs.select(stage="sampling")) == len(runs)
    assert not len(runs.select(phase="ZIF_a", stage="coexistence"))
    assert runs.select().paths == runs.paths


def test_conditions_of_a_run_are_those_of_its_protocol(campaign):
    for run in campaign.runs:
        assert run.temperature_K == run.segments[-1].to_K
        assert run.barostat == run.segments[-1].barostat
        assert run.duration_ps == pytest.approx(sum(segment.duration_ps for segment in run.segments))
        assert run.n_zn == campaign.n_zn(run.framework, run.supercell)
        assert run.start is None or run.start in campaign.runs
    raised = campaign.runs.select(stage="compression")
    assert {run.pressure_bar for run in raised} == {500, 1000}
    assert {run.pressure_bar for run in campaign.runs.select(stage="sampling")} == {1.0}


def test_an_entry_that_does_not_exist_is_refused_in_one_sentence(campaign):
    with pytest.raises(InputError, match="no entry 'temperature'; did you mean 'temperature_K'"):
        campaign.runs.select(temperature=400)
    with pytest.raises(InputError, match="sampling/nothing: there is no such simulation"):
        campaign.runs["sampling/nothing"]


def test_records_survive_plain_values_and_the_table(campaign, tmp_path):
    runs = campaign.runs.select(stage=["interface", "scan"])
    again = Runs.from_plain(runs.plain())
    assert list(again) == list(runs)
    runs.to_frame().to_csv(tmp_path / "runs.csv", index=False)
    table = pd.read_csv(tmp_path / "runs.csv")
    assert table["path"].tolist() == runs.paths
    assert table["temperature_K"].tolist() == [run.temperature_K for run in runs]
    assert table["duration_ps"].tolist() == pytest.approx([run.duration_ps for run in runs])


def test_two_different_simulations_cannot_share_a_folder():
    run = simulation()
    assert len(Runs([run, replace(run)])) == 1
    with pytest.raises(InputError, match="two different simulations would live in"):
        Runs([run, replace(run, temperature_K=310)])


def test_runs_for_the_database_are_apart_from_those_for_the_enthalpy_alone(campaign):
    sampled = campaign.sampled("ZIF_liq")
    assert {run.temperature_K for run in sampled} == {700} and len(sampled) == 6
    every = campaign.runs.select(stage="sampling", phase="ZIF_liq")
    assert {run.temperature_K for run in every} == {550, 600, 625, 650, 700}
    assert {run.temperature_K for run in campaign.reference()} == {300, 700}


def test_a_second_transition_and_a_third_disordered_phase_need_configuration_alone():
    """ZIF-4 also melts, and the glass of ZIF-zni counts as a phase of its own."""
    melting = {
        "crystal": "ZIF-4",
        "disordered": "ZIF_liq",
        "coexistence": {"interface_K": 720, "temperatures_K": [600, 650]},
        "production": {"transition_K": 720, "stable_K": 690, "duration_ps": 1000},
    }
    section = {"temperatures_K": [300], "enthalpy_temperatures_K": [], "production_ps": 400}
    top = {
        "disordered_phases": {"ZIF_b": {"made_by": "annealing", "frameworks": ["ZIF-zni"]}},
        "transitions": {"ZIF-4-melting": melting},
        "sampling": {"phases": {"ZIF_b": section}},
        "database": {"configurations": {"ZIF_b": 600}},
    }
    shipped, campaign = campaign_of(), campaign_of(top)
    assert campaign.phases == ["ZIF-4", "ZIF-zni", "ZIF_a", "ZIF_liq", "ZIF_b"]
    added = [run for run in campaign.runs if run.path not in shipped.runs]
    assert {run.path.split("/")[1] for run in added} == {"ZIF-4-melting", "ZIF_b"}
    assert {run.stage for run in added} == {"interface", "coexistence", "production", "sampling"}
    assert [run.start for run in added if run.phase == "ZIF_b"] == [
        f"annealing/ZIF-zni/r{replica}" for replica in (1, 2, 3)
    ]
    for run in shipped.runs:
        assert campaign.runs[run.path] == run and campaign.seed(run.path) == shipped.seed(run.path)
    assert {run.temperature_K for run in campaign.production("ZIF-4-melting")} == {720}
    assert {run.temperature_K for run in campaign.production("ZIF-4")} == {550}


def test_only_frameworks_that_a_phase_is_made_from_are_annealed_or_melted():
    top = {
        "disordered_phases": {name: {"frameworks": ["ZIF-4"]} for name in ("ZIF_a", "ZIF_liq")},
        "forcefield_scan": {"glasses": {"published": ["ZIF-4"], "D0-0.025eV": ["ZIF-4"]}},
        "database": {"configurations": {"ZIF_a": 6000, "ZIF_liq": 6000}},
    }
    shipped, campaign = campaign_of(), campaign_of(top)
    made = ("annealing", "annealing_slow", "liquid")
    for stage in made:
        runs = shipped.runs.select(stage=stage)
        assert campaign.runs.select(stage=stage).paths == runs.select(framework="ZIF-4").paths != runs.paths
    assert campaign.runs.select(stage="production").paths == shipped.runs.select(stage="production").paths
    starts = {run.start for run in campaign.runs.select(stage="sampling", phase="ZIF_a")}
    assert starts == set(campaign.runs.select(stage="annealing").paths)


def test_temperatures_of_a_transition_may_be_followed_from_more_interfaces_than_others():
    """What stays has the same path, record and seed; as many interfaces are made as one temperature needs."""
    top = {"transitions": {"ZIF-zni": {"coexistence": {"replicas": {600: 6, 675: 1}}}}}
    shipped, campaign = campaign_of(), campaign_of(top)
    assert Configuration.from_plain(campaign.config.plain()) == campaign.config
    counts = campaign.coexistence("ZIF-zni")
    assert {
        kelvin: [run.replica for run in counts.select(temperature_K=kelvin)]
        for kelvin in (575, 600, 625, 650, 675)
    } == {575: [1, 2, 3, 4], 600: [1, 2, 3, 4, 5, 6], 625: [1, 2, 3, 4], 650: [1, 2, 3, 4], 675: [1]}
    starts = campaign.runs.select(stage="interface").paths
    assert starts == [
        f"interface/{name}/r{k}" for name, n in (("ZIF-4", 4), ("ZIF-zni", 6)) for k in range(1, n + 1)
    ]
    assert {run.start for run in counts} <= set(starts)
    new = set(campaign.runs.paths) - set(shipped.runs.paths)
    assert new == {
        f"{stage}/r{k}" for stage in ("interface/ZIF-zni", "coexistence/ZIF-zni/600K") for k in (5, 6)
    }
    for run in shipped.runs:
        if run.path in campaign.runs:
            assert campaign.runs[run.path] == run and campaign.seed(run.path) == shipped.seed(run.path)
    fewer = campaign_of(
        {"transitions": {"ZIF-4": {"coexistence": {"replicas": dict.fromkeys((380, 400, 420, 440, 460), 2)}}}}
    )
    assert len(fewer.runs.select(stage="interface")) == 2 + 4


def test_the_path_is_a_name_only(campaign):
    """No entry of a record is read from its path: a record with another path keeps all of them."""
    run = next(iter(campaign.runs.select(stage="scan")))
    moved = Simulation.from_plain({**run.plain(), "path": "x"})
    assert Runs([moved]).select(variant=run.variant, barostat=run.barostat).paths == ["x"]
