"""A message for any other program: `perfci.notice/1`, and the signature that proves who sent it."""

import hashlib
import hmac
import math
from collections.abc import Mapping

from perfci.model.comparison import Interval, Outcome
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding, Severity
from perfci.notifiers.occasions import before
from perfci.reports import measuring, words
from perfci.reports.text import clean, message

_SCHEMA = "perfci.notice/1"
_FINDINGS = 50
_KEY = 500
_TOLD = frozenset({Outcome.REGRESSED, Outcome.FAILED, Outcome.IMPROVED, Outcome.MISSING})
"""What a finding came to that is listed: inconclusive ones, and the quiet rest, are counted."""


def signed(evaluation: Evaluation, *, author: str = "") -> Mapping[str, object]:
    """Return the body; docs/chat.md describes every field.

    Args:
        evaluation: what came out.
        author: of the commit; hostile, may be empty.
    """
    recording, context, verdict = evaluation.recording, evaluation.context, evaluation.verdict
    listed = [found for found in verdict.findings if found.outcome in _TOLD or found.over_budget]
    number = context.pr_number
    return {
        "schema": _SCHEMA,
        "event": "completed",
        "project": clean(recording.project),
        "repository": clean(context.repository),
        "verdict": verdict.status.value,
        "previous": before(evaluation),
        "exit_code": int(verdict.exit_code),
        "message": message(verdict.message),
        "headline": words.headline(evaluation),
        "mode": recording.mode.value,
        "commit": clean(context.commit or recording.head.commit),
        "base_commit": clean(recording.base.commit) if recording.base else "",
        "author": clean(author),
        "branch": clean(context.branch or recording.run.branch),
        "tag": clean(context.tag),
        "pull_request": {"number": number, "target": clean(context.base_branch)}
        if context.is_pull_request
        else None,
        "run_id": clean(recording.run.id),
        "run_url": clean(context.run_url, _KEY * 4),
        "started_at": recording.run.started_at.isoformat(),
        "machine": measuring.machine(recording.run.environment),
        "summary": _summary(evaluation),
        "findings": [_finding(found) for found in listed[:_FINDINGS]],
        "more_findings": max(0, len(listed) - _FINDINGS),
    }


def _summary(evaluation: Evaluation) -> Mapping[str, int]:
    """Return the counts of result.json."""
    findings, counts = evaluation.verdict.findings, evaluation.verdict.counts
    return {
        "total": len(findings),
        **{outcome.value: counts.get(outcome, 0) for outcome in Outcome},
        "critical": sum(found.severity is Severity.CRITICAL for found in findings),
        "blocking": sum(found.blocking for found in findings),
        "accepted": sum(found.accepted is not None for found in findings),
    }


def _finding(found: Finding) -> Mapping[str, object]:
    item = found.comparison
    return {
        "key": clean(found.key, _KEY),
        "metric": clean(item.metric.name),
        "unit": clean(item.metric.unit),
        "outcome": found.outcome.value,
        "severity": found.severity,
        "blocking": found.blocking,
        "change": _number(item.change),
        "interval": _bounds(item.interval),
        "base": _number(item.base.point if item.base else None),
        "head": _number(item.head.point if item.head else None),
        "accepted": message(found.accepted.reason) if found.accepted else None,
        "reason": message(found.reason),
    }


def _bounds(interval: Interval | None) -> list[float | None] | None:
    return [_number(interval.low), _number(interval.high)] if interval else None


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def headers(body: bytes, *, delivery: str, timestamp: int, secret: str) -> Mapping[str, str]:
    """Return what the receiver checks: who sent it, when, and that nobody changed it.

    Args:
        body: the very bytes that are sent.
        delivery: names this message, the same when it is sent again.
        timestamp: seconds since 1970.
        secret: shared with the receiver; without one nothing is signed.
    """
    told = {
        "X-Perfci-Event": "completed",
        "X-Perfci-Delivery": delivery,
        "X-Perfci-Timestamp": str(timestamp),
    }
    if secret:
        signed_bytes = f"{timestamp}.".encode() + body
        digest = hmac.new(secret.encode(), signed_bytes, hashlib.sha256).hexdigest()
        told["X-Perfci-Signature-256"] = f"sha256={digest}"
    return told
