"""How the benchmark of change points scores them."""

from benchmarks.changes_score import Case, matched, online, score


def case(labels: tuple[int, ...], optional: tuple[int, ...] = (), variant: str = "multi") -> Case:
    return Case(
        name="a",
        kind="semi-synthetic",
        variant=variant,
        half=0,
        values=tuple(float(at) for at in range(40)),
        labels=labels,
        optional=optional,
    )


def test_labels_and_places_are_matched_one_to_one_the_nearest_first() -> None:
    assert matched([10, 14], [12, 13], 5) == {(14, 13), (10, 12)}
    assert matched([10], [9, 10, 11], 5) == {(10, 10)}
    assert matched([10], [13], 2) == set()


def test_an_optional_label_counts_neither_as_found_nor_as_false() -> None:
    counted = score([case((10,), optional=(20,))], {"a": [11, 21, 30]}, 5)
    assert (counted.hits, counted.false, counted.missed) == (1, 1, 0)
    assert counted.f1 == 2 / 3
    assert score([case((10,), optional=(20,))], {"a": []}, 5).missed == 1


def test_online_a_delay_counts_the_commits_after_the_step() -> None:
    seen = online([case((20,), variant="step20")], lambda values: [20] if len(values) > 23 else [])
    assert seen.delays == (3,)
    never = online([case((20,), variant="step20")], lambda _: [])
    assert never.delays == (99,)


def test_online_a_place_is_one_alarm_however_often_it_is_named() -> None:
    seen = online([case((), variant="quiet")], lambda values: [5, len(values) // 20 * 20])
    # 5, then from 10 on 0 (no farther than 5 away), 20 and 40
    assert seen.alarms == 100 * 3 / 40
