"""The look at a machine: known counters in, known facts out; what is missing is said."""

import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from perfci.runners.system.facts import SystemFacts
from perfci.runners.system.watch import Watch
from tests.runners.stage import scratch_of
from tests.runners.system.fake_kernel import ELAPSED, GIB, Kernel, StepClock


def look(kernel: Kernel, change: Callable[[], None] = lambda: None) -> SystemFacts:
    scratch = scratch_of(kernel.root)
    facts = Watch(StepClock(change), scratch, kernel.root).look(1.0)
    assert not list(scratch.iterdir())
    assert psutil.PROCFS_PATH == "/proc"
    return facts


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    return Kernel(tmp_path)


def test_the_processors_time_between_the_two_snapshots_is_shared_out(kernel: Kernel) -> None:
    kernel.processors(idle=(1000,), user=(5000,), steal=70)

    facts = look(kernel, lambda: kernel.processors(idle=(1030,), user=(5060,), steal=80)).processors

    assert facts is not None
    assert facts.idle == pytest.approx(0.3)
    assert facts.stolen == pytest.approx(0.1)
    assert facts.number == len(os.sched_getaffinity(0))
    assert not facts.limited


def test_processors_that_this_process_may_not_use_do_not_count(kernel: Kernel) -> None:
    usable = os.sched_getaffinity(0)
    idle = tuple(100 if at in usable else 0 for at in range(64))
    busy = tuple(0 if at in usable else 100 for at in range(64))
    kernel.processors(idle=(0,), user=(0,))

    facts = look(kernel, lambda: kernel.processors(idle=idle, user=busy)).processors

    assert facts is not None
    assert facts.idle == 1


def test_a_time_too_short_to_be_counted_is_idle(kernel: Kernel) -> None:
    facts = look(kernel).processors

    assert facts is not None
    assert (facts.idle, facts.stolen) == (1, 0)


@pytest.mark.parametrize(
    ("groups", "folder", "files"),
    [
        ("0::/\n", "sys/fs/cgroup", "cpu.max|50000 100000"),
        ("0::/docker/1234\n", "sys/fs/cgroup", "cpu.max|50000 100000"),
        ("0::/job/step\n", "sys/fs/cgroup/job", "cpu.max|50000 100000"),
        ("4:cpu,cpuacct:/job\n0::/\n", "sys/fs/cgroup/cpu,cpuacct/job", ""),
        ("4:cpu,cpuacct:/docker/1234\n0::/\n", "sys/fs/cgroup/cpu,cpuacct", ""),
    ],
)
def test_a_quota_is_what_there_is(kernel: Kernel, groups: str, folder: str, files: str) -> None:
    second = "usage_usec {usec}\nnr_periods {periods}\nnr_throttled {throttled}\n"
    first = "nr_periods {periods}\nnr_throttled {throttled}\nthrottled_time 9\n"

    def spend(seconds: float, periods: int, throttled: int) -> None:
        text = (second if files else first).format(
            usec=round(seconds * 1e6), periods=periods, throttled=throttled
        )
        kernel.write(f"{folder}/cpu.stat", text)
        if not files:
            kernel.write(f"{folder}/cpuacct.usage", f"{round(seconds * 1e9)}\n")

    kernel.write("proc/self/cgroup", groups)
    kernel.write("sys/fs/cgroup/job/step/cgroup.procs", "")
    if files:
        name, _, text = files.partition("|")
        kernel.write(f"{folder}/{name}", text)
    else:
        kernel.files(
            {f"{folder}/cpu.cfs_quota_us": "50000\n", f"{folder}/cpu.cfs_period_us": "100000\n"}
        )
    spend(100, 40, 4)

    # half of what half a processor can do meanwhile
    facts = look(kernel, lambda: spend(100 + ELAPSED / 4, 50, 5)).processors

    assert facts is not None
    assert (facts.number, facts.limited) == (0.5, True)
    assert facts.idle == pytest.approx(0.5, abs=1e-4)
    assert facts.throttled == pytest.approx(0.1)


