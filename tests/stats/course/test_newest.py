"""What the newest points show when the search is run again as commits come in."""

import numpy as np

from tests.stats.course.made import found, stepped, wandering


def told(values: np.ndarray) -> int:
    """Return at how many ends of a series, of every third one, a change is told."""
    return sum(bool(found(values[:end])) for end in range(50, values.size, 3))


def test_a_new_level_begins_at_the_same_point_however_many_more_come_in() -> None:
    exact = 0
    for seed in range(20):
        values = stepped(seed, 60, 70, 0.2, spread=0.04)
        places = [found(values[:end]) for end in range(65, 71)]
        assert all(one in ([59], [60], [61]) for one in places)
        exact += places.count([60])
    assert exact >= 100


def test_a_new_level_is_told_after_the_fewer_points_the_plainer_it_is() -> None:
    late = []
    for spread in (0.02, 0.06, 0.1):
        series = [stepped(seed, 80, 92, 0.2, spread=spread) for seed in range(12)]
        ends = [next((e for e in range(81, 92) if found(one[:e])), 99) for one in series]
        late.append(sorted(ends)[6] - 81)
    assert late[0] < late[1] < late[2] <= 7


def test_a_few_newest_wild_values_are_seldom_a_change() -> None:
    # at 560 ends; if levels of fewer than ten points were not tested again it would be 25
    count = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        noise, is_wild = rng.normal(0.0, 0.03, 90), rng.random(90) < 0.3
        count += told(np.exp(noise + is_wild * rng.exponential(0.6, 90)))
    assert count <= 12


def test_neighbours_that_resemble_each_other_make_few_new_levels() -> None:
    # at 420 ends; without a thought of them it would be 32
    assert sum(told(wandering(seed, 90, 0.5)) for seed in range(30)) <= 18
