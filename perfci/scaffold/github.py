"""GitHub's workflows: one that measures, and for forks a second that comments."""

import json
import re
from collections.abc import Iterable

from perfci.scaffold.found import Toolchain
from perfci.scaffold.place import Place

WORKFLOW = ".github/workflows/performance.yml"
SECOND = ".github/workflows/performance-comment.yml"

_HEAD = """\
# Measures every pull request beside its base, on one machine, and fails the one that got slower.
name: performance

on:
  pull_request:
  push:
    branches: [{branch}]

# each job below asks for what it needs
permissions: {{}}

concurrency:
  # a newer commit of a pull request replaces the measurement of the one before; a push is in a
  # group of its own, because of those that wait in one group GitHub keeps the last alone
  group: {group}-${{{{ github.event.pull_request.number || github.run_id }}}}
  cancel-in-progress: ${{{{ github.event_name == 'pull_request' }}}}

jobs:
"""
_JOB = """\
  {name}:
    if: github.event_name == '{event}'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
{permissions}
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-depth: 0 # the base commit, too
          persist-credentials: false # what is measured finds no token
{toolchains}      - uses: {action}
        with:
          store: git:perfci-data # baselines lie on a branch of that name
{inputs}{environment}"""
_UPLOAD = """\
      - uses: actions/upload-artifact@v7
        if: always()
        with:
          name: perfci-results
          path: {folder}/
          if-no-files-found: ignore
"""
_READS = "      contents: read # to check out base and head, and to read the baselines"
_COMMENTS = "      pull-requests: write # to write one comment; a fork's pull request gets none"
_PUSHES = "      contents: write # to push the baselines to the branch perfci-data"
_SECOND = """\
# Second stage for pull requests from forks, whose own workflow may not comment: it takes the
# numbers that the first stage uploaded, and writes the comment. Nothing of the pull request is
# checked out or run here. It takes effect once it is on the default branch.
name: performance comment

on:
  workflow_run: # zizmor: ignore[dangerous-triggers]
    workflows: [performance]
    types: [completed]

# the job below asks for what it needs
permissions: {}

concurrency:
  group: performance-comment-${{ github.event.workflow_run.id }}
  cancel-in-progress: true

jobs:
  comment:
    # what was cancelled has uploaded nothing that is whole
    if: >-
      github.event.workflow_run.event == 'pull_request' &&
      contains(fromJSON('["success", "failure"]'), github.event.workflow_run.conclusion)
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      actions: read # to download what the first stage uploaded
      pull-requests: write # to write one comment
    steps:
      - uses: actions/download-artifact@v8
        with:
          name: perfci-results
          path: perfci-results
          run-id: ${{ github.event.workflow_run.id }}
          github-token: ${{ github.token }}
      - uses: aicleaner/perf-regression@v1
        with:
          args: publish perfci-results
"""


def workflow(toolchains: tuple[Toolchain, ...], place: Place, *, forks: bool) -> str:
    """Return the workflow that measures: a job for pull requests, and one that keeps baselines.

    Args:
        toolchains: what the benchmarks need; with any the action runs on the machine itself.
        place: of the project in its repository.
        forks: whether a second workflow comments; this one then asks for no right to.
    """
    native = "/native" if toolchains else ""
    folder = f"          working-directory: {json.dumps(place.folder)}\n" if place.folder else ""
    silent = "        env:\n          PERFCI_REPORT__COMMENT: never # the second stage comments\n"
    common = {
        "toolchains": "".join(_steps(toolchains, place)),
        "action": f"aicleaner/perf-regression{native}@v1",
        "inputs": folder,
    }
    pull_request = _JOB.format(
        name="pull-request",
        event="pull_request",
        permissions=_READS if forks else f"{_READS}\n{_COMMENTS}",
        environment=silent if forks else "",
        **common,
    )
    results = f"{place.folder}/perfci-results" if place.folder else "perfci-results"
    pull_request += _UPLOAD.format(folder=results)
    baseline = _JOB.format(
        name="baseline", event="push", permissions=_PUSHES, environment="", **common
    )
    # two projects of a repository must not cancel each other
    group = f"performance-{place.folder}" if place.folder else "performance"
    head = _HEAD.format(branch=json.dumps(_literal(place.branch)), group=group)
    return f"{head}{pull_request}\n{baseline}"


def second_stage() -> str:
    """Return the workflow that comments on pull requests from forks."""
    return _SECOND


def _literal(branch: str) -> str:
    """Return the filter that matches this branch alone: `c++` would match `c`, `cc` and so on."""
    # GitHub takes a backslash before these alone; a lone `]` is no pattern
    return re.sub(r"[*?+!\[]", r"\\\g<0>", branch)


def _steps(toolchains: Iterable[Toolchain], place: Place) -> Iterable[str]:
    seen: set[str] = set()
    for item in toolchains:
        if item.absent:
            names = " ".join(item.absent)
            yield f"      - run: sudo apt-get -qq update && sudo apt-get -qq install -y {names}\n"
        if not item.action or item.action in seen:
            continue
        seen.add(item.action)
        yield f"      - uses: {item.action}\n        with:\n"
        for name, value in item.options:
            inside = place.folder and name.endswith("-file")
            text = f"{place.folder}/{value}" if inside else value
            yield f"          {name}: {json.dumps(text)}\n"
