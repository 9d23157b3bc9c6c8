"""What docs/jenkins.md shows is what runs."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

from perfci.platforms.detect import detect
from perfci.scaffold.files import JENKINS

TEXT = (Path(__file__).parents[2] / "docs/jenkins.md").read_text()
HEAD = "a" * 39 + "1"


def passed_on(command: str) -> set[str]:
    """Return the variables that a `docker run` takes along from its own environment."""
    words = shlex.split(command.replace("\\\n", " "))
    named = (after for word, after in pairwise(words) if word == "-e")
    return {name for name in named if "=" not in name}


def test_the_pipeline_is_the_one_that_init_writes() -> None:
    (shown,) = re.findall(r"```groovy\n(.*?)```", TEXT, re.DOTALL)
    assert shown == JENKINS


def test_what_tells_a_pull_request_reaches_the_container() -> None:
    (command,) = re.findall(r"docker run.*?\n(?=\s*''')", JENKINS, re.DOTALL)
    known = passed_on(command)
    build = {
        "JENKINS_URL": "https://ci.example.com/",
        "BUILD_URL": "https://ci.example.com/job/app/12/",
        "BRANCH_NAME": "PR-12",
        "CHANGE_ID": "12",
        "CHANGE_BRANCH": "feature",
        "CHANGE_TARGET": "main",
        "CHANGE_FORK": "someone",
        "GIT_COMMIT": HEAD,
        "GIT_BRANCH": "PR-12",
    }
    inside = {name: value for name, value in build.items() if name in known}
    assert inside == build
    context = detect(inside, lambda _: {}).context
    assert (context.platform, context.pr_number, context.is_fork) == ("jenkins", 12, True)
    assert (context.branch, context.base_branch, context.commit) == ("feature", "main", HEAD)


def test_the_generic_command_is_a_pull_request() -> None:
    (command,) = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    words = shlex.split(command.replace("\\\n", " "))
    environ = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    context = detect(environ, lambda _: {}).context
    assert (context.platform, context.pr_number, context.base_branch) == ("ci", 12, "main")
