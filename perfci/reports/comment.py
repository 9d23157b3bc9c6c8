"""The text of the comment: verdict, what changed, what else, what next, and the details folded."""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, repeat
from typing import assert_never

from perfci.model.comparison import Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding, Status
from perfci.reports import measuring, words
from perfci.reports.accepting import accept_command, accept_trailer
from perfci.reports.cells import ALL_HEAD, all_row, changed_table, named
from perfci.reports.escape import code, comment_value, fenced, plain
from perfci.reports.failing import next_step, what_failed
from perfci.reports.text import clean, message, tail

_NAMED = 5
"""Inconclusive and failed benchmarks named one by one; the others are counted."""
_MOST_WARNINGS = 10
_LONGEST_URL = 2000


def marker(project: str) -> str:
    """Return the line by which a project's comment is found again."""
    return f"<!-- perfci:v1 project={comment_value(project)} -->"


def compose(evaluation: Evaluation, *, longest: int | None) -> str:
    """Write the comment.

    Args:
        evaluation: what came out.
        longest: characters, as UTF-16 counts them; rows are left out to keep to it, first from
            the details, then from the table of changes; the verdict never is. None: everything.
    """
    mark = marker(evaluation.recording.project)
    if words.nothing_moved(evaluation):
        line = f"**{_title(evaluation)}**: {words.unchanged(evaluation)} {_foot(evaluation)}"
        return _joined([[mark, line], _unkept(evaluation), *_warnings(evaluation)])
    table_head, table = changed_table(evaluation, words.changed(evaluation))
    details = [all_row(found) for found in evaluation.verdict.findings]
    above = [[mark, f"### {_title(evaluation)}"], _opening(evaluation)]
    below = [
        _sentences(evaluation),
        _accepted(evaluation),
        *_failed(evaluation),
        _next_step(evaluation),
        _unkept(evaluation),
        *_warnings(evaluation),
        [_foot(evaluation)],
    ]
    fold = f"<details><summary>{_everything(evaluation)}</summary>"
    fixed = [*above, table_head, *below, [fold], list(ALL_HEAD), ["</details>"]]
    room = None if longest is None else longest - _size(_joined(fixed))
    rows, room = _fitting(table, room)
    details, _ = _fitting(details, room)
    changes = [*table_head, *rows] if table else []
    everything = [[fold], [*ALL_HEAD, *details], ["</details>"]] if details else []
    *below, foot = below
    return _joined([*above, changes, *below, *everything, foot])


