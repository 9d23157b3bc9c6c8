"""Rules and limits that never come to act: what their author wanted of them does not happen."""

from collections.abc import Iterator

from perfci.gate.limits import is_relative
from perfci.gate.match import covers
from perfci.gate.policy import Level
from perfci.plan.reach import Reach, listed


def idle_rules(reach: Reach) -> Iterator[str]:
    """Name the rules that decide on nothing, and why."""
    for number, rule in enumerate(reach.policy.rules):
        who = reach.rule(number)
        if reach.may_mean(rule.match):
            continue
        if not reach.matched[number]:
            yield f"{who} matches no series{reach.instead(rule.match)}"
            continue
        if rule.level is Level.OFF:
            yield from _limits_of_what_is_off(reach, number)
        yield from _taken(reach, number)


def _limits_of_what_is_off(reach: Reach, number: int) -> Iterator[str]:
    rule = reach.policy.rules[number]
    limits = {"threshold": rule.threshold, "budget": rule.budget}
    there = [name for name, limit in limits.items() if limit is not None]
    if not there:
        return
    text = f"{reach.rule(number)} is off, so its {' and '.join(there)} is not used"
    if is_relative(rule):
        text += ", and no regression of what it matches fails the gate"
    yield f"{text}; take out the rule, or level: off"


def _taken(reach: Reach, number: int) -> Iterator[str]:
    """Say that earlier rules take all series of a rule, or of one of its limits."""
    rule, means = reach.policy.rules[number], reach.matched[number]
    first = [it for it in reach.series if it.key in means]
    takers: dict[str, list[int]] = {}
    if is_relative(rule):
        name = "level: off" if rule.threshold is None else "threshold"
        takers[name] = [it.relative for it in first if it.relative is not None]
    if rule.budget is not None:
        takers["budget"] = [it.budget for it in first if it.budget is not None]
    lost = {name: numbers for name, numbers in takers.items() if number not in numbers}
    if not lost:
        return
    subject = reach.rule(number)
    if len(lost) < len(takers):
        subject = f"the {next(iter(lost))} of {subject}"
    earlier = sorted({it for numbers in lost.values() for it in numbers})
    globs = [reach.policy.rules[it].match for it in earlier]
    if all(covers(rule.match, glob) and not covers(glob, rule.match) for glob in globs):
        return  # it is there for the rest, and now there is none
    alike = all(glob == rule.match for glob in globs)
    yield (
        f"{subject} is never used: {listed(map(reach.rule, earlier))} comes first for every series "
        f"that it matches; {'leave one of the two' if alike else 'put the narrower rule first'}"
    )


def idle_fail_on(reach: Reach) -> Iterator[str]:
    """Say that rules leave nothing to a `fail_on` that somebody has set."""
    place = reach.loaded.provenance(("gate", "fail_on"))
    if place == "default" or reach.policy.fail_on is None:
        return
    ruled = [it.relative for it in reach.series if not it.metric.absolute]
    numbers = [number for number in ruled if number is not None]
    if numbers and len(numbers) == len(ruled) and not reach.tools:
        names = listed(reach.rule(number) for number in sorted(set(numbers)))
        yield (
            f"gate.fail_on: {reach.policy.fail_on} ({place}) is never used: every series goes by "
            f"{names}"
        )
