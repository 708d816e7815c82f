"""The same body gets the same bytes whatever the process finds around it: the quick share of `make soak`."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.soak.replays import Replayed, World, differences, made_locales, replayed

EVERY = 8
"""One sample in eight; `make soak` replays all of them 100,000 times in ninety worlds."""


def test_worlds_apart_give_the_same_bytes(tmp_path: Path) -> None:
    plain, turkish, german = made_locales(tmp_path)
    done = [
        replayed(world, 1, EVERY, tmp_path)
        for world in (
            World(0, "UTC0", plain),
            World(1, "IST-5:30", turkish),
            World(2, "NST3:30NDT,M3.2.0,M11.1.0", german),
        )
    ]
    assert len({one.hash_of_a_word for one in done}) == 3
    assert len(done[0].answers) >= 24
    assert list(differences(done)) == []


ONE = Replayed(World(0, "UTC0", "C"), 1, {"a": {"x": 2}, "b": {"y": 2}})

DIFFERING = [
    # answers of a second world, what is said
    ({"a": {"x": 1}, "b": {"y": 5}}, []),
    ({"a": {"x": 2}, "b": {"z": 2}}, ["b: 2 different answers"]),
    ({"a": {"x": 1, "y": 1}, "b": {"y": 2}}, ["a: 2 different answers"]),
    ({"a": {"x": 2}}, [f"{World(1, 'UTC0', 'C')} was not asked what {ONE.world} was"]),
]


@pytest.mark.parametrize(("answers", "says"), DIFFERING)
def test_a_difference_is_named(answers: dict[str, dict[str, int]], says: list[str]) -> None:
    other = replace(ONE, world=World(1, "UTC0", "C"), answers=answers)
    assert list(differences([ONE, other])) == says


def test_a_process_that_does_not_find_the_meant_world_is_no_replay(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unsupported locale"):
        replayed(World(0, "UTC0", "xx_XX.UTF-8"), 1, 50, tmp_path)
