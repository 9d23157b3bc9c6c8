"""Work that asks a server: a fresh service on each side, asked part by part in turn."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.mask import mask
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.model.work import Ai, Command, HomeAssistant, Http, Served
from perfci.ports import LaunchOrder, LaunchReport, Places
from perfci.runners.coins import coins
from perfci.runners.failures import Subject
from perfci.runners.imports.notes import Notes
from perfci.runners.processes.spawning import Spawner
from perfci.runners.servers.asking import Client, Target
from perfci.runners.servers.ports import free_port
from perfci.runners.servers.readiness import port_of
from perfci.runners.servers.server import Server
from perfci.runners.servers.service import PORT, RunningService, Site, Surroundings
from perfci.runners.two_sides import Territory, refuse_shared_modules, refuse_shared_programs
from perfci.runners.variables import variables
from perfci.settings.parameters import fill, mentions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """Servers that are asked at the same time."""

    benchmark: Benchmark
    sides: tuple[Side, ...]
    """Those that are asked now, in the order in which they are started."""
    paired: bool
    """Whether there are two sides at all."""
    environ: Mapping[str, str]
    """What the services get."""
    seed: int


class ServedRunner:
    """Measures whatever asks a server, by a client for its kind of server.

    Args:
        places: where the sides lie; services start in their roots.
        environ: perfci's own variables; secrets are read from them.
        scratch: folder for what services print; its owner removes it.
        client: asks.
    """

    def __init__(
        self, places: Places, environ: Mapping[str, str], scratch: Path, client: Client
    ) -> None:
        self._places = places
        self._environ = environ
        self._scratch = scratch
        self._client = client
        self._spawners = {side: Spawner() for side in Side}

    def prepare(self, benchmark: Benchmark, sides: tuple[Side, ...]) -> None:
        """Start, ask a little and stop on each side; see `Runner.prepare`."""
        self._secret(benchmark)
        paired = len(sides) > 1
        if paired and benchmark.service is None:
            raise _one_server(benchmark)
        for side in sides:
            environ = variables(self._environ, seed=0)
            notes = Notes(self._scratch / "service-imports", served=True)
            if paired:
                environ = notes.asked_of(environ)
            visit = _Visit(
                benchmark=benchmark, sides=(side,), paired=paired, environ=environ, seed=0
            )
            with self._servers(visit) as servers:
                servers[side].reach(self._client.warm_up)
            if paired:
                territory = Territory.of(self._places, side)
                refuse_shared_modules(notes.modules(), territory, str(benchmark.id))

    def launch(self, order: LaunchOrder) -> LaunchReport:
        """Ask a fresh service on each side, part by part in turn; see `Runner.launch`."""
        benchmark = order.benchmark
        first, *tosses = coins(order.seed, 1 + self._client.parts(benchmark))
        sides = order.sides if first else tuple(reversed(order.sides))
        sleep(benchmark.cooldown)
        found: dict[Side, Server] = {}
        # where both need the same port, one waits until the other is gone
        together = mentions(_work(benchmark).url, PORT)
        for group in (sides,) if together else tuple((side,) for side in sides):
            visit = _Visit(
                benchmark=benchmark,
                sides=group,
                paired=len(sides) > 1,
                environ=variables(self._environ, order.seed),
                seed=order.seed,
            )
            with self._servers(visit) as servers:
                found |= servers
                for server in servers.values():
                    server.reach(self._client.warm_up)
                for part, base_first in enumerate(tosses):
                    for side in sorted(group, reverse=not base_first):
                        servers[side].ask(self._client, part)
        warnings = (text for server in found.values() for text in server.tally.warnings)
        return LaunchReport(
            launches={side: found[side].launches(order) for side in order.sides},
            warnings=tuple(dict.fromkeys(warnings)),
        )

    def close(self) -> None:
        """End whatever still runs; safe to call twice."""
        for spawner in self._spawners.values():
            spawner.close()

    @contextmanager
    def _servers(self, visit: _Visit) -> Iterator[dict[Side, Server]]:
        """Start services and stop them; whatever goes wrong, nothing of them is left."""
        secret = self._secret(visit.benchmark)
        servers: dict[Side, Server] = {}
        ports: set[int] = set()
        try:
            for side in visit.sides:
                port = _port(visit.benchmark, ports)
                ports.add(port)
                servers[side] = self._start(visit, side, port, secret)
            for server in servers.values():
                if server.service:
                    server.service.wait_until_ready()
            yield servers
            for server in servers.values():
                if server.service:
                    server.ended = server.service.stop()
        except MeasurementError as error:
            self.close()
            if secret:  # a server's log may hold what it was told
                error.output = mask(error.output, secret)
            raise
        except BaseException:
            self.close()
            raise

    def _start(self, visit: _Visit, side: Side, port: int, secret: str) -> Server:
        benchmark = visit.benchmark
        subject = Subject(benchmark=benchmark, side=side, paired=visit.paired)
        url = fill(_work(benchmark).url, ((PORT, port),))
        service = None
        if benchmark.service:
            surroundings = Surroundings(
                root=self._places.roots[side],
                environ=visit.environ,
                output=self._scratch / f"{side}-service-output",
            )
            site = Site.of(subject, benchmark.service, url, port, surroundings)
            if visit.paired:
                refuse_shared_programs(
                    Command(argv=site.argv, shell=benchmark.service.shell),
                    Territory.of(self._places, side),
                    site.environ,
                    str(benchmark.id),
                    cwd=benchmark.service.cwd,
                )
            service = RunningService(site, self._spawners[side])
        target = Target(subject=subject, url=url, secret=secret, seed=visit.seed)
        return Server(target=target, service=service)

    def _secret(self, benchmark: Benchmark) -> str:
        """Return the secret that the client needs; empty where it needs none.

        Raises:
            MeasurementError: its variable is not set, or holds what cannot be sent.
        """
        name = self._client.secret_env(benchmark)
        if not name:
            return ""
        # a file's last line break is not part of what was copied from it
        secret = self._environ.get(name, "").strip()
        subject = Subject(benchmark=benchmark, side=Side.HEAD, paired=False)
        if not secret:
            raise subject.error(
                "needs a secret",
                after=f" from the variable {printable(name)}, which is not set or empty",
                hint=f"set it where perfci runs; in a workflow: env: {printable(name)}:"
                f" ${{{{ secrets.{printable(name)} }}}}",
            )
        if not secret.isprintable():
            raise subject.error(
                "has a secret that cannot be sent",
                after=f": the variable {printable(name)} holds a line break or a control character",
                hint="does it hold more than the token itself?",
            )
        return secret


def _port(benchmark: Benchmark, taken: set[int]) -> int:
    """Return a service's port: the one in the address, or a free one in the place of `{port}`."""
    url = _work(benchmark).url
    return free_port(taken) if mentions(url, PORT) else port_of(url)


def _one_server(benchmark: Benchmark) -> MeasurementError:
    return MeasurementError(
        f"{printable(str(benchmark.id))} has no service that perfci starts, so base and head would"
        " be the same server (add `service:` with {port} in its `run` and in the url, or compare"
        " with earlier runs by --mode history)",
        side=Side.BASE,
        absent=True,
    )


def _work(benchmark: Benchmark) -> Served:
    work = benchmark.work
    assert isinstance(work, Http | Ai | HomeAssistant)  # noqa: S101 - wiring chooses by the work
    return work
