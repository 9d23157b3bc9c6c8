"""Trouble that passes, and slowness, are outlasted; silence is not waited for twice."""

import pytest

from tests.stores.faulty import BUSY, TROUBLE, Fault, cut, late, now_and_then, until
from tests.stores.places import git
from tests.stores.refused.conftest import SetUp

MOST = (
    ("s3", TROUBLE, 2),
    ("s3", BUSY, 2),
    ("s3", cut, 2),
    ("s3", late(0.3), 1),
    ("git", TROUBLE, 4),
    ("git", cut, 4),
    ("git", late(0.3), 1),
    ("gitlab", TROUBLE, 2),
    ("gitlab", cut, 2),
    ("artifact", BUSY, 2),
)
"""A fault and how often it strikes: for one answer git asks three times, and all must go well."""


@pytest.mark.parametrize(
    ("kind", "fault", "every"),
    [
        pytest.param(*case, marks=[pytest.mark.s3] if case[0] == "s3" else [pytest.mark.slow])
        for case in MOST
    ],
)
def test_a_run_is_kept_over_a_line_that_often_fails(
    set_up: SetUp, kind: str, fault: Fault, every: int
) -> None:
    site = set_up(kind)
    site.keep(1)
    site.wire.fault = now_and_then(fault, every)
    push = site.push(site.machine())
    assert (push.code, push.document["unkept"]) == (0, None), push
    assert push.document["recorded"]
    assert push.document["mode_reason"].startswith("no run of main"), "it has read the other one"
    site.place.ended()
    assert site.runs() == 2


@pytest.mark.slow
def test_git_asks_a_server_that_says_nothing_once(set_up: SetUp) -> None:
    site = set_up("git")
    site.keep(1)
    machine = site.machine()
    git(machine.folder, "config", "http.lowSpeedTime", "2")
    asked = len(site.wire.requests)
    site.wire.fault = until(site.wire.over)
    push = site.push(machine)
    assert push.code == 2, push
    assert "Operation too slow" in push.err
    assert "Is the remote reachable from here?" in push.err
    assert len(site.wire.requests) == asked + 1


@pytest.mark.s3
@pytest.mark.slow
def test_an_s3_server_that_says_nothing_is_given_up(set_up: SetUp) -> None:
    site = set_up("s3")
    site.keep(1)
    site.wire.fault = until(site.wire.over)
    push = site.push(site.machine(), AWS_MAX_ATTEMPTS="1")
    assert push.code == 2, push
    assert "Read timeout on endpoint URL" in push.err
    assert "The server is slow or out of reach from here" in push.err
