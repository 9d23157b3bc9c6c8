"""The laboratory's tables, as text."""

from collections.abc import Mapping

from benchmarks.noise.tally import Tally

SLOWER = (0.02, 0.05, 0.10, 0.25)
"""True slowdowns that are to be found."""

LINE = "-" * 46 + "+" + "-" * 45 + "+" + "-" * 16 + "+" + "-" * 24
"""Between groups of rules."""
LEGEND = """\
false     unchanged benchmarks that were called worse
suites    unchanged suites of 100 benchmarks with any of them
+2% ...   truly slower benchmarks that were called worse
pass      truly slower benchmarks that were called unchanged
unsure    unchanged benchmarks of which the rule says that it cannot tell
launches  of both sides, an unchanged benchmark (half a launch: one side alone)
seconds   the same in time, for a suite of 100"""


def row(
    name: tuple[str, str, str], by_size: Mapping[float, Tally], seconds: float | None = None
) -> str:
    """Return one rule's line.

    Args:
        name: of the rule, its data, and what the third column tells.
        by_size: what came of the suites of each true slowdown; 0.0: the unchanged ones.
        seconds: of one launch; None where nothing was really run.
    """
    null = by_size[0.0]
    rule, data, third = name
    found = " ".join(f"{_share(by_size[it].found(it), 6)}" for it in SLOWER)
    time = "-" if seconds is None else f"{null.cost(0.0) * seconds * 100:.0f}"
    return (
        f"{rule:26} {data:12} {third:5} | {_share(null.found(0.0), 7)} "
        f"{_share(null.false_suites / null.suites, 7)} {found} | "
        f"{_share(by_size[0.05].passed(0.05), 7)} {_share(by_size[0.10].passed(0.10), 6)} | "
        f"{_share(null.undecided(0.0), 6)} {null.cost(0.0):8.1f} {time:>7}"
    )


def head(third: str) -> list[str]:
    """Return the lines above the first rule; `third` names the third column."""
    sizes = " ".join(f"{f'+{change:.0%}':>6}" for change in SLOWER)
    names = (
        f"{'rule':26} {'data':12} {third:5} | {'false':>7} {'suites':>7} {sizes} | "
        f"{'pass 5%':>7} {'10%':>6} | {'unsure':>6} {'launches':>8} {'seconds':>7}"
    )
    return ["", names, LINE]


def _share(share: float, width: int) -> str:
    """Return a share in per cent; what is not zero never looks like it."""
    digits = 1 if share == 0.0 or share >= 0.00095 else 2
    return f"{share * 100:.{digits}f}".rjust(width)
