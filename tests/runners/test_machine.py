"""The probe, on this machine and on files as other kernels write them."""

import os
import sys
from pathlib import Path

import pytest

from perfci.runners.machine import MachineProbe
from tests.runners.stage import ENVIRON

INTEL = "processor\t: 0\nmodel name\t: Xeon 8370C\nflags\t\t: fpu hypervisor\n\nmodel name\t: B\n"
ARM = "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n"


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_this_machine_has_a_processor_a_kernel_and_an_interpreter() -> None:
    probe = MachineProbe(ENVIRON)
    found = probe.environment()

    assert found.cpu
    assert 1 <= found.cores <= (os.cpu_count() or 1)
    assert found.kernel.startswith("Linux ")
    assert found.interpreter == f"CPython {sys.version_info[0]}.{sys.version_info[1]}"
    assert {"memory", "load average"} <= set(found.facts)
    assert found.fingerprint == probe.environment().fingerprint


@pytest.mark.parametrize(("text", "model"), [(INTEL, "Xeon 8370C"), (ARM, "0x41/0xd0c")])
def test_the_processor_is_named(tmp_path: Path, text: str, model: str) -> None:
    write(tmp_path, "proc/cpuinfo", text)

    assert model in MachineProbe(ENVIRON, system=tmp_path).environment().cpu


def test_a_machine_that_tells_nothing_still_has_facts_to_compare(tmp_path: Path) -> None:
    found = MachineProbe({"PATH": ""}, system=tmp_path).environment()

    assert found.cpu
    assert found.cores >= 1
    assert found.facts == {}


@pytest.mark.parametrize(
    ("groups", "files", "most"),
    [
        ("0::/", {"cpu.max": "100000 100000"}, 1),
        ("0::/job/step", {"job/cpu.max": "50000 100000", "job/step/cpu.max": "max 100000"}, 1),
        ("0::/../outside", {"cpu.max": "100000 100000"}, 1),
        (
            "5:cpu,cpuacct:/job\n0::/",
            {"cpu,cpuacct/job/cpu.cfs_quota_us": "1", "cpu,cpuacct/job/cpu.cfs_period_us": "9"},
            1,
        ),
        ("0::/", {"cpu.max": "max 100000"}, None),
        ("5:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "9"}, None),
        ("garbage", {"cpu.max": "x"}, None),
    ],
)
def test_quotas_count(tmp_path: Path, groups: str, files: dict[str, str], most: int | None) -> None:
    write(tmp_path, "proc/self/cgroup", groups)
    for name, text in files.items():
        write(tmp_path, f"sys/fs/cgroup/{name}", text)

    cores = MachineProbe(ENVIRON, system=tmp_path).environment().cores

    assert cores == (most or len(os.sched_getaffinity(0)))


def test_the_runners_image_is_part_of_the_fingerprint_and_its_weekly_version_is_not() -> None:
    old = {"ImageOS": "ubuntu24", "ImageVersion": "1", "RUNNER_NAME": "a"}
    new = {"ImageOS": "ubuntu24", "ImageVersion": "2", "RUNNER_NAME": "b"}
    other = {"ImageOS": "ubuntu26"}
    probes = [MachineProbe(ENVIRON | more).environment() for more in (old, new, other)]

    assert probes[0].runner == "ubuntu24"
    assert probes[0].facts["runner image version"] == "1"
    assert probes[0].fingerprint == probes[1].fingerprint != probes[2].fingerprint


def test_virtualisation_and_governor_are_told(tmp_path: Path) -> None:
    write(tmp_path, "proc/cpuinfo", INTEL)
    write(tmp_path, "proc/meminfo", "MemTotal:       16384000 kB\n")
    write(tmp_path, "sys/class/dmi/id/sys_vendor", "QEMU\n")
    write(tmp_path, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n")

    facts = MachineProbe(ENVIRON, system=tmp_path).environment().facts

    assert facts == {"memory": "16.8 GB", "virtualisation": "QEMU", "governor": "powersave"}


def test_the_projects_own_interpreter_is_the_one_named(tmp_path: Path) -> None:
    fake = tmp_path / ".venv" / "bin" / "python"
    write(tmp_path, ".venv/bin/python", "#!/bin/sh\necho pypy 3 10\n")
    fake.chmod(0o755)

    assert MachineProbe(ENVIRON, tmp_path).environment().interpreter == "PyPy 3.10"
    assert MachineProbe(ENVIRON, tmp_path, "no/python").environment().interpreter == ""


def test_a_container_that_hides_its_limits_is_said_so(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "0::/")
    outside = MachineProbe(ENVIRON, system=tmp_path).doubts()
    write(tmp_path, ".dockerenv", "")
    hidden = MachineProbe(ENVIRON, system=tmp_path).doubts()
    write(tmp_path, "sys/fs/cgroup/cpu.max", "max 100000")
    shown = MachineProbe(ENVIRON, system=tmp_path).doubts()

    assert (outside, shown) == ((), ())
    assert len(hidden) == 1
    assert "does not show its own limits" in hidden[0]
