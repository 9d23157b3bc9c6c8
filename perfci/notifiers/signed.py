"""A message for any other program: `perfci.notice/1`, and the signature that proves who sent it."""

import hashlib
import hmac
import math
from collections import Counter
from collections.abc import Mapping, Sequence

from perfci.model.comparison import Interval, Outcome
from perfci.model.context import Context
from perfci.model.evaluation import Evaluation
from perfci.model.verdict import Finding, Severity
from perfci.notifiers.occasions import before
from perfci.reports import measuring, words
from perfci.reports.text import clean, message

SCHEMA = "perfci.notice/1"
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
    return {
        "schema": SCHEMA,
        "event": "completed",
        "project": clean(recording.project),
        **place_of(
            context,
            commit=context.commit or recording.head.commit,
            branch=context.branch or recording.run.branch,
        ),
        "verdict": verdict.status.value,
        "previous": before(evaluation),
        "exit_code": int(verdict.exit_code),
        "message": message(verdict.message),
        "headline": words.headline(evaluation),
        "mode": recording.mode.value,
        "base_commit": clean(recording.base.commit) if recording.base else "",
        "author": clean(author),
        "run_id": clean(recording.run.id),
        "started_at": recording.run.started_at.isoformat(),
        "machine": measuring.machine(recording.run.environment),
        "summary": summary_of(verdict.findings),
        "findings": [_finding(found) for found in listed[:_FINDINGS]],
        "more_findings": max(0, len(listed) - _FINDINGS),
    }


def place_of(context: Context, *, commit: str, branch: str) -> Mapping[str, object]:
    """Return the fields that say what was measured, and where.

    Args:
        context: what the platform says.
        commit: that was measured; empty where the work is not committed.
        branch: it is on; may be empty.
    """
    pull = {"number": context.pr_number, "target": clean(context.base_branch)}
    return {
        "repository": clean(context.repository),
        "commit": clean(commit),
        "branch": clean(branch),
        "tag": clean(context.tag),
        "pull_request": pull if context.is_pull_request else None,
        "run_url": clean(context.run_url, _KEY * 4),
    }


def summary_of(findings: Sequence[Finding]) -> Mapping[str, int]:
    """Return the counts of result.json."""
    counts = Counter(found.outcome for found in findings)
    return {
        "total": len(findings),
        **{outcome.value: counts[outcome] for outcome in Outcome},
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
