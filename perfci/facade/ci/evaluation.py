"""One verdict over all tests of a pipeline, from what each of them came to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from os.path import commonpath

from perfci import __version__
from perfci.baselines.keys import run_id
from perfci.gate.judge import judge
from perfci.gate.policy import Policy
from perfci.model.comparison import Outcome
from perfci.model.context import Context
from perfci.model.evaluation import Evaluation
from perfci.model.revision import Mode, Revision
from perfci.model.run import Recording, Run
from perfci.model.verdict import Status, Verdict
from perfci.wiring import parts, process
from perfci.wiring.project import Project, project_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is known of a pipeline's run beside its tests."""

    project: Project | None
    """None where its settings cannot be read."""
    started_at: datetime
    """Aware."""
    elapsed: float = 0.0
    """Seconds that the tests took."""
    warnings: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    """What decides, as text."""

    @property
    def context(self) -> Context:
        """Return what the platform says."""
        return self.project.context if self.project else Context()


def judged(tests: Sequence[Evaluation], policy: Policy, job: Job) -> Evaluation:
    """Judge all tests together.

    Args:
        tests: one evaluation each, in the order in which they were measured.
        policy: the gate's rules; what it expects is measured, or the verdict is an error.
        job: where and when.
    """
    told = (*_warnings(tests), *job.warnings)
    return Evaluation(
        recording=_joined([test.recording for test in tests], job),
        verdict=verdict_over(tests, policy),
        context=job.context,
        settings=job.settings,
        recorded=_recorded([test.recorded for test in tests if test.recorded]),
        warnings=tuple(dict.fromkeys(told)),
    )


def verdict_over(tests: Iterable[Evaluation], policy: Policy) -> Verdict:
    """Return one verdict over tests that were compared each by itself.

    Of those without a baseline it says what they said themselves: why, and whether this is one.
    """
    findings = [finding for test in tests for finding in test.verdict.findings]
    verdict = judge([it.comparison for it in findings], policy, against="its baseline")
    said = {it.key: it.reason for it in findings if it.outcome is Outcome.NEW}
    return replace(
        verdict,
        findings=tuple(replace(it, reason=said.get(it.key, it.reason)) for it in verdict.findings),
    )


def _warnings(tests: Sequence[Evaluation]) -> Iterator[str]:
    """Yield each warning once, with the tests that it is of where that is not all of them."""
    of: dict[str, list[str]] = {}
    for test in tests:
        for text in dict.fromkeys(test.warnings):
            of.setdefault(text, []).extend(it.key for it in test.verdict.findings[:1])
    for text, keys in of.items():
        more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
        names = "" if len(keys) == len(tests) else f"{', '.join(keys[:3])}{more}: "
        yield f"{names}{text}"


def _recorded(places: Sequence[str]) -> str:
    """Return where runs are kept: a place, or how many of them and their folder."""
    if len(places) < 2:
        return "".join(places)
    return f"{commonpath(places)} ({len(places)} runs)"


def broken(message: str, job: Job) -> Evaluation:
    """Return what is said where no test could be judged: an error with its reason."""
    return Evaluation(
        recording=_joined((), job),
        verdict=Verdict(status=Status.ERROR, findings=(), message=message),
        context=job.context,
        warnings=job.warnings,
    )


def _joined(recordings: Sequence[Recording], job: Job) -> Recording:
    runs = [recording.run for recording in recordings]
    whole = Run(
        id=run_id(job.started_at, process.token()[:8]),
        commit=job.context.commit,
        branch=job.context.branch,
        started_at=job.started_at,
        environment=runs[0].environment if runs else parts.probe(job.project).environment(),
        measurements=tuple(chain.from_iterable(run.measurements for run in runs)),
        failures=tuple(chain.from_iterable(run.failures for run in runs)),
        warnings=tuple(dict.fromkeys(chain.from_iterable(run.warnings for run in runs))),
    )
    compared = next((it for it in recordings if it.mode is Mode.HISTORY), None)
    if compared is None:
        return Recording(
            project=project_name(job.project) if job.project else "",
            version=__version__,
            mode=Mode.RECORD,
            mode_reason="no test has a baseline yet",
            seed=recordings[0].seed if recordings else 0,
            rounds=recordings[0].rounds if recordings else None,
            head=Revision(commit=whole.commit, ref=whole.branch),
            base=None,
            run=whole,
            base_run=None,
            elapsed=job.elapsed,
        )
    return replace(
        compared,
        mode_reason="each test against its own baseline",
        run=replace(whole, branch=compared.run.branch, dirty=any(run.dirty for run in runs)),
        elapsed=job.elapsed,
    )
