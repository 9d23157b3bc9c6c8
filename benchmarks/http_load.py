"""How good a load generator perfci is: pacing, honesty about stalls, and speed.

    python benchmarks/http_load.py [ROUNDS]

Three tables, measured here and now and interleaved in rounds, beside wrk and ab, against nginx
(`apt-get install wrk apache2-utils nginx-light`) or, without it, a small server of our own:

* pacing: how late the requests of an open loop go out.
* a server that is stopped for 1 s in every 5: what its callers wait is known. Calls come evenly, so
  a fifth of them waits between 0 and 1 s: 10 % wait longer than 0.5 s, and 1 % longer than 0.95 s.
* speed of a closed loop with 1 and 8 connections, and the processor time of the generator.
"""

import asyncio
import os
import re
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np

from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from perfci.model.work import Http
from perfci.runners.failures import Subject
from perfci.runners.http.client import HttpClient, new_loop
from perfci.runners.http.pacer import Pacer
from perfci.runners.http.phases import Grid, open_loop, processor_seconds
from perfci.runners.servers.asking import Tally, Target
from perfci.runners.servers.ports import free_port, listens
from perfci.wiring.process import SystemClock

TICKS = SystemClock().ticks
CLIENT = HttpClient(SystemClock())
SENT = b"HTTP/1.1 200 OK\r\nContent-Length: 62\r\nConnection: keep-alive\r\n\r\n" + b"x" * 62
NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 "{body}"; }} }} }}
"""


_PERCENT = re.compile(r"^\s+(\d+)%\s+([\d.]+)(us|ms|s|m)$", re.MULTILINE)


class Answering(asyncio.Protocol):
    """Answers whatever comes with 62 bytes: one read, one write."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer each request of a read."""
        self.transport.write(SENT * data.count(b"\r\n\r\n"))


async def answer(port: int) -> None:
    """Serve until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", port)
    await server.serve_forever()


@dataclass(slots=True, kw_only=True)
class Figures:
    """What one generator measured in one run; rates in 1/s, times in s."""

    rate: float = 0.0
    p50: float = 0.0
    p90: float = 0.0
    p99: float = 0.0
    cpu: float = 0.0
    """Seconds of processor time a request."""


@dataclass(slots=True, kw_only=True)
class Server:
    """The server that is asked."""

    pid: int
    url: str


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Run nginx, or the server of this file, as one process."""
    port = free_port()
    argv = [sys.executable, __file__, "--serve", str(port)]
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx:
        file = folder / "nginx.conf"
        file.write_text(NGINX.format(folder=folder, port=port, body="x" * 62))
        argv = [nginx, "-c", str(file), "-e", "/dev/null"]
    pid = os.posix_spawn(argv[0], argv, os.environ)
    try:
        while not listens("127.0.0.1", port):
            time.sleep(0.02)
        name = "nginx" if nginx else "this file's own (nginx is not installed)"
        print(f"\nserver: {name}, one process, 62 bytes")
        yield Server(pid=pid, url=f"http://127.0.0.1:{port}/")
    finally:
        os.kill(pid, signal.SIGCONT)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def perfci(server: Server, seconds: float, connections: int, rate: float | None = None) -> Figures:
    """Ask as a launch does, part by part."""
    work = Http(url=server.url, concurrency=connections, rate=rate, duration=seconds)
    benchmark = Benchmark(
        id=BenchmarkId(suite="load", name="http"), work=work, metrics=(), timeout=60, warmup=1
    )
    subject = Subject(benchmark=benchmark, side=Side.HEAD, paired=False)
    target = Target(subject=subject, url=work.url, seed=0)
    tally = Tally()
    for part in range(CLIENT.parts(benchmark)):
        CLIENT.ask(target, tally, part)
    if tally.errors:
        raise SystemExit(f"the server did not answer well: {dict(tally.errors)}")
    p50, p90, p99 = np.percentile(tally.durations["latency"], (50, 90, 99))
    return Figures(
        rate=tally.totals["throughput"],
        p50=p50,
        p90=p90,
        p99=p99,
        cpu=tally.account["cpu"] / tally.asked,
    )


