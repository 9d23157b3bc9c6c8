"""The AI client's own error: its figures against those of a server that notes what it does.

    python benchmarks/ai_client.py [ANSWERS]

The server is a process of its own and notes on the same clock when a request has arrived and when
it writes each piece of its answer. What a client sees beyond that is the client's error. The
peer, `openai` (pip install openai), asks on a connection that it keeps, answer by answer in turn
with perfci. A ratio of 1.000 is the truth.
"""

import asyncio
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from perfci.model.metric import built_in
from perfci.model.work import Ai
from perfci.runners.ai.client import AiClient
from perfci.runners.failures import Subject
from perfci.runners.servers.asking import Tally, Target

CASES = {
    "slow: 100 ms, 16 tokens 20 ms apart": (0.1, 0.02, 16),
    "quick: 10 ms, 64 tokens 2 ms apart": (0.01, 0.002, 64),
    "very quick: 2 ms, 256 tokens 0.3 ms apart": (0.002, 0.0003, 256),
}
"""Seconds to the first token, seconds between tokens, tokens; the waits are at least that."""
FIGURES = ("time to first token", "response time", "tokens per second")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one answer took."""

    first: float
    whole: float
    rate: float


async def serve() -> None:
    """Answer on a free port, and print what was done, a line an answer."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                print(json.dumps(await answer(reader, writer)), flush=True)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[float]:
    """Answer one request; return when it had come, and when each piece went out."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].split("\r\n")[0])
    asked = json.loads(await reader.readexactly(length))
    instants = [time.perf_counter()]
    first, gap, tokens = json.loads(asked["messages"][0]["content"])

    def write(told: str) -> None:
        event = f"data: {told}\n\n".encode()
        writer.write(b"%x\r\n%b\r\n" % (len(event), event))

    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    for number in range(tokens):
        await asyncio.sleep(gap if number else first)
        instants.append(time.perf_counter())
        write(_chunk({"content": " word"}))
    instants.append(time.perf_counter())
    write(_chunk({}, finish="stop"))
    write(json.dumps({"choices": [], "usage": {"completion_tokens": tokens}}))
    write("[DONE]")
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return instants


def _chunk(delta: dict[str, str], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    named = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
    return json.dumps({**named, "choices": [choice]})


def truth(instants: list[float]) -> Figures:
    """Return what an answer took at the server."""
    asked, first, *_, last, end = instants
    return Figures(
        first=first - asked, whole=end - asked, rate=(len(instants) - 3) / (last - first)
    )


def perfci_client(url: str) -> Callable[[str, int], Figures]:
    """Return perfci's own client, asking as it does in a run."""
    client = AiClient()

    def ask(prompt: str, tokens: int) -> Figures:
        work = Ai(url=url, model="tiny", prompt=prompt, requests=1, max_tokens=tokens, vary=False)
        benchmark = Benchmark(
            id=BenchmarkId(suite="ai", name="chat"),
            work=work,
            metrics=tuple(filter(None, [built_in("ai_response_time")])),
            timeout=60.0,
            warmup=0,
        )
        subject = Subject(benchmark=benchmark, side=Side.HEAD, paired=False)
        tally = Tally()
        client.ask(Target(subject=subject, url=url, seed=1), tally, 0)
        return Figures(
            first=tally.durations["time_to_first_token"][0],
            whole=tally.durations["ai_response_time"][0],
            rate=tally.values["tokens_per_second"][0],
        )

    return ask


def openai_client(url: str) -> Callable[[str, int], Figures] | None:
    """Return OpenAI's own client; None where it is not installed."""
    if importlib.util.find_spec("openai") is None:
        return None
    openai: Any = importlib.import_module("openai")
    client = openai.OpenAI(base_url=url, api_key="none", max_retries=0)

    def ask(prompt: str, tokens: int) -> Figures:
        begun = time.perf_counter()
        stream = client.chat.completions.create(
            model="tiny",
            messages=[{"role": "user", "content": prompt}],
            stream=True,
            stream_options={"include_usage": True},
            max_tokens=tokens,
        )
        instants = []
        told = 0
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                instants.append(time.perf_counter())
            if chunk.usage:
                told = chunk.usage.completion_tokens
        return Figures(
            first=instants[0] - begun,
            whole=time.perf_counter() - begun,
            rate=(told - 1) / (instants[-1] - instants[0]),
        )

    return ask


def compare(
    clients: dict[str, Callable[[str, int], Figures]],
    told: Iterator[str],
    case: tuple[float, float, int],
    answers: int,
) -> dict[str, list[tuple[Figures, Figures]]]:
    """Let the clients ask in turn; return what each saw beside what the server did."""
    found: dict[str, list[tuple[Figures, Figures]]] = {name: [] for name in clients}
    for number in range(answers + 1):
        for name, ask in clients.items():
            seen = ask(json.dumps(case), case[2])
            done = truth(json.loads(next(told)))
            if number:  # the first answer warms up
                found[name].append((seen, done))
    return found


def table(found: dict[str, list[tuple[Figures, Figures]]]) -> None:
    """Print a row a figure and client: the ratio to the truth, and the error in time."""
    for figure, attribute in zip(FIGURES, ("first", "whole", "rate"), strict=True):
        for name, pairs in found.items():
            seen = [getattr(one, attribute) for one, _ in pairs]
            done = [getattr(one, attribute) for _, one in pairs]
            ratios = [one / other for one, other in zip(seen, done, strict=True)]
            error = median(one - other for one, other in zip(seen, done, strict=True))
            far = quantiles(ratios, n=10)[0 if attribute == "rate" else -1]
            late = "" if attribute == "rate" else f"{error * 1e6:+9.0f} us"
            print(f"  {figure:20} {name:8} {median(ratios):9.4f} {far:9.4f} {late}")


def main() -> None:
    """Start the server, ask, and print a table a case."""
    if sys.argv[1:] == ["--serve"]:
        asyncio.run(serve())
        return
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True
    )
    lines = iter(server.stdout or ())
    try:
        url = f"http://127.0.0.1:{int(next(lines))}/v1"
        clients = {"perfci": perfci_client(url)}
        peer = openai_client(url)
        if peer:
            clients["openai"] = peer
        else:
            print("openai is not installed, so there is no peer: pip install openai")
        print(f"{answers} answers a client and case; ratios to the server's own figures")
        print(f"  {'figure':20} {'client':8} {'median':>9} {'worst 10%':>9} {'median error':>12}")
        for name, case in CASES.items():
            print(name)
            table(compare(clients, lines, case, answers))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
