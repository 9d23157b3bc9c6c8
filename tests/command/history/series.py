"""Series with a known truth, as files hold them."""

import json
from collections.abc import Sequence
from typing import Any

from tests.command.conftest import App, Run

START = 1_764_163_740_000
_RIPPLE = (0.0, 0.004, -0.003, 0.001, -0.005, 0.003, 0.002, -0.002, -0.004, 0.005, -0.001)


def steps(*levels: tuple[float, int]) -> list[float]:
    """Return so many values at each level, with a ripple of half a per cent."""
    values = [level for level, many in levels for _ in range(many)]
    return [value * (1 + _RIPPLE[at * 7 % 11]) for at, value in enumerate(values)]


def series(
    values: Sequence[float],
    *,
    name: str = "codec/parse:latency",
    commits: Sequence[str] = (),
    **more: Any,
) -> dict[str, Any]:
    """Return a record, one point an hour."""
    points = [
        {
            "commit": commits[at] if commits else f"{at:040x}",
            "time": START + at * 3_600_000,
            "value": value,
        }
        for at, value in enumerate(values)
    ]
    return {"name": name, "unit": "ms", "direction": "lower", "points": points} | more


def lines(*records: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in records)


SLOWER, FASTER, QUIET = (
    steps((10.0, 30), (13.0, 30)),
    steps((10.0, 20), (8.0, 40)),
    steps((10.0, 60)),
)


def ask(app: App, inside: Run, text: str, *flags: str) -> Any:
    """Return the document of a file with this text."""
    app.write("runs.jsonl", text)
    answer = inside("history", "runs.jsonl", "--json", *flags)
    assert answer.code == 0, answer
    return json.loads(answer.out)


def told(app: App, inside: Run, text: str, *flags: str, **variables: str) -> str:
    """Return what is told of it."""
    app.write("runs.jsonl", text)
    answer = inside("history", "runs.jsonl", *flags, **variables)
    assert answer.code == 0, answer
    return answer.out
