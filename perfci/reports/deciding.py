"""The rule in words, for the report's last section."""

from typing import assert_never

from perfci.model.revision import Mode

_PAIRED = """
Base and head were measured in turn on one machine, in a random order drawn from the seed. A
launch is one fresh process of each side, and the unit of evidence.

A launch counts once, as the median of its pairs' log ratios. Values of one process are never
counted as if they were independent.

Time is read from the clock with the least noise that tells the truth for this work: net (wall
time without waiting for a processor), else processor time, else wall time.

The change is the trimmed mean over launches. Its spread is steadied by the spreads of the other
series of this run.

Each series starts with 4 launches and gets more, up to 16, until it is clearly not worse by the
sensitivity (unchanged), or suspect, or the launches or the time are used up (inconclusive).

A suspect is measured again on fresh launches, up to 36. Those that raised the suspicion do not
count again.

Regressed: worse by more than the margin (a fifth of the sensitivity), with a chance of at most
1 % that anything at all in the whole run is called so wrongly (Holm's method). Improved is the
same the other way round, and never decides.
"""

_ALONE = """
Base could not be measured, so head was measured alone, each launch in a fresh process. Stored
runs of base's branch stand in for it; without any, nothing is proven.
"""

_HISTORY = """
Head was compared with the stored runs of the branch that come from an equal machine: the same
processor, cores, kernel, runner image and interpreter.

Each run counts once per series, as the median of its launch medians; up to 20 runs count. Runs
that were called worse never become part of the baseline.

The rule is a prediction interval: would one more run of the same code come out so far off? Its
spread is steadied by what such runs usually do.

Regressed: worse by more than twice the sensitivity, and by more than 10 %, with a chance of at
most 1 % that anything in the whole run is called so wrongly (Holm's method).

What perfci measures itself must show the same in a second set of fresh launches.

Unchanged: shown not to be worse by that much. Everything else is inconclusive.

With fewer than five runs the spread is supposed rather than known: the evidence is weak.
"""

_FILES = """
Two files were compared as they are. Nothing is known of how far apart in time, or on which
machines, they were measured.

The unit of evidence is a launch (a run of the tool) where a file has several; its median counts
once.

With one launch a side, the spread between launches is supposed rather than known, and at least
3 %: the evidence is weak.

The change is the difference of the sides' mean logarithms, with Welch's test.

Regressed: worse by more than 10 %, with a chance of at most 1 % that anything in the whole
comparison is called so wrongly (Holm's method).

Unchanged: shown not to be worse by that much. Everything else is inconclusive.

Improved is the same as regressed the other way round, and never decides.
"""

_RECORD = """
There was nothing to compare with: no run of this branch from an equal machine.

Every series was measured in fresh processes. A launch is one of them, and the unit of evidence:
it counts once, as its median.

What was measured becomes the baseline where this job may write one.

Without a base only a budget can block: when even the better end of head's interval is beyond it.
"""

_GATE = """
An exact metric, such as a count of instructions, has regressed above 0.5 %, without statistics.
A metric that may be 0 is compared by its difference instead of its ratio.

Only then comes policy. A regression blocks when its change, in whole per cent, reaches the limit
of the first rule that matches it, else the severity named by fail_on.

A budget blocks when even the better end of head's interval is beyond it.
"""


def rule(mode: Mode, *, head_alone: bool = False) -> tuple[str, ...]:
    """Return how a run of this mode is decided, a line each.

    Args:
        mode: of the run.
        head_alone: whether base should have been measured beside head, and could not be.
    """
    text = _ALONE + _HISTORY + _GATE if head_alone else _text(mode)
    return tuple(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _text(mode: Mode) -> str:
    match mode:
        case Mode.PAIRED:
            return _PAIRED + _GATE
        case Mode.HISTORY:
            return _HISTORY + _GATE
        case Mode.FILES:
            return _FILES + _GATE
        case Mode.RECORD:
            return _RECORD
        case _ as never:
            assert_never(never)