def _joined(blocks: Iterable[Sequence[str]]) -> str:
    """Put blocks of lines below each other, an empty line between them."""
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _size(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _fitting(rows: Sequence[str], room: int | None) -> tuple[list[str], int | None]:
    """Return the rows that fit, with a word on the others, and the room that is left."""
    if room is None:
        return list(rows), None
    sizes = [_size(row) + 1 for row in rows]
    if sum(sizes) <= room:
        return list(rows), room - sum(sizes)
    ends = accumulate(sizes)
    kept = [row for row, end in zip(rows, ends, strict=True) if end <= room - 60]
    return [*kept, f"| … | {len(rows) - len(kept):,} more do not fit here |"], 0


def _everything(evaluation: Evaluation) -> str:
    findings = evaluation.verdict.findings
    total = words.benchmarks(findings)
    if len(findings) == 2:
        return f"Both {total.removeprefix('2 ')}"
    return total if len(findings) == 1 else f"All {total}"


def _title(evaluation: Evaluation) -> str:
    return f"Performance: {plain(words.headline(evaluation))}"


def _opening(evaluation: Evaluation) -> list[str]:
    """Return what stands right below the verdict."""
    findings = evaluation.verdict.findings
    if not words.first_run(evaluation):
        return []
    number = words.benchmarks(findings)
    branch = code(evaluation.recording.run.branch) if evaluation.recording.run.branch else ""
    if not evaluation.recorded:
        return [f"Measured {number}; there is nothing to compare with yet."]
    whose = f" of {branch}" if branch else ""
    then = (
        f"Pull requests, measured side by side, will show changes above about "
        f"{words.seen(findings)}. Runs of the branch itself, compared with stored ones, will show "
        f"changes above {words.seen_apart(findings)}, once five are stored."
    )
    return [f"Recorded {number} as the first baseline{whose}. {then}"]


def _sentences(evaluation: Evaluation) -> list[str]:
    """Return the counts of what is not in the table, each with what it means."""
    if words.first_run(evaluation):
        return []
    parts = []
    quiet = words.quiet(evaluation)
    if quiet:
        parts.append(f"{len(quiet):,} unchanged: {words.unchanged(evaluation)}")
    doubtful = words.of(evaluation, Outcome.INCONCLUSIVE)
    if doubtful:
        parts.append(
            f"{len(doubtful):,} inconclusive: {_listed(doubtful, words.would_show_each(doubtful))}."
        )
    gone = words.of(evaluation, Outcome.MISSING)
    if gone:
        parts.append(f"{len(gone):,} no longer measured: {_listed(gone)}.")
    new = words.of(evaluation, Outcome.NEW)
    if new:
        parts.append(f"{len(new):,} new: {_listed(new)}.")
    return [" ".join(parts)] if parts else []


def _accepted(evaluation: Evaluation) -> list[str]:
    """Return every regression that is known and let pass, each with its reason."""
    found = [item for item in evaluation.verdict.findings if item.accepted]
    told = [
        f"- {named(item)}: {plain(words.let_pass(item, item.accepted))}"
        for item in found[:_NAMED]
        if item.accepted
    ]
    hidden = len(found) - len(told)
    more = [f"- and {hidden:,} more"] if hidden else []
    return [f"{len(found):,} accepted:", *told, *more] if found else []


def _listed(findings: Sequence[Finding], said: Iterable[str] = repeat("")) -> str:
    """Return the first few by name, each with what there is to say of it, and how many more."""
    told = [
        f"{named(found)}, {plain(text)}" if text else named(found)
        for found, text in zip(findings[:_NAMED], said, strict=False)
    ]
    hidden = len(findings) - len(told)
    return "; ".join([*told, f"and {hidden:,} more"] if hidden else told)


def _failed(evaluation: Evaluation) -> list[list[str]]:
    """Return what failed, with the end of its output in a block of its own."""
    outputs = {str(each.id): each.output for each in evaluation.recording.run.failures}
    findings = {str(found.comparison.id): found for found in words.of(evaluation, Outcome.FAILED)}
    blocks: list[list[str]] = []
    for name, found in tuple(findings.items())[:_NAMED]:
        output = tail(outputs.get(name, ""))
        said = f"{code(name)}{plain(what_failed(found))}"
        blocks += [[said], fenced(output) if output else []]
    hidden = len(findings) - _NAMED
    return [*blocks, [f"{hidden:,} more failed."]] if hidden > 0 else blocks


def _next_step(evaluation: Evaluation) -> list[str]:
    """Return what to do now; nothing where there is nothing to do."""
    repeat = evaluation.reproduce
    again = f": {code(repeat)} repeats it on your machine" if repeat else ""
    match evaluation.verdict.status:
        case Status.PASS:
            return []
        case Status.WARN:
            if not words.of(evaluation, Outcome.REGRESSED, Outcome.INCONCLUSIVE) or not again:
                return []
            return [f"> The gate passes. To look closer{again}."]
        case Status.FAIL:
            limit = plain(words.consequence(evaluation))
            why = f" {limit[:1].upper()}{limit[1:]}." if limit else ""
            return [f"> **Fix it**{again}.{why}{_or_accept(evaluation)}"]
        case Status.ERROR:
            advice = plain(next_step(evaluation))
            return [f"> **{advice}**{again}. Until then the gate cannot pass (exit code 2)."]
        case _ as never:
            assert_never(never)


def _or_accept(evaluation: Evaluation) -> str:
    """Return what whoever means it can do instead, as a sentence with a blank before it."""
    command, trailer = accept_command(evaluation), accept_trailer(evaluation)
    told = "".join(f" {plain(text)}" for text in words.unaccepted(evaluation)[:_NAMED])
    if command:
        return f"{told} Or accept it: {code(command)}."
    if trailer:
        where = f"or an entry under {code('gate.accept')} of the settings"
        return f"{told} Or accept it: {code(trailer)} in a commit's message, {where}."
    return told


def _unkept(evaluation: Evaluation) -> list[str]:
    unkept = evaluation.unkept
    if unkept is None:
        return []
    later = f" Record it later: {code(unkept.command)}" if unkept.command else ""
    return [f"> **{words.UNKEPT}:** {plain(message(unkept.why))}.{later}"]


def _warnings(evaluation: Evaluation) -> list[list[str]]:
    warnings = evaluation.warnings
    if not warnings:
        return []
    shown = [f"- {plain(message(warning))}" for warning in warnings[:_MOST_WARNINGS]]
    hidden = len(warnings) - len(shown)
    more = [f"- {hidden:,} more"] if hidden else []
    title = words.count(len(warnings), "warning")
    return [[f"<details><summary>{title}</summary>"], [*shown, *more], ["</details>"]]


def _foot(evaluation: Evaluation) -> str:
    """Return the small print: what was compared, how, at what cost."""
    against = measuring.against(evaluation)
    pooled = measuring.pooled(evaluation)
    sides = plain(clean(str(evaluation.recording.head)))
    sides += f" against {plain(against)}" if against else ""
    facts = [
        sides,
        plain(measuring.how(evaluation)),
        measuring.launches(evaluation.verdict.findings),
        f"{pooled} ({code(measuring.ANEW)} measures anew)" if pooled else "",
        measuring.elapsed(evaluation),
    ]
    text = ", ".join(fact for fact in facts if fact)
    link = link_to(evaluation.context.run_url)
    return f"<sub>{text}{link}</sub>"


def link_to(url: str) -> str:
    """Return a link to the job's page; nothing for what is not plainly a web address."""
    known = re.fullmatch(r"https?://[\w.:@-]+(?:/[\w./?=&%#~+-]*)?", url, re.ASCII)
    if known is None or len(url) > _LONGEST_URL:
        return ""
    return f" · [report]({url})"
