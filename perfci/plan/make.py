"""Settings, circumstances and a wish to one plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from perfci.errors import ConfigurationError
from perfci.gate.match import matches
from perfci.gate.policy import Policy
from perfci.model.benchmark import Benchmark
from perfci.model.context import Context
from perfci.model.revision import Mode
from perfci.plan.mode import choose_mode, updates_baseline
from perfci.plan.plan import Circumstances, Outputs, Plan, Wish
from perfci.plan.selection import select
from perfci.settings.benchmarks import argv_of, expand
from perfci.settings.load import Loaded
from perfci.settings.model import Settings
from perfci.settings.policy import accepted_by_settings, policy_of
from perfci.stats.series import Design


def make_plan(loaded: Loaded, circumstances: Circumstances, wish: Wish) -> Plan:
    """Decide what will be done.

    Raises:
        ConfigurationError: nothing to measure, a selection that means nothing, or a mode that
            cannot be had here.
    """
    settings = loaded.settings
    every = expand(loaded)
    chosen = select(every, wish)
    everything = len(chosen) == len(every)
    policy = policy_of(
        settings,
        every,
        accept=(*accepted_by_settings(loaded), *circumstances.accepted),
        today=circumstances.today,
    )
    if not everything:
        policy = _narrowed(policy, chosen)
    mode, why = choose_mode(settings, circumstances)
    base = settings.base or base_commit(circumstances.context)
    if mode is Mode.PAIRED and not base:
        raise ConfigurationError(
            "mode is paired, but there is nothing to compare with",
            hint="name the base: `perfci run --base main`",
        )
    rounds = settings.measure.rounds
    return Plan(
        project=settings.project or circumstances.context.repository or circumstances.folder,
        mode=mode,
        mode_reason=why,
        seed=wish.seed,
        benchmarks=chosen,
        policy=policy,
        design=Design(mode=mode, rounds=rounds, partial=not everything),
        max_time=settings.measure.max_time,
        base=base if mode is Mode.PAIRED else "",
        setup=argv_of(settings.setup) or None,
        setup_timeout=max(settings.measure.timeout, 1800.0),
        interpreter=settings.interpreter,
        store=settings.store,
        branch=circumstances.branch,
        context=circumstances.context,
        updates_baseline=updates_baseline(settings, circumstances),
        outputs=outputs_of(settings),
        settings=told(settings),
        warnings=tuple(_warnings(settings, policy, every, circumstances.context)),
    )


def base_commit(context: Context) -> str:
    """Return what a pull request is compared with; empty outside one."""
    return context.base_commit or (f"origin/{context.base_branch}" if context.base_branch else "")


def _narrowed(policy: Policy, chosen: Sequence[Benchmark]) -> Policy:
    """Expect no more than what was asked for."""
    there = [item.id.series(metric.name) for item in chosen for metric in item.metrics]
    kept = tuple(glob for glob in policy.expect if any(matches(glob, key) for key in there))
    return replace(policy, expect=kept)


def outputs_of(settings: Settings) -> Outputs:
    """Say what is written, and where."""
    return Outputs(
        folder=settings.output,
        html=settings.report.html,
        charts=settings.report.charts != "none",
        comment=settings.report.comment,
    )


def told(settings: Settings) -> dict[str, str]:
    """Return the settings that decide, as text by their full names, for reports."""
    document = settings.model_dump(mode="json", include={"mode", "measure", "gate"})
    return dict(_flat(document, ""))


def _flat(table: Mapping[str, object], above: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        elif isinstance(value, list | tuple):
            for number, item in enumerate(value):
                rule = item if isinstance(item, Mapping) else {"": item}
                text = ", ".join(f"{key} {part}" for key, part in rule.items() if part is not None)
                yield f"{above}{name}[{number}]", text
        elif value is not None:
            yield f"{above}{name}", str(value)


def _warnings(
    settings: Settings, policy: Policy, every: Sequence[Benchmark], context: Context
) -> list[str]:
    said = []
    if context.in_ci and settings.store.startswith("file:") and not context.is_pull_request:
        said.append(
            f"{settings.store} keeps baselines on this machine only: on a hosted runner they are "
            "gone with the job"
        )
    rounds = settings.measure.rounds
    if rounds is not None and rounds < 3:
        said.append(f"measure.rounds is {rounds}: fewer than 3 launches never prove anything")
    keys = [item.id.series(metric.name) for item in every for metric in item.metrics]
    idle = [item.match for item in policy.rules if not any(matches(item.match, k) for k in keys)]
    return [
        *said,
        *(f"the rule {match!r} matches no series" for match in idle),
        *_idle_acceptances(policy, keys),
        *_lost_names(settings, every),
    ]


def _lost_names(settings: Settings, every: Sequence[Benchmark]) -> Iterator[str]:
    there = {f"{item.id.suite}/{item.id.name}" for item in every}
    for old, new in settings.renamed.items():
        if new not in there:
            yield f"renamed names {new!r}, which is no benchmark"
        elif old in there:
            yield f"renamed gives {old!r} the name {new!r}, but both are benchmarks"


def _idle_acceptances(policy: Policy, keys: Sequence[str]) -> Iterator[str]:
    for entry in policy.accept:
        where = f"the acceptance of {entry.match!r} ({entry.source})"
        if not any(matches(entry.match, key) for key in keys):
            yield f"{where} matches no series"
        elif entry.until is not None and policy.today > entry.until:
            yield f"{where} ended on {entry.until}: {entry.reason}"
