"""`perfci.result/1`: result.json, what came out and why, without the raw values.

The fields of the contract, and beside them whatever a report needs to be drawn again.
"""

from dataclasses import fields as fields_of

from perfci.model.comparison import Outcome
from perfci.model.context import Context
from perfci.model.evaluation import Evaluation, Unkept
from perfci.model.verdict import Severity, Status, Verdict
from perfci.schema.document import decode, encode, schema_of
from perfci.schema.fields import Fields
from perfci.schema.finding import dump_finding, load_finding
from perfci.schema.parts import (
    Json,
    dump_environment,
    dump_job,
    dump_revision,
    dump_run,
    load_job,
    load_run,
)

KIND = "perfci.result"

_OWN_WARNINGS = "measuring_warnings"


def dump(evaluation: Evaluation) -> bytes:
    """Return result.json, indented; numbers that are not finite become null."""
    recording, verdict = evaluation.recording, evaluation.verdict
    # in the contract's order; what the shared parts repeat keeps its place
    document = {
        "schema": schema_of(KIND),
        "verdict": verdict.status.value,
        "exit_code": int(verdict.exit_code),
        "message": verdict.message,
        "mode": recording.mode.value,
        "base": dump_revision(recording.base),
        "head": dump_revision(recording.head),
        "environment": dump_environment(recording.run.environment),
        "summary": _summary(verdict),
        "findings": [dump_finding(finding) for finding in verdict.findings],
        **dump_job(recording),
        **dump_run(recording.run, warnings=_OWN_WARNINGS),
        "warnings": list(evaluation.warnings),
        "context": _dump_context(evaluation.context),
        "settings": dict(evaluation.settings),
        "reproduce": evaluation.reproduce,
        "recorded": evaluation.recorded,
        "unkept": _dump_unkept(evaluation.unkept),
    }
    return encode(document, indent=2)


def load(data: bytes, source: str) -> Evaluation:
    """Return the evaluation without its measurements and its history.

    `dump` of what is returned gives the same bytes again.

    Raises:
        FormatError: damaged, foreign, or (NewerVersionError) of a newer perfci.
    """
    fields = decode(data, source, KIND)
    head, base = fields.group_or_none("head"), fields.group_or_none("base")
    run = load_run(fields, warnings=_OWN_WARNINGS)
    verdict = Verdict(
        status=fields.choice("verdict", Status),
        findings=tuple(load_finding(finding) for finding in fields.groups("findings")),
        message=fields.text("message"),
    )
    return Evaluation(
        recording=load_job(fields, head=head, base=base, run=run, base_run=None),
        verdict=verdict,
        context=_load_context(fields.group_or_none("context")),
        settings=fields.table("settings"),
        reproduce=fields.text("reproduce", ""),
        recorded=fields.text("recorded", ""),
        unkept=_load_unkept(fields.group_or_none("unkept")),
        warnings=fields.texts("warnings"),
    )


def _summary(verdict: Verdict) -> Json:
    findings = verdict.findings
    regressed = [found for found in findings if found.outcome is Outcome.REGRESSED]
    return {
        "total": len(findings),
        **{outcome.value: verdict.counts.get(outcome, 0) for outcome in Outcome},
        "critical": sum(found.severity is Severity.CRITICAL for found in regressed),
        "blocking": sum(found.blocking for found in findings),
        "accepted": sum(found.accepted is not None for found in findings),
    }


def _dump_unkept(unkept: Unkept | None) -> Json | None:
    return {"why": unkept.why, "command": unkept.command} if unkept else None


def _load_unkept(fields: Fields | None) -> Unkept | None:
    if fields is None:
        return None
    return Unkept(why=fields.text("why"), command=fields.text("command", ""))


def _dump_context(context: Context) -> Json:
    told = {field.name: getattr(context, field.name) for field in fields_of(context)}
    return told | {"labels": list(context.labels)}


def _load_context(fields: Fields | None) -> Context:
    if fields is None:
        return Context()
    return Context(
        platform=fields.text("platform", "local"),
        repository=fields.text("repository", ""),
        commit=fields.text("commit", ""),
        base_commit=fields.text("base_commit", ""),
        branch=fields.text("branch", ""),
        base_branch=fields.text("base_branch", ""),
        default_branch=fields.text("default_branch", ""),
        pr_number=fields.whole_or_none("pr_number"),
        event=fields.text("event", ""),
        tag=fields.text("tag", ""),
        is_fork=fields.flag("is_fork"),
        labels=fields.texts("labels"),
        run_url=fields.text("run_url", ""),
    )
