"""The Home Assistant client: what holds for a fake one holds for a real one, too."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.model.measured import SERVER_METRICS, YIELDS
from perfci.model.measurement import Clock
from perfci.model.work import HomeAssistant
from perfci.runners.home_assistant.client import HomeAssistantClient
from perfci.wiring.process import SystemClock
from tests.real.home_assistant import RealHome, real_home
from tests.runners.home_assistant.asked_home import (
    BENCH,
    TOGGLE,
    Home,
    launch,
    target,
    warm_up_error,
    work,
)
from tests.runners.home_assistant.fake_home import fake_home
from tests.runners.stage import ENVIRON, bench, order


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHome]:
    hass = os.environ.get("PERFCI_TEST_HASS", "")
    if not Path(hass).is_file():
        pytest.skip("PERFCI_TEST_HASS does not name a hass program")
    with real_home(hass, tmp_path_factory.mktemp("hass")) as home:
        yield home


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.home_assistant)])
def home(request: pytest.FixtureRequest) -> Iterator[Home]:
    if request.param == "real":
        yield request.getfixturevalue("real")
        return
    with fake_home() as fake:
        yield fake


@pytest.mark.slow
def test_a_launch_holds_every_metric_that_this_kind_yields(home: Home) -> None:
    whom = target(work(home.url, TOGGLE, BENCH, requests=7), home.token)

    tally = launch(whom)
    found = tally.launches(order(whom.benchmark))

    assert set(YIELDS[HomeAssistant].all) - SERVER_METRICS <= set(found)
    assert all(set(found[name].clocks) == {Clock.WALL} for name in found if name != "error_rate")
    assert found["error_rate"].clocks == {Clock.VALUE: (0.0,)}
    assert tally.asked == 7 * 5
    assert not tally.errors
    assert not tally.warnings


def test_a_cycle_takes_as_long_as_its_round_trips(home: Home) -> None:
    tally = launch(target(work(home.url, TOGGLE, BENCH, requests=3), home.token))

    trips = [tally.durations[f"ha_{it}"] for it in ("api", "states", "ping", "call", "event")]
    cycles = zip(*trips, strict=True)
    assert tally.durations["ha_integration"] == pytest.approx([sum(it) for it in cycles])
    assert all(seconds > 0 for trip in trips for seconds in trip)


def test_without_an_action_nothing_is_called(home: Home) -> None:
    tally = launch(target(work(home.url, requests=2), home.token))

    assert set(tally.durations) == {"ha_api", "ha_states", "ha_ping", "ha_integration"}
    assert tally.asked == 2 * 3


def test_an_action_without_an_entity_has_no_change_to_wait_for(home: Home) -> None:
    whom = target(work(home.url, "input_boolean.reload", requests=1), home.token)
    if not isinstance(home, RealHome):
        whom = target(work(home.url, "homeassistant.restart", requests=1), home.token)

    tally = launch(whom)

    assert "ha_call" in tally.durations
    assert "ha_event" not in tally.durations


@pytest.mark.parametrize("entity", [BENCH, "input_boolean.other"])
def test_what_was_switched_is_left_as_it_was_found(home: Home, entity: str) -> None:
    before = home.state(entity)
    whom = target(work(home.url, TOGGLE, entity, requests=3), home.token)
    HomeAssistantClient(SystemClock()).warm_up(whom)
    launch(whom)

    assert home.state(entity) == before


def test_what_a_failed_warm_up_has_switched_is_put_back(home: Home) -> None:
    assert home.state(BENCH) == "off"
    whom = target(work(home.url, "input_boolean.turn_on", BENCH, timeout=0.5), home.token)

    error = warm_up_error(whom)

    assert error.message == (
        "codec/parse saw no change of input_boolean.bench within 0.5 s after input_boolean.turn_on"
    )
    assert "every time, such as input_boolean.toggle" in error.hint
    assert home.state(BENCH) == "off"


def test_what_cannot_be_put_back_is_told_once(home: Home) -> None:
    before = float(home.state("input_number.level"))
    whom = target(
        work(home.url, "input_number.increment", "input_number.level", requests=2), home.token
    )

    warnings = launch(whom).warnings

    assert float(home.state("input_number.level")) == before + 4
    told = "input_number.increment has changed input_number.level for good: "
    assert set(warnings) == {f"{told}perfci puts back only what was on or off"}


def test_a_wrong_token_is_told_without_showing_it(home: Home) -> None:
    error = warm_up_error(target(work(home.url), "not-the-token"))

    assert error.message == (
        "codec/parse was not let in by Home Assistant: the token in HA_TOKEN is not valid "
        "(401 to GET /api/)"
    )
    assert "long-lived access token" in error.hint
    assert "SUPERVISOR_TOKEN" in error.hint
    assert "not-the-token" not in repr(error.__dict__)


def test_an_unknown_action_is_told_with_the_nearest_one(home: Home) -> None:
    error = warm_up_error(target(work(home.url, "input_boolean.togle", BENCH), home.token))

    assert error.message == (
        "codec/parse asks for the action input_boolean.togle, which Home Assistant does not have"
    )
    assert error.hint == "did you mean input_boolean.toggle?"


def test_an_unknown_entity_is_told_with_the_nearest_one(home: Home) -> None:
    error = warm_up_error(target(work(home.url, TOGGLE, "input_boolean.bnch"), home.token))

    assert error.message == (
        "codec/parse asks for input_boolean.bnch, which Home Assistant does not have"
    )
    assert error.hint == "did you mean input_boolean.bench?"


@pytest.mark.parametrize("call", ["", TOGGLE])
def test_an_address_that_has_no_interface_is_told_with_a_way_out(home: Home, call: str) -> None:
    error = warm_up_error(target(work(f"{home.url}/api", call, call and BENCH), home.token))

    assert f"found no interface of Home Assistant at {home.url}/api: 404" in error.message
    assert "`api:`" in error.hint
    assert "without /api" in error.hint


@pytest.mark.slow
def test_cycles_are_cut_into_parts_that_make_up_the_whole(home: Home) -> None:
    client = HomeAssistantClient(SystemClock())
    few, many = (bench(work(home.url, requests=number)) for number in (2, 13))

    assert (client.parts(few), client.parts(many)) == (2, 5)
    assert launch(target(work(home.url, requests=13), home.token)).asked == 13 * 3
    assert client.secret_env(few) == "HA_TOKEN"


@pytest.mark.slow
def test_a_run_is_recorded_and_the_next_is_compared_with_it(home: Home, tmp_path: Path) -> None:
    metrics = ["ha_integration", "ha_api", "ha_ping", "ha_event", "error_rate"]
    asks = {"url": home.url, "token_env": "HUB_TOKEN", "call": TOGGLE, "entity": BENCH}
    settings = {
        "store": "file:.perfci",
        "benchmarks": [
            {"name": "hub", "metrics": metrics, "home_assistant": asks | {"requests": 5}}
        ],
        "measure": {"rounds": 2},
        "gate": {"fail_on": "none"},
    }
    # JSON is YAML
    (tmp_path / "perfci.yml").write_text(json.dumps(settings))

    said = [run_perfci(tmp_path, home.token, mode) for mode in ("record", "history")]

    result = json.loads((tmp_path / "perfci-results/result.json").read_text())
    findings = {finding["key"]: finding for finding in result["findings"]}
    assert set(findings) == {f"default/hub:{name}" for name in metrics}
    assert findings["default/hub:error_rate"]["head"] == 0
    assert findings["default/hub:ha_ping"]["head"] > 0
    assert not {"new", "missing", "failed"} & {it["outcome"] for it in findings.values()}
    assert home.state(BENCH) == "off"
    files = [each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()]
    stored = [gzip.decompress(each) for each in files if each[:2] == b"\x1f\x8b"]
    for written in (*files, *stored, *(each.encode() for each in said)):
        assert home.token.encode() not in written


def run_perfci(folder: Path, token: str, mode: str) -> str:
    """Run perfci as its users do; return all that it says."""
    done = subprocess.run(
        [sys.executable, "-m", "perfci", "run", "--mode", mode],
        cwd=folder,
        env=ENVIRON | {"HUB_TOKEN": token, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
