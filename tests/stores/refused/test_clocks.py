"""Machines whose clocks are wrong: told where a server minds, and sane where it does not."""

import json
from pathlib import Path

import pytest

from tests.stores.faulty import always
from tests.stores.refused.conftest import SetUp
from tests.stores.refused.site import Answer, Site
from tests.stores.s3.scripted import error

pytestmark = pytest.mark.slow

SKEWED = error(
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
    Date="Thu, 26 Nov 2026 10:00:00 GMT",
)


def clock(offset: str) -> dict[str, str]:
    """Return variables of a machine whose clock is off by this: `-20m`, `+10y`."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        pytest.skip("libfaketime is not installed")
    return {"LD_PRELOAD": str(found[0]), "FAKETIME": offset}


def stored(site: Site) -> list[str]:
    """Return the ids of the stored runs as they are listed: the oldest first."""
    answer = site.say(site.machine(), "baseline", "list", "--branch", "main", "--json")
    assert answer.code == 0, answer
    return [each["id"] for each in json.loads(answer.out)["runs"]]


def identity(push: Answer) -> str:
    assert (push.code, push.document["unkept"]) == (0, None), push
    return str(push.document["id"])


@pytest.mark.s3
def test_a_server_that_minds_the_clock_is_quoted_with_its_own(set_up: SetUp) -> None:
    site = set_up("s3")
    site.keep(1)
    site.wire.fault = always(SKEWED)
    push = site.push(site.machine())
    assert push.code == 2, push
    assert "403 RequestTimeTooSkewed" in push.err
    assert "This machine's clock is wrong: set it (NTP)" in push.err


@pytest.mark.s3
@pytest.mark.parametrize("offset", ["-20m", "+20m", "+10y"])
def test_a_clock_that_is_off_is_told_or_no_harm(set_up: SetUp, offset: str) -> None:
    site = set_up("s3")
    site.keep(1)
    push = site.push(site.machine(), **clock(offset))
    assert push.code in {0, 2}, push
    if push.code == 2:
        assert "This machine's clock is wrong" in push.err
    assert site.runs() == (2 if push.code == 0 else 1)


def seconds(ids: list[str]) -> list[str]:
    """Return the seconds that ids of runs begin with; within one, the rest of an id is chance."""
    return [each.partition("-")[0] for each in ids]


@pytest.mark.parametrize("kind", ["file", "git"])
def test_runners_whose_clocks_differ_by_minutes_lose_nothing_of_each_other(
    set_up: SetUp, kind: str
) -> None:
    site = set_up(kind)
    late, right = clock("-7m"), clock("+0")
    pushes = [site.push(site.machine(), **each) for each in (late, right, late, right)]
    wrote = [identity(push) for push in pushes]
    known = [push.document["mode_reason"].split(maxsplit=1)[0] for push in pushes]
    assert known == ["no", "1", "2", "3"], "each is compared with all before it"
    assert sorted(stored(site)) == sorted(wrote)
    assert seconds(stored(site)) == sorted(seconds(wrote))
    pruned = site.say(site.machine(), "baseline", "prune", "--keep", "1", "--older-than", "1h")
    assert pruned.code == 0, pruned
    assert site.runs() == 4, "what the next comparison needs stays"


def test_a_run_from_the_future_hides_no_other(set_up: SetUp) -> None:
    site = set_up("file")
    ahead = identity(site.push(site.machine(), **clock("+10y")))
    pushes = [site.push(site.machine()) for _ in range(2)]
    now = [identity(push) for push in pushes]
    reasons = [push.document["mode_reason"] for push in pushes]
    assert [reason.split(maxsplit=1)[0] for reason in reasons] == ["1", "2"]
    assert sorted(stored(site)) == sorted([*now, ahead])
    assert seconds(stored(site)) == sorted(seconds([*now, ahead]))
    pruned = site.say(site.machine(), "baseline", "prune", "--older-than", "90d")
    assert pruned.code == 0, pruned
    assert site.runs() == 3


def test_a_clock_far_ahead_prunes_nothing_that_is_needed(set_up: SetUp) -> None:
    site = set_up("file")
    site.keep(*range(1, 31))
    arguments = ("baseline", "prune", "--older-than", "90d")
    pruned = site.say(site.machine(), *arguments, **clock("+10y"))
    assert pruned.code == 0, pruned
    assert site.runs() == 20
