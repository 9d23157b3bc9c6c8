"""A machine's score: what is documented is what is computed."""

import pytest

from perfci.runners.system.facts import (
    DiskFacts,
    MemoryFacts,
    ProcessorFacts,
    SchedulerFacts,
    SystemFacts,
)
from perfci.runners.system.report import SystemReport, judge

GB = 10**9
QUIET = SchedulerFacts(late=1e-4, wait=1e-5)


def points(**facts: object) -> dict[str, float]:
    return {part.name: part.score for part in report(**facts).parts}


def report(**facts: object) -> SystemReport:
    return judge(SystemFacts(**({"scheduler": QUIET} | facts)))  # type: ignore[arg-type]


def disk(free: int = 50 * GB, sync: float | None = 1e-3, trouble: str = "") -> DiskFacts:
    return DiskFacts(size=100 * GB, free=free, sync=sync, trouble=trouble)


def test_an_idle_machine_has_all_points() -> None:
    found = report(
        processors=ProcessorFacts(number=4, idle=1),
        memory=MemoryFacts(total=16 * GB, available=12 * GB),
        disk=disk(),
        disk_busy=0.02,
    )

    assert found.health == 100
    assert found.utilization == pytest.approx(0.25)
    assert "\n".join(f"{part.name}: {part.found}" for part in found.parts) == (
        "processor: 100 % idle of 4 processors\n"
        "memory: 12.0 GB of 16.0 GB available\n"
        "disk: 50.0 GB of 100 GB free, a small durable write takes 1.00 ms, busy 2 % of the time\n"
        "scheduler: a sleep ends 100 µs late (p95), a processor is waited for 10.0 µs"
    )
    assert str(found.parts[1]) == "memory: 12.0 GB of 16.0 GB available (100 of 100)"


def test_the_score_is_the_weighted_mean() -> None:
    found = report(
        processors=ProcessorFacts(number=2, idle=0),
        memory=MemoryFacts(total=16 * GB, available=12 * GB),
        disk=disk(free=0),
        scheduler=SchedulerFacts(late=2.5e-3, wait=None),
    )

    assert found.health == pytest.approx((3 * 0 + 2 * 100 + 2 * 0 + 3 * 50) / 10)
    assert found.utilization == 1


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (ProcessorFacts(number=2, idle=0.6), 60),
        (ProcessorFacts(number=2, idle=0.6, stolen=0.2), 40),
        (ProcessorFacts(number=2, idle=0.1, stolen=0.4), 0),
        (ProcessorFacts(number=0.5, idle=0.9, throttled=0.8, limited=True), 20),
    ],
)
def test_points_of_the_processor(facts: ProcessorFacts, expected: float) -> None:
    assert points(processors=facts)["processor"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("available", "swap_used", "paged", "expected"),
    [
        (25 * GB, 0, 0, 100),
        (5 * GB, 0, 0, 20),
        (50 * GB, 4 * GB, 0, 90),
        (50 * GB, 0, 4096, 50),
        (1 * GB, 10 * GB, 0, 0),
    ],
)
def test_points_of_the_memory(available: int, swap_used: int, paged: int, expected: float) -> None:
    facts = MemoryFacts(
        total=100 * GB, available=available, swap=10 * GB, swap_used=swap_used, paged=paged
    )

    assert points(memory=facts)["memory"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (disk(), 100),
        (disk(free=5 * GB), 100),
        (disk(free=1 * GB), 20),
        (disk(sync=50e-3), 50),
        (disk(sync=5.0), 0),
        (disk(sync=None, trouble="nothing can be written: Read-only file system"), 0),
        (DiskFacts(size=0, free=0, sync=1e-3), 0),
    ],
)
def test_points_of_the_disk(facts: DiskFacts, expected: float) -> None:
    assert points(disk=facts)["disk"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("late", "wait", "expected"),
    [(2e-4, None, 100), (2.5e-3, 1e-4, 50), (1e-4, 2.5e-3, 50), (0.5, 1e-4, 0)],
)
def test_points_of_the_scheduler(late: float, wait: float | None, expected: float) -> None:
    facts = SchedulerFacts(late=late, wait=wait)

    assert points(scheduler=facts)["scheduler"] == pytest.approx(expected)


def test_a_part_that_cannot_be_seen_is_left_out() -> None:
    found = report(memory=MemoryFacts(total=10 * GB, available=1 * GB))

    assert [part.name for part in found.parts] == ["memory", "scheduler"]
    assert found.health == pytest.approx((2 * 40 + 3 * 100) / 5)
    assert found.utilization == pytest.approx(0.9)


def test_a_score_is_never_zero_because_ratios_are_taken_of_it() -> None:
    found = report(
        processors=ProcessorFacts(number=1, idle=0),
        memory=MemoryFacts(total=1, available=0),
        disk=disk(free=0),
        scheduler=SchedulerFacts(late=1, wait=1),
    )

    assert found.health == 1


def test_the_sentences_name_what_limits_and_what_hurts() -> None:
    found = report(
        processors=ProcessorFacts(number=1, idle=0.5, stolen=0.1, throttled=0.3, limited=True),
        memory=MemoryFacts(
            total=512 * 10**6, available=10**8, limited=True, swap=100, swap_used=50, paged=1
        ),
        disk=disk(sync=None, trouble="nothing can be written: Read-only file system"),
    )

    processor, memory, disk_, _ = (part.found for part in found.parts)
    assert processor == (
        "50 % idle of 1 processor that the control group allows, 10 % given to other machines, "
        "stopped in 30 % of its periods"
    )
    assert memory == (
        "100 MB of 512 MB available within the control group's limit, swap 50 % full, and it pages"
    )
    assert disk_ == "50.0 GB of 100 GB free, but nothing can be written: Read-only file system"