def test_two_mounts_of_one_quota_are_read_together(kernel: Kernel) -> None:
    kernel.write("proc/self/cgroup", "2:cpuacct:/job\n1:cpu:/job\n")
    kernel.files(
        {
            "sys/fs/cgroup/cpu/job/cpu.cfs_quota_us": "100000",
            "sys/fs/cgroup/cpu/job/cpu.cfs_period_us": "100000",
            "sys/fs/cgroup/cpuacct/job/cpuacct.usage": "0",
        }
    )
    spent = f"{round(ELAPSED * 1e9)}"

    facts = look(
        kernel, lambda: kernel.write("sys/fs/cgroup/cpuacct/job/cpuacct.usage", spent)
    ).processors

    assert facts is not None
    assert facts.idle == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("groups", "files"),
    [
        (
            "0::/\n",
            {
                "memory.max": "536870912",
                "memory.current": "268435456",
                "memory.stat": "anon 5\ninactive_file 134217728\n",
            },
        ),
        (
            "0::/job/step\n",
            {
                "job/memory.max": "536870912",
                "job/memory.current": "134217728",
                "job/step/memory.max": "max",
                "job/step/memory.current": "4096",
            },
        ),
        (
            "4:memory:/job\n0::/\n",
            {
                "memory/job/memory.limit_in_bytes": "536870912",
                "memory/job/memory.usage_in_bytes": "134217728",
                "memory/memory.limit_in_bytes": "9223372036854771712",
                "memory/memory.usage_in_bytes": "60000000000",
            },
        ),
    ],
)
def test_a_container_of_512_mb_on_a_host_of_64_gb_is_judged_by_its_own_limit(
    kernel: Kernel, groups: str, files: dict[str, str]
) -> None:
    kernel.memory(total=64 * GIB, free=60 * GIB)
    kernel.write("proc/self/cgroup", groups)
    kernel.files({f"sys/fs/cgroup/{name}": text for name, text in files.items()})

    facts = look(kernel)

    assert facts.memory is not None
    assert (facts.memory.total, facts.memory.limited) == (512 * 2**20, True)
    assert facts.memory.available == 384 * 2**20
    assert not facts.warnings


def test_without_a_limit_the_whole_machine_counts(kernel: Kernel) -> None:
    kernel.files({"sys/fs/cgroup/memory.max": "max", "sys/fs/cgroup/cpu.max": "max 100000"})
    kernel.memory(total=8 * GIB, free=6 * GIB, swap=4 * GIB, swap_free=1 * GIB)

    facts = look(kernel, lambda: kernel.write("proc/vmstat", "pswpin 2\npswpout 3\n"))

    memory = facts.memory
    assert memory is not None
    assert (memory.total, memory.available, memory.limited) == (8 * GIB, 6 * GIB, False)
    assert (memory.swap, memory.swap_used, memory.paged) == (4 * GIB, 3 * GIB, 5 * 4096)
    assert not facts.warnings


@pytest.mark.parametrize(
    ("groups", "gone"),
    [
        ("", ""),
        ("0::/\n", "cgroup.controllers"),
        ("0::/docker/1234\n", ""),
        ("4:memory:/\n3:cpu:/\n", ""),
    ],
)
def test_limits_that_are_hidden_are_told(kernel: Kernel, groups: str, gone: str) -> None:
    kernel.write("proc/self/cgroup", groups)
    if gone:
        (kernel.root / "sys/fs/cgroup" / gone).unlink()

    facts = look(kernel)

    (warning,) = facts.warnings
    assert "the control group's limits cannot be read" in warning
    assert "judged by the whole machine" in warning
    assert facts.memory is not None


def test_the_busiest_disk_counts(kernel: Kernel) -> None:
    kernel.disk(5000)

    facts = look(kernel, lambda: kernel.disk(5000 + round(ELAPSED * 1000) // 4))

    assert facts.disk_busy == pytest.approx(0.25)


def test_the_wait_for_a_processor_is_shared_out_over_its_runs(kernel: Kernel) -> None:
    facts = look(kernel, lambda: kernel.write("proc/self/schedstat", "2000000 30000000 11\n"))

    assert facts.scheduler.wait == pytest.approx(3e-3)
    # every sleep of 1 ms ends one step of the clock later
    assert facts.scheduler.late == pytest.approx(0.099)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("proc/stat", "processors' time"),
        ("proc/meminfo", "memory cannot be read"),
        ("proc/self/schedstat", "wait for a processor"),
    ],
)
@pytest.mark.parametrize("text", [None, "", "garbage\n", "cpu x y\ncpu0 1\n"])
def test_a_file_that_is_missing_or_strange_is_told(
    kernel: Kernel, path: str, told: str, text: str | None
) -> None:
    (kernel.root / path).unlink()
    if text is not None:
        kernel.write(path, text)

    facts = look(kernel)

    assert any(told in warning for warning in facts.warnings)
    assert len(facts.warnings) == 1


def test_a_disk_that_takes_nothing_is_told(kernel: Kernel) -> None:
    facts = Watch(StepClock(), kernel.root / "nowhere", kernel.root).look(0.05)

    assert facts.disk is not None
    assert facts.disk.sync is None
    assert facts.warnings == (
        "in the folder for scratch files nothing can be written: No such file or directory",
    )
