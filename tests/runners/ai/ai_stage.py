"""What the tests of the AI client share: whom it asks, and one launch of it."""

from dataclasses import dataclass, field
from typing import Any

from perfci.errors import MeasurementError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Launch, Side
from perfci.model.work import Ai
from perfci.runners.ai.client import AiClient
from perfci.runners.failures import Subject
from perfci.runners.servers.asking import Tally, Target
from tests.runners.stage import bench, order

KEY = "sk-very/secret+0123456789"


def ai(url: str, *metrics: str, **settings: Any) -> Benchmark:
    given: dict[str, Any] = {
        "model": "tiny",
        "prompt": "Analyse this room",
        "requests": 2,
        "timeout": 20.0,
    }
    work = Ai(url=url, **given | settings)
    return bench(work, *(metrics or ("ai_response_time", "error_rate")))


def target(
    benchmark: Benchmark, *, secret: str = "", seed: int = 7, side: Side = Side.HEAD
) -> Target:
    assert isinstance(benchmark.work, Ai)
    subject = Subject(benchmark=benchmark, side=side, paired=True)
    return Target(subject=subject, url=benchmark.work.url, secret=secret, seed=seed)


@dataclass
class Launched:
    tally: Tally = field(default_factory=Tally)

    @property
    def launches(self) -> dict[str, Launch]:
        return self.tally.launches(order(bench(Ai(url="", model="", prompt=""))))

    def __getitem__(self, metric: str) -> float:
        (values,) = self.launches[metric].clocks.values()
        (value,) = values
        return value


def launch(asked: Target, client: AiClient | None = None) -> Launched:
    client = client or AiClient()
    launched = Launched()
    for part in range(client.parts(asked.benchmark)):
        client.ask(asked, launched.tally, part)
    return launched


def told(error: MeasurementError) -> str:
    """Everything of an error that a reader may see."""
    return f"{error.message}\n{error.hint}\n{error.output}\n{error!r}\n{error}"
