"""GitHub's workflow: it measures pull requests, and keeps the runs of the default branch."""

import re
from collections.abc import Iterable

from perfci.scaffold.found import Toolchain
from perfci.scaffold.place import Place
from perfci.scaffold.quoted import quoted

_HEAD = """\
# Measures every pull request beside its base, on one machine, and fails the one that got slower.
name: {title}

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
{shown}    if: github.event_name == '{event}'
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
          name: {artifact}
          path: {folder}/
          if-no-files-found: ignore
"""
_READS = "      contents: read # to check out base and head, and to read the baselines"
_COMMENTS = "      pull-requests: write # to write one comment; a fork's pull request gets none"
_PUSHES = "      contents: write # to push the baselines to the branch perfci-data"


def workflow_path(place: Place) -> str:
    """Return where the workflow is kept: a project of a repository has one of its own."""
    return f".github/workflows/performance{place.ending}.yml"


def title(place: Place) -> str:
    """Return the workflow's name."""
    return place.of("performance")


def artifact(place: Place) -> str:
    """Return the name of what the workflow uploads."""
    return f"perfci-results{place.ending}"


def workflow(toolchains: tuple[Toolchain, ...], place: Place, *, forks: bool) -> str:
    """Return the workflow that measures: a job for pull requests, and one that keeps baselines.

    Args:
        toolchains: what the benchmarks need; with any the action runs on the machine itself.
        place: of the project in its repository.
        forks: whether a second workflow comments; this one then asks for no right to.
    """
    native = "/native" if toolchains else ""
    folder = f"          working-directory: {quoted(place.folder)}\n" if place.folder else ""
    silent = "        env:\n          PERFCI_REPORT__COMMENT: never # the second stage comments\n"
    common = {
        "toolchains": "".join(_steps(toolchains, place)),
        "action": f"aicleaner/perf-regression{native}@v1",
        "inputs": folder,
    }
    pull_request = _JOB.format(
        name="pull-request",
        shown=_shown("pull-request", place),
        event="pull_request",
        permissions=_READS if forks else f"{_READS}\n{_COMMENTS}",
        environment=silent if forks else "",
        **common,
    )
    results = f"{place.folder}/perfci-results" if place.folder else "perfci-results"
    pull_request += _UPLOAD.format(artifact=artifact(place), folder=results)
    baseline = _JOB.format(
        name="baseline",
        shown=_shown("baseline", place),
        event="push",
        permissions=_PUSHES,
        environment="",
        **common,
    )
    # two projects of a repository must not cancel each other
    group = f"performance-{place.folder}" if place.folder else "performance"
    head = _HEAD.format(title=title(place), branch=quoted(literal(place.branch)), group=group)
    return f"{head}{pull_request}\n{baseline}"


def literal(name: str) -> str:
    """Return the filter that matches this name alone: `c++` would match `c`, `cc` and so on."""
    # GitHub takes a backslash before these alone; a lone `]` is no pattern
    return re.sub(r"[*?+!\[]", r"\\\g<0>", name)


def _shown(job: str, place: Place) -> str:
    # branch protection asks for a job by this name: it must not be another project's, too
    return f"    name: {place.of(job)}\n" if place.folder else ""


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
            yield f"          {name}: {quoted(text)}\n"
