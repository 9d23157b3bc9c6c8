"""Who measures what: one runner a kind of work, imported and made when it is first needed."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfci.model.benchmark import Benchmark
from perfci.model.work import (
    Ai,
    Command,
    Function,
    HomeAssistant,
    Http,
    Results,
    System,
    Tool,
    Work,
)
from perfci.plan.plan import Plan
from perfci.ports import Observer, Places, Runner
from perfci.wiring.process import SystemClock
from perfci.wiring.project import Project, commits_of_job
from perfci.worktrees.leftovers import delete, run_folder

if TYPE_CHECKING:
    from perfci.runners.container.siblings import Siblings
    from perfci.runners.servers.asking import Client


@contextmanager
def runners(
    project: Project, plan: Plan, places: Places, observer: Observer
) -> Iterator[Callable[[Benchmark], Runner]]:
    """Choose the runner of each benchmark; end them all, with their children, at the end."""
    with ExitStack() as stack:
        scratch = run_folder(Path(tempfile.gettempdir()))
        stack.callback(delete, scratch)
        bench = _Bench(project, plan, places, scratch)
        made: dict[type[Work], Runner] = {}
        elsewhere = None
        if any(item.image for item in plan.benchmarks):
            from perfci.runners.container.siblings import Siblings

            elsewhere = Siblings(places, project.environ, observer.phase)
            stack.callback(elsewhere.close)
        makers: dict[type[Work], Callable[[], Runner]] = {
            Command: partial(bench.command, elsewhere),
            Function: partial(bench.function, elsewhere),
            Http: bench.http,
            Ai: bench.ai,
            HomeAssistant: bench.home_assistant,
            System: bench.system,
            Tool: bench.tool,
            Results: bench.results,
        }

        def runner(benchmark: Benchmark) -> Runner:
            kind = type(benchmark.work)
            if kind not in made:
                made[kind] = makers[kind]()
                stack.callback(made[kind].close)
            return made[kind]

        yield runner


class _Bench:
    """What every runner is made from."""

    def __init__(self, project: Project, plan: Plan, places: Places, scratch: Path) -> None:
        self._project = project
        self._plan = plan
        self._places = places
        self._scratch = scratch

    def command(self, elsewhere: "Siblings | None") -> Runner:
        from perfci.runners.commands.runner import CommandRunner

        return CommandRunner(self._places, self._project.environ, self._scratch, elsewhere)

    def function(self, elsewhere: "Siblings | None") -> Runner:
        from perfci.runners.callables.runner import FunctionRunner

        return FunctionRunner(
            self._places, self._project.environ, self._scratch, self._plan.interpreter, elsewhere
        )

    def http(self) -> Runner:
        from perfci.runners.http.client import HttpClient

        return self._served(HttpClient(SystemClock()))

    def ai(self) -> Runner:
        from perfci.runners.ai.client import AiClient

        return self._served(AiClient())

    def home_assistant(self) -> Runner:
        from perfci.runners.home_assistant.client import HomeAssistantClient

        return self._served(HomeAssistantClient(SystemClock()))

    def system(self) -> Runner:
        from perfci.runners.system.runner import SystemRunner

        return SystemRunner(SystemClock(), self._scratch)

    def tool(self) -> Runner:
        from perfci.runners.tools.runner import ToolRunner
        from perfci.wiring.formats import known_formats

        formats = known_formats().formats
        return ToolRunner(self._places, self._project.environ, self._scratch, formats)

    def results(self) -> Runner:
        from perfci.runners.tools.results import ResultsRunner
        from perfci.wiring.formats import known_formats

        project = self._project
        # a job about a pull request may call its target's tip its own commit
        heads = commits_of_job(project) - {project.context.base_commit}
        return ResultsRunner(project.root.resolve(), known_formats().formats, heads)

    def _served(self, client: "Client") -> Runner:
        from perfci.runners.servers.runner import ServedRunner

        return ServedRunner(self._places, self._project.environ, self._scratch, client)
