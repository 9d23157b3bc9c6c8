"""Evaluations in a job, and what each service would be sent of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from perfci.model.context import Context
from perfci.model.emission import Service
from perfci.model.evaluation import Evaluation
from perfci.notifiers.occasions import Occasion
from perfci.notifiers.reporter import NoticeReporter
from tests.reports.builders import HEAD

RUN_URL = "https://github.com/acme/codec/actions/runs/7"
PULL_REQUEST = Context(
    platform="github",
    repository="acme/codec",
    commit=HEAD.commit,
    branch="feature",
    base_branch="main",
    pr_number=12,
    event="pull_request",
    run_url=RUN_URL,
)
PUSH = Context(
    platform="github", repository="acme/codec", commit=HEAD.commit, branch="main", event="push"
)


def within_job(evaluation: Evaluation, context: Context = PULL_REQUEST) -> Evaluation:
    return replace(evaluation, context=context)


def sent(evaluation: Evaluation, service: Service, *, author: str = "") -> Any:
    """Return the body for one service, whatever the occasion."""
    reporter = NoticeReporter([service], Occasion.ALWAYS, author=author)
    (notice,) = reporter.render(evaluation)
    assert notice.service is service
    return json.loads(notice.body)


def texts(form: Any, *keys: str) -> Iterator[str]:
    """Yield every text under one of these keys, however deep."""
    if isinstance(form, dict):
        for key, value in form.items():
            if key in keys and isinstance(value, str):
                yield value
            yield from texts(value, *keys)
    elif isinstance(form, list):
        for item in form:
            yield from texts(item, *keys)


def lines(form: Any) -> str:
    """Return what a reader of any service's message sees, without marks."""
    seen = "\n".join(texts(form, "text", "description", "title"))
    return seen.replace("\\", "").replace("**", "").replace("`", "")
