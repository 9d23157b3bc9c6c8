"""The files that `perfci init` writes: settings and a pipeline, each as it will run."""

from collections.abc import Callable, Mapping

from perfci.model.emission import File
from perfci.scaffold.survey import Found, Survey

GITHUB = """\
name: performance

on:
  pull_request:

permissions:
  contents: read

jobs:
  perf-regression:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-depth: 0
      - uses: aicleaner/perf-regression@v1
"""

GITLAB = """\
include:
  - component: $CI_SERVER_FQDN/aicleaner/perf-regression/perf-regression@1
"""

JENKINS = """\
pipeline {
  agent any
  stages {
    stage('performance') {
      steps {
        script {
          int code = sh(returnStatus: true, label: 'perf-regression', script: '''
            docker run --rm --init -u "$(id -u):$(id -g)" -e HOME=/tmp \\
              -v "$WORKSPACE:$WORKSPACE" -w "$WORKSPACE" \\
              -e JENKINS_URL -e BUILD_URL -e BUILD_NUMBER -e JOB_NAME -e WORKSPACE \\
              -e BRANCH_NAME -e CHANGE_ID -e CHANGE_TARGET -e CHANGE_BRANCH -e CHANGE_FORK \\
              -e CHANGE_URL -e GIT_COMMIT -e GIT_BRANCH -e GIT_URL \\
              aicleaner/perf-regression run
          ''')
          if (code == 1) { unstable('a benchmark regressed') }
          else if (code != 0) { error("perfci could not do its job (exit code ${code})") }
        }
      }
    }
  }
  post {
    always {
      junit testResults: 'perfci-results/performance_results.xml', allowEmptyResults: true
      archiveArtifacts artifacts: 'perfci-results/**', allowEmptyArchive: true
    }
  }
}
"""

PIPELINES: Mapping[str, tuple[str, str]] = {
    "github": (".github/workflows/performance.yml", GITHUB),
    "gitlab": (".gitlab-ci.yml", GITLAB),
    "jenkins": ("Jenkinsfile.performance", JENKINS),
}
"""By platform: where its pipeline file goes, and what it says."""


def settings_file(survey: Survey, quote: Callable[[str], str]) -> File:
    """Write `perfci.yml` for what a survey found.

    Args:
        survey: benchmarks and set-up.
        quote: turns any text into a YAML scalar.
    """
    lines = ["# `perfci schema` says what each key means"]
    if survey.setup:
        lines += ["", "# once in base and once in head, before measuring"]
        lines.append(f"setup: {quote(survey.setup)}")
    lines += ["", "benchmarks:"]
    for item in survey.benchmarks:
        lines += _entry(item, quote)
    lines += ["", "gate:", "  sensitivity: 5%   # what the measuring works to see"]
    lines.append("  fail_on: minor    # 10 % and above fails the build")
    return File(path="perfci.yml", content=("\n".join(lines) + "\n").encode())


def pipeline_file(platform: str) -> File:
    """Write the pipeline of one platform: `github`, `gitlab` or `jenkins`."""
    path, text = PIPELINES[platform]
    return File(path=path, content=text.encode())


def _entry(item: Found, quote: Callable[[str], str]) -> list[str]:
    return [
        f"  - name: {quote(item.name)}",
        f"    suite: {quote(item.suite)}",
        f"    {item.kind}: {quote(item.target)}",
    ]
