"""What the gates between equal code told, for people and for programs."""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from perfci.cli.layout import print_json, print_rows
from perfci.model.measurement import Clock, Failure
from perfci.model.run import Environment
from perfci.model.text import inert, printable
from perfci.noise.advice import Advice
from perfci.noise.summary import ALPHA, Row, Summary
from perfci.noise.wording import size
from perfci.units import duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that is told."""

    summary: Summary
    asked: int
    """Gates that were to be measured."""
    left_out: tuple[str, ...]
    failures: tuple[Failure, ...]
    advice: tuple[Advice, ...]
    code: str
    """What was on both sides: `a1b2c3d (main)`; empty outside a repository."""
    environment: Environment
    seed: int
    elapsed: float
    """Seconds."""
    interrupted: bool


def print_noise(answer: Answer, *, as_json: bool) -> None:
    """Print it; a standard output that was closed before perfci began is let be."""
    if not sys.stdout:
        return
    if as_json:
        print_json(document(answer))
        return
    for line in (f"{answer.summary}.", *_beside(answer)):
        _say(line)
    _say("")
    print_rows([_row(row, len(answer.summary.gates)) for row in answer.summary.rows])
    for advice in answer.advice:
        _say("")
        _say(f"{advice.about}: {advice.text}.")


def _say(line: str) -> None:
    sys.stdout.write(f"{inert(printable(line))}\n")


def _beside(answer: Answer) -> list[str]:
    """Return what belongs to the first sentence: the contrast, what is missing, what this was."""
    both = (
        f"{answer.code} on both sides"
        if answer.code
        else "Both sides were this folder itself, as it is in no git repository"
    )
    done = f"{duration(answer.elapsed)}, seed {answer.seed}"
    return [
        *_contrast(answer.summary),
        *(f"{text[:1].upper()}{text[1:]}." for text in answer.left_out),
        f"{both}; {answer.environment}; {done}.",
    ]


def _contrast(summary: Summary) -> list[str]:
    """Say what a plain gate would have made of the same data."""
    rows = [row for row in summary.rows if row.plain is not None and not row.metric.absolute]
    if not rows:
        return []
    plain = max(rows, key=lambda row: row.plain or 0.0)
    ours = max(rows, key=lambda row: row.largest or 0.0)
    told = (
        f"Run against run, the same code seemed to change by up to {_size(plain, plain.plain)}"
        f" ({_read(plain)}, {plain.key}); interleaved, as perfci measures, by up to"
        f" {_size(ours, ours.largest)} ({ours.key})."
    )
    return [told]


def _read(row: Row) -> str:
    return "wall time" if row.plain_clock is Clock.WALL else row.metric.name


def _row(row: Row, gates: int) -> dict[str, str]:
    clock = row.clock.value if row.clock else ""
    alarms = f"{row.false_alarms} of {row.gates}"
    return {
        "series": row.key if row.gates == gates else f"{row.key} ({row.gates} gates)",
        "clock": clock,
        "launches": f"{row.launches:.1f}",
        "inconclusive": f"{row.inconclusive} of {row.gates}",
        "false alarms": f"{alarms} ({row.blocking} blocking)" if row.false_alarms else alarms,
        "sees": _size(row, row.sees),
        "with 2x, 4x launches": _more(row),
        "change up to": _size(row, row.largest),
        "run against run": _size(row, row.plain),
    }


def _size(row: Row, change: float | None) -> str:
    return "" if change is None else size(row.metric, change)


def _more(row: Row) -> str:
    """Return what more launches would show, where the launches taken do not show enough."""
    if not row.blind or row.noise is None:
        return ""
    return ", ".join(_size(row, row.sees_with(times)) for times in (2, 4))


def document(answer: Answer) -> Mapping[str, object]:
    """Return all of it for programs: ratios, seconds and counts."""
    summary = answer.summary
    return {
        "message": str(summary),
        "gates": len(summary.gates),
        "gates_asked": answer.asked,
        "left_out": list(answer.left_out),
        "interrupted": answer.interrupted,
        "verdicts": summary.verdicts,
        "false_alarms": summary.false_alarms,
        "blocking": summary.blocking,
        "improved": summary.improved,
        "inconclusive": summary.inconclusive,
        "alarmed_gates": summary.alarmed,
        "alpha": ALPHA,
        "beyond_chance": summary.beyond_chance,
        "series": [_series(row) for row in summary.rows],
        "advice": [{"about": it.about, "text": it.text} for it in answer.advice],
        "failures": [
            {"benchmark": str(it.id), "reason": it.reason, "output": it.output}
            for it in answer.failures
        ],
        "code": answer.code or None,
        "environment": str(answer.environment),
        "fingerprint": answer.environment.fingerprint,
        "seed": answer.seed,
        "elapsed": answer.elapsed,
    }


def _series(row: Row) -> dict[str, object]:
    return {
        "key": row.key,
        "unit": row.metric.unit,
        "gates": row.gates,
        "clock": row.clock,
        "clock_reason": row.clock_reason,
        "launches": row.launches,
        "inconclusive": row.inconclusive,
        "false_alarms": row.false_alarms,
        "blocking": row.blocking,
        "improved": row.improved,
        "largest_change": _finite(row.largest),
        "sensitivity": row.sensitivity,
        "sees": _finite(row.sees),
        "sees_with_twice": _finite(row.sees_with(2)),
        "sees_with_four_times": _finite(row.sees_with(4)),
        "needed": row.needed,
        "run_against_run": _finite(row.plain),
        "run_against_run_clock": row.plain_clock,
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
