"""What the Python API has here and what it lacks, found out by trying."""

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from perfci import __version__
from perfci.doctor import Check, Machine, State, examine_machine
from perfci.errors import PerfciError
from perfci.facade.ci.environment import shown
from perfci.facade.config import COMPONENTS, CICDConfig, RegressionTestConfig, RegressionTestType
from perfci.model.text import printable
from perfci.wiring import parts, process

_DISTRIBUTION = "perf-regression"
_TRIAL = "v1/trial/blob"


def validate_framework_installation(storage_path: str | Path | None = None) -> bool:
    """Try what measuring needs, and print what is there and what is missing.

    Args:
        storage_path: folder of a framework that must be writable, too; None: a temporary one is
            tried.

    Returns:
        Whether tests can be measured and kept here. What only makes numbers spread does not count.
    """
    checks = [*_packages(), _store(storage_path), _memory(), *examine_machine(_machine())]
    for check in checks:
        sys.stdout.write(f"{check.state.value:<5} {check.name:<12} {printable(check.found)}\n")
        if check.advice:
            sys.stdout.write(f"{'':<18} {printable(check.advice)}\n")
    bad = [check.name for check in checks if check.state is State.BAD]
    answer = f"not fit: {', '.join(bad)}" if bad else "fit: tests can be measured and kept here"
    sys.stdout.write(f"{answer}\n")
    return not bad


def print_framework_info() -> None:
    """Print versions, the machine, components, test types, and each variable with its default."""
    environment = parts.probe(None).environment()
    rows = {
        "perfci": f"{__version__}, in {Path(__file__).parents[1]}",
        "python": f"{sys.version.split()[0]}, {sys.executable}",
        "machine": str(environment),
        "fingerprint": f"{environment.fingerprint}: baselines of other machines do not compare",
        "components": f"{', '.join(COMPONENTS)}; any other by framework.register(...)",
        "test types": ", ".join(RegressionTestType),
    }
    for config in (RegressionTestConfig(), CICDConfig()):
        rows |= {name.upper(): text for name, text in shown(config).items()}
    for name, text in rows.items():
        sys.stdout.write(f"{name:<33} {printable(text, limit=2000)}\n")


def _packages() -> Iterator[Check]:
    try:
        needed = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield Check(
            name="packages",
            state=State.POOR,
            found="perfci is not installed, but run from its folder",
            advice="install it, so that its dependencies are known and there: pip install .",
        )
        return
    required = [item for item in needed if "extra ==" not in item]
    absent = _absent(required)
    yield Check(
        name="packages",
        state=State.BAD if absent else State.GOOD,
        found=f"missing: {', '.join(absent)}" if absent else f"all {len(required)} are there",
        advice=f"pip install {' '.join(absent)}" if absent else "",
    )
    optional = _absent(["pyarrow"])
    yield Check(
        name="optional",
        state=State.GOOD,
        found="pyarrow is not there: no export to Parquet" if optional else "pyarrow is there",
    )


def _absent(requirements: Sequence[str]) -> list[str]:
    absent = []
    for item in requirements:
        named = re.match(r"[\w.-]+", item)
        name = named[0] if named else item
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            absent.append(name)
    return absent


def _store(path: str | Path | None) -> Check:
    """Write, read and replace a blob as a baseline's index is."""
    from perfci.stores.local import FileStore

    try:
        if path is not None:
            parts.writable(Path(path))
        with tempfile.TemporaryDirectory(dir=path) as folder:
            store = FileStore(f"file:{folder}", Path(folder))
            store.put(_TRIAL, b"1", replaces=None)
            first = store.get(_TRIAL)
            swapped = first is not None and store.put(_TRIAL, b"2", replaces=first.version)
            second = store.get(_TRIAL)
        whole = swapped and second is not None and second.data == b"2"
    except PerfciError as error:
        advice = "choose a folder that this user may write to"
        return Check(name="store", state=State.BAD, found=error.message, advice=advice)
    except OSError as error:
        return Check(name="store", state=State.BAD, found=f"{path or 'temporary'}: {error}")
    return Check(
        name="store",
        state=State.GOOD if whole else State.BAD,
        found="baselines can be written, replaced and read"
        if whole
        else "what was written is not what is read again",
    )


def _memory() -> Check:
    """See whether the kernel tells how much memory a process has had at most."""
    try:
        told = "VmHWM:" in Path("/proc/self/status").read_text()
    except OSError:
        told = False
    return Check(
        name="peak memory",
        state=State.GOOD if told else State.POOR,
        found="readable" if told else "not readable",
        advice="" if told else "memory_usage of functions cannot be measured, only returned",
    )


def _machine() -> Machine:
    probe, told = parts.probe(None), process.machine()
    return Machine(
        environment=probe.environment(),
        doubts=probe.doubts(),
        health=parts.health(),
        load=told.load,
        delay_readable=told.delay_readable,
    )
