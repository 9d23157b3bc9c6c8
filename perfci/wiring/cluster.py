"""Series looked at by the workers of a Dask cluster: values travel, names and commits do not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from perfci import __version__
from perfci.errors import ConfigurationError, PerfciError
from perfci.model.metric import Better
from perfci.model.timeline import Course, Spot, Timeline
from perfci.stats.course import follow_all

_ADDRESS = re.compile(r"(?:[a-z]+://)?(?:\[[0-9a-fA-F:]+\]|[^\s/:\[\]]+):[0-9]{1,5}")
REACHED = 30
"""Seconds in which a cluster has to answer, with at least one worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A series on its way to a worker."""

    better: Better
    values: NDArray[np.float64]


def look_at(version: str, loads: Sequence[Load]) -> list[Course]:
    """Look at some series, on a worker.

    Args:
        version: of the perfci that asks.
        loads: the series.

    Raises:
        ConfigurationError: here is another perfci, which might see other things.
    """
    if version != __version__:
        raise ConfigurationError(f"perfci {__version__} runs there, and {version} here")
    bare = (
        Timeline(
            name="",
            unit="",
            better=load.better,
            spots=tuple(Spot(commit="", time=None, value=each) for each in load.values.tolist()),
        )
        for load in loads
    )
    return [
        replace(course, timeline=replace(course.timeline, spots=())) for course in follow_all(bare)
    ]


def by_cluster(pieces: Sequence[Sequence[Timeline]], address: str) -> list[list[Course]]:
    """Return the courses of all pieces, in their order, without series and commits.

    Raises:
        ConfigurationError: the cluster cannot be used; it says why.
    """
    if not _ADDRESS.fullmatch(address):
        raise ConfigurationError(
            f"--dask {address[:80]!r} is no address of a scheduler",
            hint="write it with its port: tcp://HOST:8786",
        )
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise ConfigurationError(
            f"--dask needs the package distributed, and that cannot be imported: {error}",
            hint="install it: pip install 'perf-regression[dask]'",
        ) from error
    try:
        with distributed.Client(address, timeout=REACHED, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=REACHED)
            versions = [__version__] * len(pieces)
            loads = [[_load(each) for each in piece] for piece in pieces]
            found: list[list[Course]] = client.gather(client.map(look_at, versions, loads))
            return found
    except PerfciError as error:
        raise ConfigurationError(
            f"the workers of {address} cannot look at the series: {error.message}",
            hint="install the same perf-regression there as here",
        ) from error
    # Dask raises here whatever its own parts and the workers raised, of any class
    except Exception as error:
        raise ConfigurationError(
            f"the cluster at {address} cannot be used: {type(error).__name__}: {error}"[:400],
            hint="is it a scheduler's address (tcp://HOST:8786), with workers on which this "
            "version of perf-regression is installed?",
        ) from error


def _load(timeline: Timeline) -> Load:
    values = np.array([spot.value for spot in timeline.spots], dtype=np.float64)
    return Load(better=timeline.better, values=values)
