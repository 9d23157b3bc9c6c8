"""HTTP: what a client makes of a server of known truth."""

import gc
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Clock, Side
from perfci.model.work import Http
from perfci.runners.failures import Subject
from perfci.runners.http.client import HttpClient
from perfci.runners.servers.asking import Tally, Target
from perfci.runners.servers.ports import free_port
from perfci.wiring.process import SystemClock
from tests.runners.stage import bench, order

CLIENT = HttpClient(SystemClock())
PROGRAM = Path(__file__).parents[1] / "servers" / "origin.py"


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    port = free_port()
    argv = [sys.executable, "-S", str(PROGRAM), str(port)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"listening\n"
        yield f"http://127.0.0.1:{port}"
        process.kill()


def counts(origin: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{origin}/counts") as answer:
        return dict(json.load(answer))


def target(url: str, *, secret: str = "", warmup: int = 1, **options: Any) -> Target:
    work = Http(url=url, **{"duration": 0.2, "timeout": 5.0, **options})
    subject = Subject(benchmark=bench(work, warmup=warmup), side=Side.HEAD, paired=False)
    return Target(subject=subject, url=url, secret=secret, seed=7)


def asked(whom: Target) -> Tally:
    tally = Tally()
    for part in range(CLIENT.parts(whom.benchmark)):
        CLIENT.ask(whom, tally, part)
    return tally


def refused(whom: Target) -> MeasurementError:
    with pytest.raises(MeasurementError) as caught:
        CLIENT.warm_up(whom)
    return caught.value


def test_a_launch_has_latency_its_percentiles_throughput_and_error_rate(origin: str) -> None:
    whom = target(f"{origin}/sleep/0.02")
    found = asked(whom).launches(order(whom.benchmark))

    assert found["latency"].clocks[Clock.WALL][0] >= 0.02
    assert found["latency_p99"].clocks[Clock.WALL] >= found["latency_p50"].clocks[Clock.WALL]
    assert 0 < found["throughput"].clocks[Clock.VALUE][0] <= 50
    assert found["error_rate"].clocks == {Clock.VALUE: (0.0,)}
    assert 0 < found["generator_usage"].clocks[Clock.VALUE][0] < 2


def test_a_closed_loop_has_as_many_requests_under_way_as_connections(origin: str) -> None:
    before = counts(origin)
    tally = asked(target(f"{origin}/sleep/0.03", concurrency=3))
    after = counts(origin)

    # 3 more open the connections; the one to ask for the counts is a fourth
    assert after["requests"] - before["requests"] == tally.asked + 3
    assert after["connections"] - before["connections"] == 4
    assert 6 <= tally.asked <= 24


@pytest.mark.slow
def test_an_open_loop_sends_at_its_rate_however_long_the_answers_take(origin: str) -> None:
    tally = asked(target(f"{origin}/sleep/0.1", rate=100.0, duration=0.3))

    assert tally.asked == 30
    assert min(tally.durations["latency"]) >= 0.1
    # one after the other on one connection, the last would have waited 2.7 s
    assert max(tally.durations["latency"]) < 2.0


@pytest.mark.slow
def test_an_open_loop_sees_a_stall_and_a_closed_loop_nearly_overlooks_it(origin: str) -> None:
    # nobody is answered in the first 150 ms of every 500 ms
    whom = target(f"{origin}/stalls", rate=200.0, duration=1.4)
    waited = np.array(asked(whom).durations["latency"])
    closed = np.array(asked(target(f"{origin}/stalls", duration=0.6)).durations["latency"])

    assert (waited > 0.02).mean() >= 0.15
    assert np.percentile(waited, 99) >= 0.1
    assert (closed > 0.02).mean() < (waited > 0.02).mean() / 2


@pytest.mark.slow
def test_a_stall_counts_to_its_end_where_a_part_ends_in_it(origin: str) -> None:
    whom = target(f"{origin}/sleep/0.1", rate=50.0, duration=1.6)
    tally = Tally()
    CLIENT.ask(whom, tally, 0)
    first = tally.asked
    CLIENT.ask(whom, tally, 1)

    assert first > 40
    assert tally.asked == 80


def test_every_request_is_as_it_was_described(origin: str) -> None:
    asked(
        target(
            f"{origin}/post",
            method="POST",
            headers=(("X-Colour", "blue"), ("content-type", "application/json")),
            body='{"ä": 1}',
            duration=0.01,
        )
    )

    sent = counts(origin)["last"].lower()
    assert sent.startswith("post /post http/1.1\r\n")
    assert "x-colour: blue\r\n" in sent
    assert sent.count("content-type:") == 1
    assert "content-length: 9" in sent
    assert "user-agent: perfci/" in sent
    # a packed answer would measure our unpacking
    assert "accept-encoding" not in sent


@pytest.mark.slow
def test_a_token_is_sent_as_a_bearer(origin: str) -> None:
    assert asked(target(f"{origin}/token", secret="right", token_env="T")).errors.total() == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "what", "hint"),
    [
        ("status/500", "status 500", "log"),
        ("status/404", "status 404", "path"),
        ("status/403", "status 403", "token"),
        ("status/418", "status 418", "curl"),
        ("post", "status 405", "method"),
        ("token", "status 401", "token_env"),
        ("reset", "connection reset", "log"),
        ("close", "connection closed", "log"),
        ("garbage", "bad answer", "speak HTTP"),
        ("header", "bad answer", "speak HTTP"),
        ("cut", "bad answer", "speak HTTP"),
    ],
)
def test_what_went_wrong_is_told_with_a_next_step(
    origin: str, path: str, what: str, hint: str
) -> None:
    error = refused(target(f"{origin}/{path}?key=1", duration=0.01))

    start = f"codec/parse got no good answer from GET {origin}/{path}: {what} ("
    assert error.message.startswith(start)
    assert hint in error.hint
    assert "key" not in error.message


