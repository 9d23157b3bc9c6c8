"""What the live gates measure and what is truly slower in each: drawn before anything is run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.noise.workloads import UNITS

PERCENT = (5, 10, 25)
"""True slowdowns; each is about as frequent as the others."""
SLOWER = 2
"""Workloads that are slower in every second gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One benchmark of the measured suite."""

    workload: str
    units: int = UNITS
    """Of work in one call on base."""

    @property
    def name(self) -> str:
        """Return the benchmark's name: `json`, or `json-125` where it does 125 units."""
        return self.workload if self.units == UNITS else f"{self.workload}-{self.units}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What head differs in from base."""

    number: int
    """Of the gate, from 1; it stands in head's comment, so that no two heads are the same."""
    slower: tuple[tuple[str, int], ...] = ()
    """Workloads with their per cent more units; empty where a comment alone is new."""


def changes(gates: int, workloads: Sequence[str], seed: int) -> list[Change]:
    """Draw the changes: half of them harmless, the rest with two slower workloads.

    Args:
        gates: how many; where they are odd, the slower ones are one more.
        workloads: to choose from.
        seed: of all chance.
    """
    chance = np.random.default_rng(seed)
    each = min(SLOWER, len(workloads))
    slow = gates - gates // 2
    sizes = chance.permutation(np.resize(PERCENT, slow * each)).reshape(slow, each).tolist()
    drawn: list[tuple[tuple[str, int], ...]] = [()] * (gates // 2)
    for row in sizes:
        chosen = sorted(chance.choice(len(workloads), each, replace=False).tolist())
        drawn.append(tuple((workloads[at], size) for at, size in zip(chosen, row, strict=True)))
    order = chance.permutation(gates).tolist()
    return [Change(number=number, slower=drawn[at]) for number, at in enumerate(order, 1)]


def unchanged(times: int) -> list[Change]:
    """Return as many changes in which a comment alone is new."""
    return [Change(number=number) for number in range(1, times + 1)]


def items(count: int, workloads: Sequence[str]) -> list[Item]:
    """Return as many distinct benchmarks: the workloads in turn, each time with more units."""
    return [
        Item(
            workload=workloads[at % len(workloads)],
            units=UNITS + UNITS // 4 * (at // len(workloads)),
        )
        for at in range(count)
    ]
