"""What of a plan will not do what its author thinks: told before anything is measured. Pure."""

from collections.abc import Sequence

from perfci.gate.policy import Policy
from perfci.model.benchmark import Benchmark
from perfci.plan.acceptances import doubtful_acceptances
from perfci.plan.costs import doubtful_costs
from perfci.plan.idle import idle_fail_on, idle_rules
from perfci.plan.lenient import powerless_gate, wide_limits
from perfci.plan.names import doubtful_names
from perfci.plan.plan import Plan
from perfci.plan.reach import Known, reach_of
from perfci.plan.sight import blind_spots, too_fine
from perfci.settings.load import Loaded
from perfci.stats.series import Design


def doubts(plan: Plan, loaded: Loaded, every: Sequence[Benchmark]) -> tuple[str, ...]:
    """Say what of a plan is probably not meant.

    Args:
        plan: what will be done.
        loaded: the settings that it was made from.
        every: all configured benchmarks, chosen or not.
    """
    context = plan.context
    said = []
    if context.in_ci and plan.store.startswith("file:") and not context.is_pull_request:
        said.append(
            f"{plan.store} keeps baselines on this machine only: on a hosted runner they are "
            "gone with the job; `store: git:perfci-data` keeps them on a branch of this repository"
        )
    return (
        *said,
        *doubtful_costs(plan),
        *doubts_of_gate(loaded, plan.policy, plan.design, every),
        *doubtful_names(loaded, every),
    )


def doubts_of_gate(
    loaded: Loaded,
    policy: Policy,
    design: Design,
    every: Sequence[Benchmark],
    known: Known | None = None,
) -> tuple[str, ...]:
    """Say what of the gate's rules is probably not meant.

    Args:
        loaded: the settings that the policy was made from.
        policy: with acceptances from everywhere, those of the settings first.
        design: how many launches there will be.
        every: all configured benchmarks.
        known: what was measured; None beforehand.
    """
    reach = reach_of(loaded, policy, every, known)
    return (
        *powerless_gate(reach),
        *wide_limits(reach),
        *blind_spots(reach),
        *too_fine(reach, design),
        *idle_rules(reach),
        *idle_fail_on(reach),
        *doubtful_acceptances(reach),
    )
