"""A recording of one test, judged against the stored runs of its series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from perfci import pipeline
from perfci.facade.config import RegressionTestConfig
from perfci.facade.planning import policy_of, terms_of
from perfci.model.comparison import Outcome
from perfci.model.context import Context
from perfci.model.evaluation import Evaluation
from perfci.model.history import History
from perfci.model.measurement import Stage
from perfci.model.run import Recording
from perfci.pipeline import Surroundings
from perfci.stats import wording
from perfci.stats.enough import sample_size
from perfci.stats.outliers import set_aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a test is compared with, in words and in runs."""

    history: History
    version: str
    """Of its newest run; empty where there is none."""
    absent: str = ""
    """Why there is nothing to compare with, where that is so."""


OUTLIERS, SAMPLE, VERSION = "outliers", "sample_size", "baseline_version"
"""Settings of an evaluation that tell of one test what its finding does not."""


def judged(
    recording: Recording,
    baseline: Baseline,
    config: RegressionTestConfig,
    context: Context,
    warnings: Sequence[str],
) -> Evaluation:
    """Judge one test.

    Args:
        recording: of it, with all that was measured.
        baseline: what it is compared with.
        config: how sure and how bad.
        context: where it ran.
        warnings: about it, beside the recording's own.

    Returns:
        The evaluation of the whole recording; the finding rests on what was not set aside.
    """
    around = Surroundings(
        context=context,
        history=baseline.history,
        against=f"baseline {baseline.version}" if baseline.version else "its baseline",
    )
    found, aside = _evaluated(recording, around, config)
    verdict = found.verdict
    findings = tuple(
        replace(item, reason=_reason(item.reason, item.outcome, baseline))
        for item in verdict.findings
    )
    told = [*map(in_our_words, recording.run.warnings), *warnings]
    if aside:
        plural = " was" if aside == 1 else "s were"
        told.append(
            f"{aside} value{plural} set aside, more than {config.outlier_threshold:g} robust "
            "standard deviations from the median (outlier_threshold)"
        )
    return replace(
        found,
        recording=recording,
        verdict=replace(verdict, findings=findings),
        settings={
            **{name: f"{getattr(config, name):g}" for name in _TOLD},
            OUTLIERS: str(aside),
            SAMPLE: str(sample_size(found.recording.run)),
            VERSION: baseline.version,
        },
        warnings=tuple(dict.fromkeys(told)),
    )


_TOLD = (
    *("test_iterations", "warm_up_iterations", "cooldown_seconds", "test_timeout_seconds"),
    *("minor_threshold", "moderate_threshold", "major_threshold", "critical_threshold"),
    *("confidence_level", "minimum_sample_size", "outlier_threshold"),
)
"""Parameters that are kept with every result."""


def without_outliers(recording: Recording, config: RegressionTestConfig) -> tuple[Recording, int]:
    """Return a recording without its outliers, and how many those are."""
    least = max(config.minimum_sample_size, 1)
    return set_aside(recording, config.outlier_threshold, least=least)


def _evaluated(
    recording: Recording, around: Surroundings, config: RegressionTestConfig
) -> tuple[Evaluation, int]:
    """Evaluate a test without its outliers; return how many those are, too."""

    def evaluated(of: Recording, rounds: int) -> Evaluation:
        terms = terms_of(config, of.mode, rounds)
        return pipeline.evaluate(of, policy_of(config), around, terms)

    rounds = recording.rounds or 1
    kept, aside = without_outliers(recording, config)
    sets, left = _sets(recording), _sets(kept)
    if not aside or any(size < rounds for size in sets.values()):
        return evaluated(recording, rounds), 0
    found = evaluated(kept, min(left.values()))
    said = {item.comparison.explanation for item in found.verdict.findings}
    if wording.ended_early(Stage.CONFIRM) in said and Stage.CONFIRM not in sets:
        # with all values there was nothing to confirm: a suspicion that was not is no finding
        return evaluated(recording, rounds), 0
    return found, aside


def _sets(recording: Recording) -> dict[Stage, int]:
    """Return the launches of each set, the smallest number of any gated series."""
    found: dict[Stage, int] = {}
    for item in recording.run.measurements:
        for stage in {launch.stage for launch in item.launches} if item.gated else ():
            size = sum(launch.stage is stage for launch in item.launches)
            found[stage] = min(size, found.get(stage, size))
    return found


def in_our_words(text: str) -> str:
    """Return a text of the line with the parameters of this API for the command's settings."""
    return text.replace("measure.max_time", "test_timeout_seconds")


def _reason(text: str, outcome: Outcome, baseline: Baseline) -> str:
    return baseline.absent if outcome is Outcome.NEW else in_our_words(text)
