"""What machine this is, as far as its numbers depend on it."""

import math
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from perfci.model.run import Environment
from perfci.model.text import printable
from perfci.runners.callables.interpreter import interpreter
from perfci.units import scale_for

_ASK = "import sys; print(sys.implementation.name, sys.version_info[0], sys.version_info[1])"


class MachineProbe:
    """Reads what the kernel tells.

    Args:
        environ: perfci's own variables; they name the runner's image and the interpreter.
        folder: of the project; its own virtual environment counts.
        setting: `interpreter` as the user wrote it.
        system: the root of /proc and /sys.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        folder: Path | None = None,
        setting: str | None = None,
        system: Path = Path("/"),
    ) -> None:
        self._environ = environ
        self._folder = folder or Path.cwd()
        self._setting = setting
        self._system = system

    def environment(self) -> Environment:
        """Return the facts under which this machine's numbers are comparable."""
        release = ".".join(re.findall(r"\d+", platform.release())[:2])
        image = self._environ.get("ImageOS") or self._environ.get("CI_JOB_IMAGE") or ""
        return Environment(
            cpu=self._processor(),
            cores=self._cores(),
            kernel=f"{platform.system()} {release}".strip(),
            runner=printable(image, limit=200),
            interpreter=self._python(),
            facts=dict(self._facts()),
        )

    def doubts(self) -> tuple[str, ...]:
        """Return what could not be found out though the numbers depend on it."""
        if not self._in_container() or any(quota for quota, _ in self._told_quotas()):
            return ()
        cores = self._cores()
        plural = "" if cores == 1 else "s"
        return (
            (
                "this container does not show its own limits (no cpu.max or cpu.cfs_quota_us below "
                f"/sys/fs/cgroup): the machine's {cores} processor{plural} are taken for its own"
            ),
        )

    def _in_container(self) -> bool:
        marks = (".dockerenv", "run/.containerenv")
        named = any(name in self._environ for name in ("KUBERNETES_SERVICE_HOST", "container"))
        return named or any((self._system / mark).exists() for mark in marks)

    def _processor(self) -> str:
        told = self._table("proc/cpuinfo")
        named = told.get("model name") or told.get("Model") or told.get("Hardware")
        part = told.get("CPU part")
        if not named and part:
            # ARM tells numbers: 0x41 is Arm Ltd., 0xd0c a Neoverse N1
            named = f"{platform.machine()} {told.get('CPU implementer', '?')}/{part}"
        found = named or platform.processor() or platform.machine() or "unknown"
        return printable(found, limit=200)

    def _cores(self) -> int:
        usable = len(os.sched_getaffinity(0))
        ratios = (ratio for told in self._told_quotas() for ratio in _ratio(*told))
        return max(1, min([usable, *map(math.ceil, ratios)]))

    def _told_quotas(self) -> Iterator[tuple[str, str]]:
        """Return quota and period of each control group above this process; empty where hidden."""
        for line in self._read("proc/self/cgroup").splitlines():
            number, _, rest = line.partition(":")
            kinds, _, path = rest.partition(":")
            if number == "0" and not kinds:
                for group in self._upwards("sys/fs/cgroup", path):
                    quota, _, period = self._read(f"{group}/cpu.max").partition(" ")
                    yield quota, period
            elif "cpu" in kinds.split(","):
                for group in self._upwards(f"sys/fs/cgroup/{kinds}", path):
                    quota = self._read(f"{group}/cpu.cfs_quota_us")
                    yield quota, self._read(f"{group}/cpu.cfs_period_us")

    def _upwards(self, mount: str, path: str) -> Iterator[str]:
        # inside a container the path may be the host's, and only the mount itself is there
        parts = [part for part in path.split("/") if part not in {"", ".."}]
        for length in range(len(parts), -1, -1):
            yield "/".join([mount, *parts[:length]])

    def _python(self) -> str:
        python = interpreter(self._setting, self._folder, self._environ).path
        if python is None:
            return ""
        try:
            told = subprocess.run(
                [python, "-c", _ASK],
                env=dict(self._environ),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=30,
            ).stdout.split()[-3:]
        except (OSError, subprocess.TimeoutExpired):
            return ""
        names = {"cpython": "CPython", "pypy": "PyPy"}
        if len(told) != 3:
            return ""
        return printable(f"{names.get(told[0], told[0])} {told[1]}.{told[2]}", limit=40)

    def _facts(self) -> Iterator[tuple[str, str]]:
        kilobytes = self._table("proc/meminfo").get("MemTotal", "").partition(" ")[0]
        if kilobytes.isdigit():
            size = int(kilobytes) * 1024.0
            yield "memory", scale_for("B", size).text(size)
        load = self._read("proc/loadavg").split()
        if load:
            yield "load average", load[0]
        virtual = self._virtualisation()
        if virtual:
            yield "virtualisation", virtual
        governor = self._read("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
        if governor:
            yield "governor", printable(governor, limit=40)
        version = self._environ.get("ImageVersion")
        if version:
            yield "runner image version", printable(version, limit=40)

    def _virtualisation(self) -> str:
        if "hypervisor" not in self._table("proc/cpuinfo").get("flags", "").split():
            return ""
        vendor = self._read("sys/class/dmi/id/sys_vendor")
        return printable(vendor, limit=80) or "virtual machine"

    def _table(self, path: str) -> dict[str, str]:
        """Return `name: value` lines; of a repeated name the first."""
        found: dict[str, str] = {}
        for line in self._read(path).splitlines():
            name, _, value = line.partition(":")
            found.setdefault(name.strip(), value.strip())
        return found

    def _read(self, path: str) -> str:
        try:
            return (self._system / path).read_text(errors="replace").strip()
        except OSError:
            return ""


def _ratio(quota: str, period: str) -> Iterator[float]:
    # `max` and -1 mean no limit
    if quota.isdigit() and period.isdigit() and int(period) > 0:
        yield int(quota) / int(period)
