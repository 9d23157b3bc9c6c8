"""Settings, circumstances and a wish to one plan."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from perfci.errors import ConfigurationError
from perfci.gate.policy import Policy
from perfci.model.context import Context
from perfci.model.revision import Mode
from perfci.model.work import Results
from perfci.plan.doubts import doubts
from perfci.plan.meaning import means
from perfci.plan.mode import choose_mode, updates_baseline
from perfci.plan.names import insist_on_expected
from perfci.plan.plan import Circumstances, Outputs, Plan, Wish
from perfci.plan.selection import Selection, select
from perfci.plan.shards import narrowed
from perfci.settings.benchmarks import argv_of, expand
from perfci.settings.load import Loaded
from perfci.settings.model import Settings
from perfci.settings.policy import accepted_by_settings, policy_of
from perfci.stats.series import Design


def make_plan(loaded: Loaded, circumstances: Circumstances, wish: Wish) -> Plan:
    """Decide what will be done.

    Raises:
        ConfigurationError: nothing to measure, a selection that means nothing, a benchmark that is
            expected and not configured, or a mode that cannot be had here.
    """
    settings = loaded.settings
    every = expand(loaded)
    selection = select(every, wish)
    chosen = selection.benchmarks
    insist_on_expected(loaded, every)
    everything = len(chosen) == len(every) and not selection.within
    policy = policy_of(
        settings,
        every,
        accept=(*accepted_by_settings(loaded), *circumstances.accepted),
        today=circumstances.today,
        where=loaded.provenance,
    )
    if not everything:
        policy = _narrowed(policy, selection)
    given = all(isinstance(item.work, Results) for item in chosen)
    mode, why = choose_mode(settings, circumstances, given=given)
    base = settings.base or base_commit(circumstances.context)
    if mode is Mode.PAIRED and not base:
        raise ConfigurationError(
            "mode is paired, but there is nothing to compare with",
            hint="name the base: `perfci run --base main`",
        )
    rounds = settings.measure.rounds
    plan = Plan(
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
        compared=circumstances.compared,
        context=circumstances.context,
        updates_baseline=updates_baseline(settings, circumstances, given=given),
        within=selection.within,
        renamed=settings.renamed,
        outputs=outputs_of(settings),
        settings=told(settings),
    )
    if wish.shard is not None:
        plan = narrowed(plan, wish.shard)
    return replace(plan, warnings=doubts(plan, loaded, every))


def base_commit(context: Context) -> str:
    """Return what a pull request is compared with; empty outside one."""
    return context.base_commit or (f"origin/{context.base_branch}" if context.base_branch else "")


def _narrowed(policy: Policy, selection: Selection) -> Policy:
    """Expect no more than what was asked for; within a tool, measuring itself sees to that."""
    whole = [item for item in selection.benchmarks if item.id not in selection.within]
    kept = tuple(glob for glob in policy.expect if any(means(glob, item) for item in whole))
    return replace(policy, expect=kept)


def outputs_of(settings: Settings) -> Outputs:
    """Say what is written, and where."""
    return Outputs(
        folder=settings.output,
        html=settings.report.html,
        charts=settings.report.charts != "none",
        png=settings.report.charts == "png",
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
