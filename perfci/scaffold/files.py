"""The files that `perfci init` writes: settings and a pipeline, each as it will run."""

from perfci.model.emission import File
from perfci.scaffold.entries import in_yaml
from perfci.scaffold.found import Toolchain
from perfci.scaffold.place import Place
from perfci.scaffold.quoted import quoted
from perfci.scaffold.survey import Survey

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
              -e BRANCH_NAME -e TAG_NAME -e CHANGE_ID -e CHANGE_TARGET -e CHANGE_BRANCH \\
              -e CHANGE_FORK -e CHANGE_URL -e GIT_COMMIT -e GIT_BRANCH -e GIT_URL \\
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

_RUN = "aicleaner/perf-regression run"


def settings_file(survey: Survey, place: Place) -> File:
    """Write `perfci.yml` for what a survey found.

    Args:
        survey: benchmarks and set-up.
        place: of the project in its repository.
    """
    lines = ["# `perfci schema` says what each key means", ""]
    if place.project:
        lines += ["# baselines and comment of its own, beside the repository's other projects"]
        lines += [f"project: {quoted(place.project)}", ""]
    lines += in_yaml(survey, quoted)
    lines += ["", "gate:", "  sensitivity: 5%   # what the measuring works to see"]
    lines.append("  fail_on: minor    # 10 % and above fails the build")
    return File(path="perfci.yml", content=("\n".join(lines) + "\n").encode())


def gitlab(toolchains: tuple[Toolchain, ...], place: Place) -> str:
    """Return GitLab's pipeline: the component, and what its image needs besides."""
    job = f"perf-regression{place.ending}"
    folder = quoted(f"{place.folder}/")
    inputs = f"    inputs:\n      job-name: {job}\n      working-directory: {folder}\n"
    text = GITLAB + (inputs if place.folder else "")
    names = _packages(toolchains)
    if not names:
        return text
    return f"""{text}
# the component's job, with the tools that the benchmarks need
{job}:
  before_script:
    - apt-get -qq update
    - apt-get -qq install -y --no-install-recommends {names}
"""


def jenkins(toolchains: tuple[Toolchain, ...], place: Place) -> str:
    """Return the Jenkinsfile, with an image of its own where the benchmarks need more tools."""
    text = JENKINS
    names = _packages(toolchains)
    if names:
        # by its hash, as a name would be that of other projects, too; code 1 means a regression
        build = f"""image=$(docker build --quiet - <<'END'
FROM aicleaner/perf-regression
RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends {names}
END
            ) || exit 2
            docker run"""
        text = text.replace(_RUN, '"$image" run')
        text = text.replace("docker run", build, 1)
    if place.folder:
        text = text.replace('-w "$WORKSPACE"', f'-w "$WORKSPACE/{place.folder}"')
        text = text.replace("'perfci-results/", f"'{place.folder}/perfci-results/")
    return text


def _packages(toolchains: tuple[Toolchain, ...]) -> str:
    return " ".join(dict.fromkeys(name for item in toolchains for name in item.packages))
