"""A store that cannot be written: the verdict stands, and one command records the run later."""

import pytest

from tests.stores.faulty import BUSY, TROUBLE, always, writes
from tests.stores.refused.conftest import SetUp
from tests.stores.refused.faults import Break, Case, Mend, cases, forge, hook, job_with, wire
from tests.stores.refused.site import Site
from tests.stores.s3.real_servers import BUCKET, READER
from tests.stores.s3.scripted import Answer, error

ENDED = error(400, "ExpiredToken", "The provided token has expired.")
FULL = error(400, "XMinioAdminBucketQuotaExceeded", "Bucket quota exceeded")


def refusing(answer: Answer) -> Break:
    """Let everything be read, and nothing be written."""
    return wire(writes(always(answer)))


def without_remote_while_measured(site: Site) -> Mend:
    """Let the remote go away when perfci has read it."""
    remote = site.place.remote
    away = remote.with_name("moved.git")
    command = f"test -d {away} || mv {remote} {away}"
    site.variables["WHILE_MEASURED"] = command

    def mend() -> None:
        site.variables.pop("WHILE_MEASURED")
        away.rename(remote)

    return mend


CASES = (
    Case(
        kind="git",
        name="a hook says no",
        spoil=hook("no baselines here"),
        said="pre-receive hook declined",
        hint="A rule or a hook of the repository forbids it",
    ),
    Case(
        kind="git",
        name="a protected branch",
        spoil=hook("error: GH006: Protected branch update failed for refs/heads/perfci-data."),
        said="cannot write branch perfci-data",
        hint="let the job's user create this branch and push to it",
    ),
    Case(
        kind="git",
        name="no right",
        spoil=refusing(Answer(status=403)),
        said="The requested URL returned error: 403",
        hint="permissions: contents: write",
    ),
    Case(
        kind="git",
        name="a remote that goes away",
        spoil=without_remote_while_measured,
        said="cannot write branch perfci-data",
        hint="The repository is not there (any more)",
    ),
    Case(
        kind="git",
        name="trouble for ever",
        spoil=wire(writes(TROUBLE)),
        said="The requested URL returned error: 500",
        hint="Is the remote reachable from here?",
    ),
    Case(
        kind="s3",
        name="keys that may only read",
        spoil=job_with(READER),
        said="403 AccessDenied",
        hint=f"Grant s3:PutObject on arn:aws:s3:::{BUCKET}/ci/",
    ),
    Case(
        kind="s3",
        name="a session that ends while it is measured",
        spoil=refusing(ENDED),
        said="400 ExpiredToken",
        hint="take on the role again",
    ),
    Case(
        kind="s3",
        name="a quota",
        spoil=refusing(FULL),
        said="XMinioAdminBucketQuotaExceeded",
        hint="Make room",
    ),
    Case(
        kind="s3",
        name="trouble for ever",
        spoil=wire(writes(TROUBLE)),
        said="500 InternalError, 4 times",
        hint="run again later",
    ),
    Case(
        kind="s3",
        name="busy for ever",
        spoil=wire(writes(BUSY)),
        said="503 SlowDown, 4 times",
        hint="run again later",
    ),
    Case(
        kind="gitlab",
        name="no right",
        spoil=wire(writes(forge(403, "403 Forbidden"))),
        said="403 Forbidden",
        hint="may write to it (the role Developer",
        quick=True,
    ),
    Case(
        kind="gitlab",
        name="a quota",
        spoil=wire(writes(forge(403, "This project has exceeded its storage quota."))),
        said="exceeded its storage quota",
        hint="the project has no room left",
    ),
    Case(
        kind="gitlab",
        name="a file that is too large",
        spoil=refusing(Answer(status=413)),
        said="413",
        hint="ask for a larger limit",
    ),
    Case(
        kind="gitlab",
        name="trouble for ever",
        spoil=wire(writes(TROUBLE)),
        said="the server answered 500",
        hint="run again later",
    ),
    Case(
        kind="artifact",
        name="a quota",
        spoil=wire(writes(forge(403, "insufficient usage to create artifact"))),
        said="insufficient usage to create artifact",
        hint="room for artifacts is used up",
    ),
    Case(
        kind="artifact",
        name="trouble for ever",
        spoil=wire(writes(TROUBLE)),
        said="the server answered 500",
        hint="run again later",
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("case", cases(*CASES))
def test_the_run_lies_on_disk_and_the_command_that_is_told_records_it(
    set_up: SetUp, case: Case
) -> None:
    site = set_up(case.kind)
    site.keep(1)
    mend = case.spoil(site)
    machine = site.machine()
    push = site.push(machine)
    mend()
    assert push.code == 0, push
    assert (push.document["verdict"], push.document["recorded"]) == ("pass", "")
    unkept = push.document["unkept"]
    for text in (f"{case.kind}:", case.said, case.hint):
        assert text in unkept["why"]
    assert "perfci: warning: the run is not kept as a baseline: " in push.err
    assert f"perfci: warning: record it later: {unkept['command']}" in push.err
    assert "The run is not kept as a baseline" in push.out + push.err
    assert site.runs() == 1, "what was stored is as it was"

    later = site.bring(machine, unkept)
    assert later.code == 0, later
    site.place.ended()
    assert site.runs() == 2