def output_and_cpu(argv: list[str]) -> tuple[str, float]:
    """Run a program; return what it printed and its processor time in seconds."""
    with tempfile.TemporaryFile() as file:
        actions = [(os.POSIX_SPAWN_DUP2, file.fileno(), number) for number in (1, 2)]
        pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        file.seek(0)
        text = file.read().decode(errors="replace")
    if status:
        raise SystemExit(f"{argv[0]} failed: {text}")
    return text, usage.ru_utime + usage.ru_stime


def wrk(server: Server, seconds: float, connections: int) -> Figures:
    """Ask by wrk, one thread."""
    argv = ["wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "--latency", server.url]
    text, cpu = output_and_cpu(argv)
    units = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
    percent = {number: float(value) * units[unit] for number, value, unit in _PERCENT.findall(text)}
    number = int(re.findall(r"(\d+) requests in", text)[0])
    return Figures(
        rate=float(re.findall(r"Requests/sec:\s+([\d.]+)", text)[0]),
        p50=percent["50"],
        p90=percent["90"],
        p99=percent["99"],
        cpu=cpu / number,
    )


def ab(server: Server, seconds: float, connections: int) -> Figures:
    """Ask by ab, connections kept."""
    with tempfile.NamedTemporaryFile() as file:
        most = ["-t", str(round(seconds)), "-n", "100000000"]
        argv = ["ab", "-q", "-k", "-c", str(connections), *most, "-e", file.name, server.url]
        text, cpu = output_and_cpu(argv)
        lines = Path(file.name).read_text().split("\n")[1:]
    percent = {number: float(ms) / 1e3 for number, ms in (it.split(",") for it in lines if it)}
    number = int(re.findall(r"Complete requests:\s+(\d+)", text)[0])
    return Figures(
        rate=float(re.findall(r"Requests per second:\s+([\d.]+)", text)[0]),
        p50=percent["50"],
        p90=percent["90"],
        p99=percent["99"],
        cpu=cpu / number,
    )


def peers() -> dict[str, Callable[[Server, float, int], Figures]]:
    """Return the other generators that are installed."""
    return {name: run for name, run in {"wrk": wrk, "ab": ab}.items() if shutil.which(name)}


async def paced(rate: float, *, kernel: bool) -> list[float]:
    """Return how late a pacer woke, in seconds; one second of it."""
    late = []
    with Pacer(TICKS, kernel=kernel) as pacer:
        begun = TICKS()
        for index in range(round(rate)):
            intended = begun + (index + 1) / rate
            await pacer.until(intended)
            late.append(TICKS() - intended)
    return late


async def sent(rate: float) -> list[float]:
    """Return how late an open loop hands over its requests, in seconds; one second of it."""
    patience = 10.0
    late: list[float] = []

    async def exchange(left: float) -> str:
        late.append(patience - left)
        return ""

    number = round(rate)
    grid = Grid(rate=rate, enough=number, most=number, patience=patience, in_flight=512)
    await open_loop(exchange, TICKS, grid)
    return late


def pacing(rounds: int) -> None:
    """Print how late requests go out."""
    print(f"\n{'pacing: late by, us':44}{'p50':>8}{'p99':>8}{'core':>6}   (target: p50 100)")
    ways: dict[str, Callable[[float], Coroutine[Any, Any, list[float]]]] = {
        "kernel's timer": lambda rate: paced(rate, kernel=True),
        "kernel's timer, request handed over": sent,
        "event loop's own timer": lambda rate: paced(rate, kernel=False),
    }
    for rate in (200.0, 2000.0):
        late: dict[str, list[float]] = {name: [] for name in ways}
        cpu = dict.fromkeys(ways, 0.0)
        for _ in range(rounds):
            for name, way in ways.items():
                before = processor_seconds()
                with asyncio.Runner(loop_factory=new_loop()) as runner:
                    late[name] += runner.run(way(rate))
                cpu[name] += processor_seconds() - before
        for name, seconds in late.items():
            p50, p99 = np.percentile(seconds, (50, 99)) * 1e6
            share = cpu[name] / rounds
            print(f"{f'{rate:.0f}/s {name}':44}{p50:8.0f}{p99:8.0f}{share:6.0%}")


@contextmanager
def stopping(server: Server) -> Iterator[None]:
    """Stop the server for 1 s in every 5, from the third second on."""
    over = threading.Event()

    def stop_and_go() -> None:
        while not over.wait(3.0):
            os.kill(server.pid, signal.SIGSTOP)
            over.wait(1.0)
            os.kill(server.pid, signal.SIGCONT)
            over.wait(1.0)

    thread = threading.Thread(target=stop_and_go)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def stalls(server: Server, rounds: int) -> None:
    """Print what each generator makes of a server that is stopped now and then."""
    print(f"\n{'stopped 1 s in 5, 10 s a run':32}{'p90 s':>10}{'p99 s':>10}{'p99/truth':>12}")
    print(f"{'truth':32}{0.5:10.3f}{0.95:10.3f}{1:12.2f}   (target: within 5 %)")
    ways: dict[str, Callable[[], Figures]] = {
        "perfci, open loop, 200/s": lambda: perfci(server, 10.0, 1, 200.0),
        "perfci, closed loop": lambda: perfci(server, 10.0, 1),
    }
    for name, run in peers().items():
        ways[f"{name}, 1 connection"] = partial(run, server, 10.0, 1)
    for name, figures in in_rounds(ways, rounds, lambda: stopping(server)).items():
        p90, p99 = median(figures, "p90"), median(figures, "p99")
        print(f"{name:32}{p90:10.3f}{p99:10.3f}{p99 / 0.95:12.2f}")


def speed(server: Server, rounds: int) -> None:
    """Print how fast each generator asks, with ratios to wrk in the same round."""
    for connections in (1, 8):
        ways: dict[str, Callable[[], Figures]] = {
            name: partial(run, server, 2.0, connections) for name, run in peers().items()
        }
        ways["perfci"] = partial(perfci, server, 2.0, connections)
        found = in_rounds(ways, rounds, nullcontext)
        other = found.get("wrk") or found["perfci"]
        columns = f"{'1/s':>10}{'ratio':>8}{'p50 us':>10}{'ratio':>8}{'CPU us each':>14}"
        print(f"\n{f'closed loop, {connections} connection(s)':32}{columns}")
        for name, figures in found.items():
            shares = [ratios(figures, other, what) for what in ("rate", "p50")]
            print(
                f"{name:32}{median(figures, 'rate'):10.0f}{shares[0]:8.2f}"
                f"{median(figures, 'p50') * 1e6:10.0f}{shares[1]:8.2f}"
                f"{median(figures, 'cpu') * 1e6:14.1f}"
            )


def in_rounds(
    ways: Mapping[str, Callable[[], Figures]],
    rounds: int,
    around: Callable[[], AbstractContextManager[None]],
) -> dict[str, list[Figures]]:
    """Run every way once a round; return what each found, round by round."""
    found: dict[str, list[Figures]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            with around():
                found[name].append(way())
    return found


def median(figures: list[Figures], what: str) -> float:
    """Return the median over the rounds."""
    return float(statistics.median(getattr(each, what) for each in figures))


def ratios(figures: list[Figures], other: list[Figures], what: str) -> float:
    """Return the median of the ratios to another generator in the same round."""
    pairs = zip(figures, other, strict=True)
    return float(statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs))


def main() -> None:
    """Print the tables, or be the server."""
    if sys.argv[1:2] == ["--serve"]:
        asyncio.run(answer(int(sys.argv[2])))
        return
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    loop = "uvloop" if new_loop() else "asyncio (uvloop is not installed)"
    print(f"{rounds} rounds, load average {os.getloadavg()[0]:.1f}, event loop: {loop}")
    pacing(rounds)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        for name in ("wrk", "ab"):
            if not shutil.which(name):
                print(f"{name} is not installed and is left out")
        stalls(server, max(1, rounds // 2))
        speed(server, rounds)


if __name__ == "__main__":
    main()
