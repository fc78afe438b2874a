"""Patterns of names match these names and no others."""

import re

from hypothesis import given
from hypothesis import strategies as st

from zifmelt.patterns import one_of

PARTS = st.lists(st.sampled_from(["a", "b", "r1", "r.1", "300K", "ZIF-4"]), min_size=1, max_size=3)
PATHS = st.sets(PARTS.map("/".join), max_size=12)


@given(PATHS, PATHS)
def test_exactly_the_given_paths_match(given_paths, others):
    matching = {path for path in given_paths | others if re.fullmatch(one_of(given_paths), path)}
    assert matching == given_paths


def test_no_name_matches_nothing():
    assert re.fullmatch(one_of([]), "") is None


def test_characters_with_a_meaning_stand_for_themselves():
    assert re.fullmatch(one_of(["r.1"]), "rx1") is None


def test_folders_with_the_same_content_are_written_once():
    paths = [
        f"{phase}/{kelvin}K/r{n}" for phase in "abcdef" for kelvin in range(300, 900, 25) for n in range(9)
    ]
    assert len(one_of(paths)) < sum(map(len, paths)) / 20
