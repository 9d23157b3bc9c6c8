"""Pipelines as a user has them, on a store that can be spoilt."""

import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perfci.baselines import record
from tests.stores.branch import PASSED, job, points
from tests.stores.faulty import Line, line_to
from tests.stores.git.hosting import hosted
from tests.stores.places import Machine, Place, Server, git, place

SETTINGS = """\
project: app
store: {store}
benchmarks: [{{name: hold, suite: memory, run: [sh, work.sh], metrics: [memory_usage]}}]
measure: {{rounds: 2}}
report: {{html: false}}
"""
WORK = """\
eval "$WHILE_MEASURED"
exec python3 -I -S -c 'x = b"x" * 20_000_000'
"""
SECRETS = (
    "SECRETOFTHEADMIN",
    "SECRETOFTHEREADER",
    "glcbt-job-secret",
    "ghs_readsecret",
    "runtimesignature",
    "signed%2Fsecret",
    "writer-secret-2",
)
"""What none of perfci's answers and files may hold."""
_LONGEST = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What perfci said to a pipeline."""

    code: int
    out: str
    err: str
    seconds: float
    document: Any
    """Its `result.json`; None where there is none."""


@dataclass(slots=True, kw_only=True)
class Site:
    """A project, its store, and the line to it where it is a server."""

    place: Place
    url: str
    """Of the store, over the line."""
    line: Line | None = None
    origin: str = ""
    """Address of the remote where it is not the usual one."""
    variables: dict[str, str] = field(default_factory=dict)
    """In the place of those that a job has."""

    @property
    def wire(self) -> Line:
        """Return the line, which there has to be."""
        assert self.line is not None
        return self.line

    def machine(self) -> Machine:
        """Return a machine that has just checked the project out."""
        found = self.place.machine()
        if self.origin:
            git(found.folder, "remote", "set-url", "origin", self.origin)
        return found

    def say(self, machine: Machine, *arguments: str, **variables: str) -> Answer:
        """Start `perfci ARGUMENTS`; no secret is in what it says or leaves."""
        result = machine.folder / "perfci-results" / "result.json"
        result.unlink(missing_ok=True)
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "perfci", *arguments],
            cwd=machine.folder,
            env={**machine.environ, **variables, **self.variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        answer = Answer(
            code=done.returncode,
            out=done.stdout,
            err=done.stderr,
            seconds=time.monotonic() - began,
            document=json.loads(result.read_text()) if result.exists() else None,
        )
        _insist_on_silence(answer, result.parent)
        return answer

    def push(self, machine: Machine, **variables: str) -> Answer:
        """Run the pipeline of a push to main."""
        return self.say(machine, "run", **variables)

    def propose(self, machine: Machine, **variables: str) -> Answer:
        """Run the pipeline of a pull request to main, of one commit."""
        base = git(machine.folder, "rev-parse", "HEAD")
        (machine.folder / "change").write_text("a change")
        git(machine.folder, "add", "change")
        git(machine.folder, "commit", "-qm", "a change")
        head = git(machine.folder, "rev-parse", "HEAD")
        return self.say(machine, "run", **self._proposal(base, head), **variables)

    def _proposal(self, base: str, head: str) -> dict[str, str]:
        if "GITLAB_CI" in self.place.job(head):
            return {
                "CI_PIPELINE_SOURCE": "merge_request_event",
                "CI_COMMIT_BRANCH": "",
                "CI_MERGE_REQUEST_IID": "7",
                "CI_MERGE_REQUEST_PROJECT_ID": "7",
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "7",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "work",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": head,
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
            }
        own = {"id": 7}
        pull = {
            "number": 7,
            "head": {"sha": head, "ref": "work", "repo": own},
            "base": {"sha": base, "ref": "main", "repo": own},
        }
        event = self.place.root / "pull.json"
        event.write_text(
            json.dumps({"repository": {"id": 7, "default_branch": "main"}, "pull_request": pull})
        )
        return {
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_SHA": head,
        }

    def bring(self, machine: Machine, unkept: Mapping[str, str]) -> Answer:
        """Do what perfci said would record a run later."""
        program, *arguments = shlex.split(unkept["command"])
        assert program == "perfci", unkept
        return self.say(machine, *arguments)

    def keep(self, *numbers: int) -> None:
        """Put runs of main there, as earlier pipelines did."""
        store = self.place.machine().store
        for number in numbers:
            record(store, job(number, "main"), PASSED, points(number))
        store.close()
        self.place.ended()

    def runs(self) -> int:
        """Return how many runs of main the store holds; it has to be sound."""
        answer = self.say(self.machine(), "baseline", "list", "--json")
        assert answer.code == 0, answer
        return sum(each["runs"] for each in json.loads(answer.out))


def _insist_on_silence(answer: Answer, folder: Path) -> None:
    texts = {"standard output": answer.out, "standard error": answer.err}
    for path in folder.rglob("*"):
        if path.is_file():
            texts[str(path)] = path.read_bytes().decode("utf-8", "replace")
    told = [(where, it) for where, text in texts.items() for it in SECRETS if it in text]
    assert not told, told


def _over_s3(found: Place, stack: ExitStack) -> Site:
    address, _, server = found.url.partition("?endpoint_url=")
    line = stack.enter_context(line_to(server))
    return Site(place=found, url=f"{address}?endpoint_url={line.url}", line=line)


def _over_http(*names: str) -> Callable[[Place, ExitStack], Site]:
    """Return what puts the line before a forge whose addresses stand in these variables."""

    def run(found: Place, stack: ExitStack) -> Site:
        job = found.job("0" * 40)
        server = "/".join(job[names[0]].split("/")[:3])
        line = stack.enter_context(line_to(server))
        variables = {name: job[name].replace(server, line.url) for name in names}
        return Site(place=found, url=found.url, line=line, variables=variables)

    return run


def _over_git(found: Place, stack: ExitStack) -> Site:
    git(found.remote, "config", "http.receivepack", "true")
    git(found.remote, "config", "uploadpack.allowFilter", "true")
    host = stack.enter_context(hosted(found.root))
    line = stack.enter_context(line_to(host.url))
    return Site(place=found, url=found.url, line=line, origin=f"{line.url}/{found.remote.name}")


_LINES: Mapping[str, Callable[[Place, ExitStack], Site]] = {
    "s3": _over_s3,
    "git": _over_git,
    "gitlab": _over_http("CI_API_V4_URL"),
    "artifact": _over_http("GITHUB_API_URL", "ACTIONS_RESULTS_URL"),
}


@contextmanager
def site(kind: str, root: Path, seaweed: Server) -> Iterator[Site]:
    """Set up a project whose baselines lie in a store of a kind.

    Args:
        kind: as `places` knows it.
        root: is made.
        seaweed: gives the address of a running S3 server, if one is needed.
    """
    with ExitStack() as stack:
        found = stack.enter_context(place(kind, root, seaweed))
        behind = _LINES.get(kind)
        made = behind(found, stack) if behind else Site(place=found, url=found.url)
        publish(made)
        yield made


def publish(made: Site) -> None:
    """Push the project's settings, and the work that is measured."""
    made.place.publish({"perfci.yml": SETTINGS.format(store=made.url), "work.sh": WORK})
