"""Why a series could not be decided, in plain words."""

from functools import lru_cache

from perfci.model.measurement import Stage
from perfci.stats.evidence import Answer
from perfci.stats.terms import Terms
from perfci.units import limit

COARSE = "the clock is too coarse: most readings of base and head are equal; do more work in each"
UNSEEN = (
    "both sides are 0: nothing was done, or the clock is too coarse to see it; do more work in each"
)
FLOOR = "both sides stay below the smallest peak of memory that can be read here"
TOO_FEW = "fewer than 3 launches a side never tell"
UNMEASURED = "it was not measured"
NOT_TOGETHER = (
    "no launch of head was measured together with one of base: their numbers or stages differ"
)
UNCONFIRMED = "no second set of launches could confirm it"


def no_ratio(held: str, metric: str) -> str:
    """Say that a value is none that a ratio can be made of, and how to go on without it."""
    return (
        f"{held}, and a ratio needs values above 0; if it may be so, leave {metric} out by "
        "`metrics` in the settings, or out of the file"
    )


def ended_early(stage: Stage) -> str:
    """Say that launches are missing."""
    if stage is Stage.SCREEN:
        return "measuring ended before it was decided"
    return "it looked worse at first, and measuring ended before fresh launches could confirm that"


def cannot_tell(answer: Answer, spread: float, terms: Terms) -> str:
    """Say why the last look did not decide.

    Args:
        answer: what is known.
        spread: measured standard deviation between its launches.
        terms: of the series.
    """
    small, large = sized(terms, terms.margin), sized(terms, terms.tau)
    if 4 * answer.error < terms.tau - terms.margin:
        return f"the change lies between {small}, which counts as noise, and {large}"
    return f"launches spread by {_spread(terms, spread)}, too far to tell {large} from nothing"


def sized(terms: Terms, y: float) -> str:
    """Return a size on the scale of y for people: `5 %`, `1 point`, `0.3`."""
    if not terms.absolute:
        return limit(float(f"{terms.size(y):.3g}"))
    if terms.unit == "ratio":
        points = f"{y * 100:.3g}"
        return f"{points} point{'' if points == '1' else 's'}"
    return f"{y:.3g} {terms.unit}".rstrip()


def few_runs(runs: int) -> str:
    """Say that the spread between runs is supposed."""
    stored = "1 run is stored" if runs == 1 else f"{runs} runs are stored"
    return f"{stored}, and it takes five to know how far runs differ"


def runs_spread(spread: float, runs: int, terms: Terms) -> str:
    """Say why a history that is long enough did not decide.

    Args:
        spread: measured standard deviation between the runs of a level, on the scale of y.
        runs: behind it, of this level and of those before it.
        terms: of the series.
    """
    return (
        f"the {runs} stored runs spread by {_spread(terms, spread)}: a worsening of "
        f"{sized(terms, terms.apart)} can be neither proven nor ruled out yet with 99 % certainty"
    )


@lru_cache(maxsize=256)
def not_together(fewest: int, terms: Terms) -> str:
    """Say why two files are weak evidence.

    Args:
        fewest: launches on the side that has fewer.
        terms: of the series.
    """
    counts = f"only a worsening above {sized(terms, terms.apart)} counts"
    if fewest > 1:
        return f"the two sides were not measured side by side, so {counts}"
    spread = _spread(terms, terms.file_spread)
    return (
        f"one launch on a side does not show how far launches spread ({spread} supposed); {counts}"
    )


def _spread(terms: Terms, deviation: float) -> str:
    """Return a standard deviation for people; of logarithms, it is near enough a ratio."""
    return sized(terms, deviation) if terms.absolute else limit(float(f"{deviation:.2g}"))
