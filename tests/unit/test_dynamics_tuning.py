"""Which candidate is chosen, from planted times."""

import pytest

from checkout import ROOT
from zifmelt.campaign import Campaign
from zifmelt.configuration import Configuration
from zifmelt.dynamics.plan import most_ranks
from zifmelt.dynamics.settings import Settings
from zifmelt.dynamics.tuning import TURNS, compared, fastest, layout_candidates, tuning_table
from zifmelt.errors import InputError

LOAD = (10.0, 30.0, 20.0, 40.0, 10.0)
"""Time of a step of the configured settings, ms, on a machine whose other load changes from turn to turn."""


def rows_of(*ratios, errors=()):
    """Compare candidates whose times are those of the configured settings times their ratio in each turn."""
    candidates = [{}, *({"skin_A": float(number)} for number in range(1, len(ratios) + 1))]
    asked = [0] * len(candidates)

    def turn_ms(settings):
        number = candidates.index(settings)
        turn, asked[number] = asked[number], asked[number] + 1
        return LOAD[turn] * (ratios[number - 1][turn] if number else 1.0)

    rows = compared(candidates, turn_ms)
    for row, error in zip(rows, errors, strict=False):
        row["force_error"] = error
    return rows, asked


def test_the_faster_one_is_taken_whatever_else_the_machine_does():
    rows, asked = rows_of([0.9] * 5, [0.8] * 5, [1.1] * 5)
    assert asked == [TURNS] * 4 and rows[2]["ms_per_step"] == 16.0  # of the third turn, 20 ms
    assert [row["ratio"] for row in rows] == pytest.approx([1, 0.9, 0.8, 1.1])
    assert fastest(rows) == {"skin_A": 2.0}


def test_within_the_spread_of_its_turns_the_configured_one_stays():
    rows, _ = rows_of([0.9, 0.85, 1.0, 0.8, 0.9])
    assert rows[1]["ratio"] == pytest.approx(0.9) and rows[1]["spread"] == pytest.approx(0.2)
    assert fastest(rows) == {}
    rows, _ = rows_of([0.7, 0.75, 0.8, 0.8, 0.75])  # 0.75, and 0.1 above is still below 1
    assert fastest(rows) == {"skin_A": 1.0}


def test_what_is_fast_and_inaccurate_is_refused():
    times = ([0.5] * 5, [0.8] * 5)
    assert fastest(rows_of(*times, errors=(2e-5, 1.1e-4, 9e-5))[0]) == {"skin_A": 2.0}
    assert fastest(rows_of(*times, errors=(2e-5, 1.1e-4, 2e-4))[0]) == {}
    assert fastest(rows_of(*times, errors=(3e-4, 2e-4, 2e-4))[0]) == {
        "skin_A": 1.0
    }  # no worse than configured


def test_what_does_not_run_here_is_left_out_and_what_is_hopeless_is_not_repeated():
    def turn_ms(settings):
        if settings.get("mpi_ranks") == 4:
            raise InputError("there is no mpiexec")
        return 10.0

    rows = compared([{}, {"mpi_ranks": 4}], turn_ms)
    assert rows[1] == {"settings": {"mpi_ranks": 4}, "trouble": "there is no mpiexec"}
    assert fastest(rows) == {} and "no mpiexec" in tuning_table(
        {"layouts": rows, "lengths": [], "chosen": {}}
    )
    with pytest.raises(InputError, match="no mpiexec"):
        compared([{"mpi_ranks": 4}, {}], turn_ms)
    rows, asked = rows_of([3.0, 0.1, 0.1, 0.1, 0.1], [0.9] * 5)
    assert asked == [TURNS, 1, TURNS] and "trouble" in rows[1] and fastest(rows) == {"skin_A": 2.0}


def test_threads_and_ranks_share_the_configured_cores():
    assert layout_candidates(Settings(1, 1, 1)) == [{}]
    assert layout_candidates(Settings(1, 1, 1, threads=2, mpi_ranks=3)) == [
        {},
        {"mpi_ranks": 1, "threads": 6},
        {"mpi_ranks": 2, "threads": 3},
        {"mpi_ranks": 6, "threads": 1},
    ]


def test_tuning_in_the_configuration(paper):
    def campaign(**hardware):
        plain = {**paper, "hardware": {**paper["hardware"], **hardware}}
        return Campaign(Configuration.from_plain(plain), ROOT)

    assert most_ranks(campaign(threads=4, mpi_ranks=2)) == 2
    assert most_ranks(campaign(threads=4, mpi_ranks=2, tune=True)) == 8
    for other in ({"engine": "openmm"}, {"accelerator": "gpu"}):
        with pytest.raises(InputError, match="hardware.tune is for LAMMPS on CPUs"):
            campaign(tune=True, **other)
