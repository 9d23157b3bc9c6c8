"""GitHub's second stage: the workflow that comments on pull requests from forks."""

import re

from perfci.scaffold.github import artifact, literal, title
from perfci.scaffold.place import Place
from perfci.scaffold.quoted import quoted

_SECOND = """\
# Second stage for pull requests from forks, whose own workflow may not comment: it takes the
# numbers that the first stage uploaded, and writes the comment. Nothing of the pull request is
# checked out or run here. It takes effect once it is on the default branch.
name: {name}

on:
  workflow_run: # zizmor: ignore[dangerous-triggers]
    workflows: [{first}]
    types: [completed]

# the job below asks for what it needs
permissions: {{}}

concurrency:
  group: {group}-${{{{ github.event.workflow_run.id }}}}
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
          name: {artifact}
          path: perfci-results
          run-id: ${{{{ github.event.workflow_run.id }}}}
          github-token: ${{{{ github.token }}}}
      - uses: aicleaner/perf-regression@v1
        with:
          args: publish perfci-results
{environment}"""
_PROJECT = """\
        env:
          PERFCI_PROJECT: {project} # what is downloaded does not choose whose comment it is
"""


def second_path(place: Place) -> str:
    """Return where the workflow is kept."""
    return f".github/workflows/performance-comment{place.ending}.yml"


def second_stage(place: Place) -> str:
    """Return the workflow that comments on pull requests from forks."""
    # of an expression GitHub makes what it means, so what looks like one is written as a literal
    project = quoted(place.project).replace("${{", "${{ '${{' }}")
    return _SECOND.format(
        name=place.of("performance comment"),
        # these names are patterns, as those of branches are
        first=literal(title(place)),
        group=f"performance-comment{'-' if place.folder else ''}{place.folder}",
        artifact=artifact(place),
        environment=_PROJECT.format(project=project) if place.project else "",
    )


def is_heard(text: str, place: Place) -> bool:
    """Tell whether the second stage would hear of a workflow, and find what it uploads."""
    found = re.findall(r"^[ -]*name: *(.*?)\s*(?:#.*)?$", text, re.MULTILINE)
    return {title(place), artifact(place)} <= {name.strip("\"'") for name in found}
