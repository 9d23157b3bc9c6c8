"""A server of the project: started on one side, awaited, watched, and ended with its whole tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from perfci.errors import MeasurementError
from perfci.model.benchmark import Service
from perfci.model.text import printable
from perfci.runners.executables import find, why_not_found
from perfci.runners.failures import Subject, how, tail
from perfci.runners.processes.spawning import Ended, Spawner, Start
from perfci.runners.servers.ports import listens
from perfci.runners.servers.readiness import Waiting, port_of
from perfci.settings.parameters import fill

PORT = "port"
"""`{port}` in texts stands for the port that a service was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where and how a service is to run; all texts have their port filled in."""

    subject: Subject
    argv: tuple[str, ...]
    url: str
    """What will be asked."""
    ready: str
    """Address that answers once it is ready; empty for the port of `url`."""
    patience: float
    """Seconds that it gets to become ready."""
    cwd: Path
    environ: Mapping[str, str]
    output: Path
    """File that what it prints is written to."""
    tree: bool
    """Whether the memory of its whole process tree is watched."""

    @classmethod
    def of(
        cls, subject: Subject, service: Service, url: str, port: int, surroundings: "Surroundings"
    ) -> "Site":
        """Fill a port in wherever `{port}` stands, and in the variable PORT.

        Args:
            subject: whose service it is.
            service: as the user described it.
            url: of the work, as the user wrote it.
            port: of its own, or the fixed one of `url`.
            surroundings: the rest.
        """
        chosen = ((PORT, port),)
        own = {name: fill(value, chosen) for name, value in service.env}
        return cls(
            subject=subject,
            argv=tuple(fill(part, chosen) for part in service.argv),
            url=fill(url, chosen),
            ready=fill(service.ready, chosen),
            patience=service.timeout,
            cwd=surroundings.root / service.cwd,
            environ={**surroundings.environ, "PORT": str(port), **own},
            output=surroundings.output,
            tree=subject.benchmark.gates("memory_usage"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the side gives to its service."""

    root: Path
    environ: Mapping[str, str]
    output: Path


class RunningService:
    """A service that was started; whoever owns the spawner ends it where anything goes wrong.

    Args:
        site: where and how.
        spawner: starts it.

    Raises:
        MeasurementError: it cannot be started, or somebody else listens where it is to.
    """

    def __init__(self, site: Site, spawner: Spawner) -> None:
        self._site = site
        self._spawner = spawner
        subject = site.subject
        if not site.cwd.is_dir():
            folder = subject.benchmark.service.cwd if subject.benchmark.service else ""
            raise self._not_started(f"its folder {printable(folder)} does not exist")
        program = find(site.argv[0], site.cwd, site.environ)
        if program is None:
            raise self._not_started(*why_not_found(site.argv[0], site.cwd, site.environ))
        port = port_of(site.url)
        if listens(urlsplit(site.url).hostname or "", port):
            raise subject.error(
                f"needs port {port} for its service",
                after=", and another program listens there",
                hint="end that program (`ss -tlnp` names it), or let perfci choose the port:"
                " write {port} in `url` and in the service's `run`",
            )
        spawner.begin(
            Start(
                executable=program,
                argv=site.argv,
                cwd=site.cwd,
                environ=site.environ,
                output=site.output,
                tree=site.tree,
            )
        )

    def wait_until_ready(self) -> None:
        """Wait until it takes requests.

        Raises:
            MeasurementError: it ended, or its time was up; with the end of what it printed.
        """
        site = self._site
        waiting = Waiting(ready=site.ready, url=site.url, ended=self._spawner.fileno())
        if waiting.wait(site.patience):
            return
        self.check(" before it was ready")
        raise site.subject.error(
            f"has a service that was not ready within {site.patience:g} s",
            after=f": {_shown(site.ready or site.url)}: {waiting.last}",
            hint="raise the service's `timeout`, or let it listen where `ready` or `url` says",
            output=tail(site.output),
        )

    def check(self, when: str = " while it was asked") -> None:
        """Make sure that it still runs.

        Args:
            when: for the message.

        Raises:
            MeasurementError: it has ended; with the end of what it printed.
        """
        if not self._spawner.ended_within(0.0):
            return
        ended = self._spawner.wait()
        if ended.error:
            raise self._not_started(ended.error)
        hint = "a service has to stay in the foreground; one that becomes a daemon is ended"
        raise self._site.subject.error(
            "has a service that ended",
            after=f"{when}: it {how(ended)}",
            hint="" if ended.code else hint,
            output=tail(self._site.output),
        )

    def stop(self) -> Ended:
        """End it with everything that it has started; return what it took.

        Raises:
            MeasurementError: it cannot be ended.
        """
        ended = self._spawner.stop()
        if not ended.clean:
            raise self._site.subject.error(
                "has a service that left processes behind that cannot be ended",
                hint="they run as another user, or hang in the kernel",
                output=tail(self._site.output),
            )
        return ended

    def _not_started(self, why: str, hint: str = "") -> MeasurementError:
        return self._site.subject.error(
            "has a service that cannot be started", after=f": {why}", hint=hint
        )


def _shown(url: str) -> str:
    return printable(url.partition("?")[0], limit=300)