@pytest.mark.slow
@pytest.mark.parametrize("path", ["sleep/9", "endless", "drip"])
def test_an_answer_that_does_not_end_is_a_timeout(origin: str, path: str) -> None:
    error = refused(target(f"{origin}/{path}", timeout=0.3, duration=0.01))

    assert "timeout (1 times)" in error.message
    assert "`timeout`" in error.hint


@pytest.mark.slow
def test_a_timeout_is_kept_to_its_fraction_of_a_second(origin: str) -> None:
    whom = target(f"{origin}/sleep/0.35", rate=20.0, duration=0.8, timeout=0.3)

    with pytest.raises(MeasurementError, match=r"timeout \(16 times\)"):
        CLIENT.ask(whom, Tally(), 0)


def test_a_wrong_token_is_told_without_the_token(origin: str) -> None:
    error = refused(target(f"{origin}/token", secret="hunter2", token_env="MY_TOKEN"))

    assert "MY_TOKEN" in error.hint
    assert "hunter2" not in error.message + error.hint + error.output


def test_nobody_there_is_told_with_a_way_out() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        error = refused(target(url, duration=0.01))

    assert "connection refused" in error.message
    assert "service" in error.hint


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("http://no-such-host.invalid/", "name not found"),
        ("https://127.0.0.1:{}/", "TLS failed"),
    ],
)
def test_an_address_that_is_wrong_is_told(origin: str, url: str, what: str) -> None:
    error = refused(target(url.format(origin.rpartition(":")[2]), duration=0.01, timeout=5.0))

    assert what in error.message
    assert error.hint


@pytest.mark.slow
@pytest.mark.parametrize("path", ["chunked", "huge", "redirect", "status/204"])
def test_unusual_answers_are_good_ones(origin: str, path: str) -> None:
    tally = asked(target(f"{origin}/{path}", duration=0.05))

    assert tally.errors.total() == 0
    assert len(tally.durations["latency"]) == tally.asked >= 1


def test_huge_bodies_are_thrown_away_as_they_come(origin: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asked(target(f"{origin}/huge", duration=0.1, concurrency=4))

    # 4 x 50 MB at a time
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


@pytest.mark.slow
def test_redirects_are_not_followed_and_that_is_told(origin: str) -> None:
    (warning,) = (text for text in asked(target(f"{origin}/redirect")).warnings if "redir" in text)
    assert "codec/parse" in warning

    meant = asked(target(f"{origin}/redirect", status=(302,)))
    assert not [text for text in meant.warnings if "redir" in text]


@pytest.mark.slow
def test_the_wanted_status_is_the_only_good_one(origin: str) -> None:
    assert asked(target(f"{origin}/status/404", status=(404,))).errors.total() == 0
    assert "status 200" in refused(target(f"{origin}/good", status=(404,))).message


def test_errors_have_a_rate_and_no_latency(origin: str) -> None:
    tally = asked(target(f"{origin}/tenth", rate=500.0))

    assert tally.asked == 100
    assert tally.errors == {"status 503": 10}
    assert len(tally.durations["latency"]) == 90


@pytest.mark.slow
def test_warming_up_is_a_tenth_of_a_launch_for_each_warm_up(origin: str) -> None:
    for warmup, requests in ((0, 1), (1, 5), (3, 15)):
        before = counts(origin)["requests"]
        CLIENT.warm_up(target(f"{origin}/good", rate=500.0, duration=0.1, warmup=warmup))
        assert counts(origin)["requests"] - before == requests


@pytest.mark.slow
def test_a_saturated_generator_warns(origin: str) -> None:
    # nothing can be sent that often
    tally = asked(target(f"{origin}/good", rate=20_000.0, duration=0.1))

    assert any("codec/parse" in text and "wrk" in text for text in tally.warnings)
    assert tally.asked == 2000


def test_more_connections_than_files_are_refused(origin: str) -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    error = refused(target(f"{origin}/good", concurrency=limit))

    assert f"wants {limit} connections" in error.message
    assert "ulimit" in error.hint


@pytest.mark.slow
def test_a_server_that_comes_back_costs_errors_and_not_the_launch(origin: str) -> None:
    whom = target(f"{origin}/good", rate=50.0, duration=1.5)
    tally = Tally()
    CLIENT.ask(whom, tally, 0)
    gone = replace(whom, url=f"{origin}/close")
    CLIENT.ask(gone, tally, 1)

    assert tally.errors == {"connection closed": tally.asked - len(tally.durations["latency"])}
    assert tally.asked == 75


def test_ctrl_c_in_the_middle_is_passed_on_at_once(origin: str) -> None:
    whom = target(f"{origin}/sleep/0.01", duration=60.0)
    gc.collect()  # what earlier tests have left open may go at any time
    files = len(list(Path("/proc/self/fd").iterdir()))
    requests = counts(origin)["requests"]

    def interrupt() -> None:
        while counts(origin)["requests"] < requests + 5:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        CLIENT.ask(whom, Tally(), 0)
    thread.join()

    assert len(list(Path("/proc/self/fd").iterdir())) <= files
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
