import pytest

from zifmelt.dynamics import protocol
from zifmelt.dynamics.protocol import Segment, plain_segments, segments_from
from zifmelt.errors import InputError

ANNEALING = {"start_K": 300, "peak_K": 900, "cubic_ps": 100, "final_hold_ps": 250}
HOLD = {"name": "hold", "kind": "hold", "from_K": 300, "to_K": 300, "duration_ps": 10}


def test_annealing_is_the_papers_protocol():
    segments = protocol.annealing(ANNEALING, hold_ps=250, ramp_K_per_ps=4.8)
    # 600 K at 4.8 K/ps take 125 ps; the hold of 250 ps is 100 ps towards the cube and 150 ps free.
    assert [segment.duration_ps for segment in segments] == [125, 100, 150, 125, 250]
    assert [(segment.from_K, segment.to_K) for segment in segments] == [
        (300, 900),
        (900, 900),
        (900, 900),
        (900, 300),
        (300, 300),
    ]
    assert [segment.barostat for segment in segments] == [
        "isotropic",
        "cubic",
        "isotropic",
        "isotropic",
        "isotropic",
    ]


def test_annealing_refuses_a_hold_that_is_all_cubic():
    with pytest.raises(InputError, match="cubic_ps is 100, but must be shorter than the hold of 100 ps"):
        protocol.annealing(ANNEALING, hold_ps=100, ramp_K_per_ps=4.8)


def test_liquid_ends_at_its_own_temperature():
    section = {
        "peak_K": 900,
        "peak_hold_ps": 250,
        "temperature_K": 700,
        "ramp_K_per_ps": 4,
        "equilibration_ps": 99,
    }
    segments = protocol.liquid(section, start_K=300)
    assert [segment.duration_ps for segment in segments] == [150, 250, 50, 99]
    assert [segment.to_K for segment in segments] == [900, 900, 700, 700]


def test_interface_freezes_half_at_constant_volume_and_lets_it_go():
    before, melting, after = protocol.interface(
        {"melt_K": 1200, "melt_ps": 50, "relax_ps": 20}, interface_K=550
    )
    assert (melting.barostat, melting.to_K, melting.frozen.axis) == ("none", 1200, "z")
    assert melting.frozen.high - melting.frozen.low == 0.5
    assert (before.to_K, after.to_K, after.barostat, after.frozen) == (550, 550, "z", None)


def test_plain_mappings_and_back():
    segments = protocol.interface({"melt_K": 1200, "melt_ps": 50, "relax_ps": 20}, interface_K=550)
    assert segments_from(plain_segments(segments)) == segments


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"durration_ps": 3}, "unknown entry 'durration_ps'; did you mean 'duration_ps'"),
        ({"kind": "jump"}, "kind is 'jump', but must be one of ramp, hold"),
        ({"barostat": "iso"}, "barostat is 'iso', but must be one of isotropic"),
        ({"to_K": 400}, "a hold must start and end at the same temperature"),
        ({"duration_ps": -1}, "duration_ps is -1.0, but must be a positive number"),
        ({"duration_ps": "long"}, "'long' should be of type float"),
        ({"duration_ps": True}, "True should be of type float"),
        ({"from_K": float("nan"), "to_K": float("nan")}, "from_K is nan"),
        ({"frozen": {"axis": "z", "low": 0, "high": 0.5}}, "a frozen region needs the barostat 'none'"),
        ({"frozen": {"axis": "w", "low": 0, "high": 0.5}, "barostat": "none"}, "the axis is 'w'"),
        ({"frozen": {"axis": "z", "low": 0.6, "high": 0.5}, "barostat": "none"}, "0 <= low < high <= 1"),
    ],
)
def test_wrong_segments_are_refused_in_one_sentence(change, sentence):
    with pytest.raises(InputError, match=sentence.replace("(", r"\(")) as caught:
        segments_from([{**HOLD, **change}])
    assert "\n" not in str(caught.value)


def test_missing_entry_and_empty_protocol():
    with pytest.raises(InputError, match="segment 1: the entry 'kind' is missing"):
        segments_from([{"name": "hold"}])
    with pytest.raises(InputError, match="at least one segment"):
        segments_from([])


def test_sampling_passes_the_barostat_on():
    segments = protocol.sampling(300, 50, 200, "anisotropic")
    assert [(s.duration_ps, s.barostat) for s in segments] == [(50, "anisotropic"), (200, "anisotropic")]


def test_hottest_temperature_of_a_cooling_ramp():
    assert Segment("cooling", "ramp", 900, 300, 10).hottest_K == 900
