"""How much else came out, in one line of counts."""

from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.reports import words

_WORDS = {
    Outcome.IMPROVED: "improved",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.NEW: "new",
    Outcome.MISSING: "no longer measured",
}


def tally(evaluation: Evaluation) -> str:
    """Return `1 improved, 21 unchanged, 2 accepted.`; empty where there is nothing to count."""
    counts = evaluation.verdict.counts
    parts = [f"{counts[out]:,} {word}" for out, word in _WORDS.items() if counts.get(out)]
    quiet = len(words.quiet(evaluation))
    if quiet:
        parts.insert(0, f"{quiet:,} unchanged")
    accepted = sum(found.accepted is not None for found in evaluation.verdict.findings)
    if accepted:
        parts.append(f"{accepted:,} accepted")
    return f"{', '.join(parts)}." if parts else ""
