"""What an entry may measure beside commands and callables, and what wrong ones are told."""

from collections.abc import Callable

import pytest

from perfci.model.benchmark import Benchmark, Service
from perfci.model.measured import MEASURED, YIELDS
from perfci.model.metric import Better, built_in
from perfci.model.work import Ai, Command, Function, HomeAssistant, Http, System
from perfci.settings.benchmarks import expand
from perfci.settings.load import Loaded
from perfci.settings.policy import policy_of

Load = Callable[..., Loaded]
Complaints = Callable[..., list[str]]


def first(loaded: Loaded) -> Benchmark:
    return expand(loaded)[0]


def names(benchmark: Benchmark) -> list[str]:
    return [metric.name for metric in benchmark.metrics]


def test_the_contracts_own_examples_mean_what_they_say(load_from: Load) -> None:
    text = """
benchmarks:
  - name: health
    http: {url: "http://127.0.0.1:8000/health", concurrency: 8, duration: 10s}
    service: {run: ./server, ready: "http://127.0.0.1:8000/health"}
  - name: chat
    ai: {url: "http://127.0.0.1:8080/v1", model: tiny, prompt: "Analyse this room"}
  - name: hub
    home_assistant: {url: "http://127.0.0.1:8123", token_env: HA_TOKEN}
  - name: runner
    system: {}
"""
    health, chat, hub, runner = expand(load_from(text))

    assert health.work == Http(url="http://127.0.0.1:8000/health", concurrency=8, duration=10.0)
    assert health.service == Service(
        argv=("/bin/sh", "-c", "./server"),
        shell=True,
        ready="http://127.0.0.1:8000/health",
    )
    assert chat.work == Ai(url="http://127.0.0.1:8080/v1", model="tiny", prompt="Analyse this room")
    assert hub.work == HomeAssistant(url="http://127.0.0.1:8123")
    assert runner.work == System()
    assert names(health) == ["latency", "error_rate"]
    assert names(chat) == ["ai_response_time", "error_rate"]
    assert names(hub) == ["ha_integration", "error_rate"]
    assert names(runner) == ["system_health"]


def test_a_command_has_everything_that_it_needs_around_it(load_from: Load) -> None:
    text = """
benchmarks:
  - name: parse
    run: [app, "{file}"]
    prepare: "rm -rf {file}.out"
    cleanup: [rm, "{file}.out"]
    startup: [app, --help]
    input: "data/{file}"
    exit_codes: [0, 3]
    env: {MODE: "fast {file}"}
    cwd: tools
    image: "node:22"
    parameters: {file: [a b]}
"""
    benchmark = first(load_from(text))

    assert benchmark.work == Command(
        argv=("app", "a b"),
        prepare=("/bin/sh", "-c", "rm -rf 'a b'.out"),
        cleanup=("rm", "a b.out"),
        startup=("app", "--help"),
        input="data/a b",
        exit_codes=(0, 3),
    )
    assert benchmark.env == (("MODE", "fast a b"),)
    assert (benchmark.cwd, benchmark.image) == ("tools", "node:22")


def test_a_callable_has_its_set_up_and_all_their_files_come_from_head(load_from: Load) -> None:
    text = """
benchmarks:
  - {name: a, python: "b/one.py:f", setup: "b/two.py:make", teardown: "mod:end", gc: true}
"""
    work = first(load_from(text)).work

    assert work == Function(target="b/one.py:f", setup="b/two.py:make", teardown="mod:end", gc=True)
    assert isinstance(work, Function)
    assert work.paths == ("b/one.py", "b/two.py")


def test_parameters_are_put_into_requests_and_quoted_where_they_are_part_of_an_address(
    load_from: Load,
) -> None:
    text = """
benchmarks:
  - name: search
    http:
      url: "http://127.0.0.1:{port}/find?q={query}"
      method: POST
      body: "<{query}>"
      headers: {X-Query: "{query}"}
      rate: 200/s
      status: [200, 404]
      token_env: API_TOKEN
    service: {run: "serve --port {port} {query} ${port}", env: {Q: "{query}"}, timeout: 5s}
    parameters: {query: ["a b&c"]}
"""
    benchmark = first(load_from(text))

    assert benchmark.work == Http(
        url="http://127.0.0.1:{port}/find?q=a%20b%26c",
        method="POST",
        body="<a b&c>",
        headers=(("X-Query", "a b&c"),),
        rate=200.0,
        status=(200, 404),
        token_env="API_TOKEN",
    )
    assert benchmark.service is not None
    assert benchmark.service.argv[-1] == "serve --port {port} 'a b&c' ${port}"
    assert benchmark.service.env == (("Q", "a b&c"),)
    assert benchmark.service.timeout == 5.0


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("http: {}", "benchmarks[0].http has no url"),
        (
            "http: {url: '127.0.0.1:80'}",
            "benchmarks[0].http.url: '127.0.0.1:80' is not like http://127.0.0.1:8000/path",
        ),
        (
            "http: {url: 'http://me:secret@h/'}",
            (
                "benchmarks[0].http.url: the address holds a user or a password; "
                "name a variable: token_env"
            ),
        ),
        (
            "http: {url: 'http://h/', headers: {Authorization: Bearer x}}",
            (
                "benchmarks[0].http.headers: Authorization is a secret; name the variable that "
                "holds it: token_env"
            ),
        ),
        (
            "http: {url: 'http://h/', rate: 200}",
            "benchmarks[0].http.rate: 200 has no unit; write it like 200/s",
        ),
        (
            "http: {url: 'http://h:{port}/'}",
            "benchmarks[0] has {port} in its url, but no service that could listen there",
        ),
        (
            "http: {url: 'http://h/'}, metrics: [memory_usage]",
            "benchmarks[0] can measure memory_usage only of a service that perfci starts",
        ),
        (
            "http: {url: 'http://h/{port}'}, service: {run: x}, parameters: {port: [1]}",
            "benchmarks[0] has a parameter port, but {port} is the port that perfci chooses",
        ),
        (
            "run: x, metrics: [throughput]",
            (
                "benchmarks[0] has no throughput to measure; run has latency, cpu_time, cpu_usage, "
                "memory_usage, instructions"
            ),
        ),
        (
            "system: {}, metrics: [latency_p99]",
            (
                "benchmarks[0] has no latency_p99 to measure; system has system_health, "
                "resource_utilization"
            ),
        ),
        (
            "run: x, image: a, metrics: [instructions]",
            "benchmarks[0] cannot count instructions in an image; leave out one of the two",
        ),
        ("run: x, gc: true", "benchmarks[0] has gc, which is for python, not for run"),
        (
            "http: {url: 'http://h/'}, image: a",
            "benchmarks[0] has image, which is for run or python, not for http",
        ),
        (
            "run: x, service: {run: y}",
            "benchmarks[0] has service, which is for http or ai or home_assistant, not for run",
        ),
        ("ai: {url: 'http://h/', model: m}", "benchmarks[0].ai has no prompt"),
        (
            "ai: {url: 'http://h/', model: m, prompt: p, api_key_env: sk-123}",
            (
                "benchmarks[0].ai.api_key_env: it is not the name of a variable; a secret "
                "belongs into one"
            ),
        ),
        (
            "home_assistant: {url: 'http://h/', call: toggle}",
            "benchmarks[0].home_assistant.call: 'toggle' is not like input_boolean.toggle",
        ),
        (
            "home_assistant: {url: 'http://h/', entity: light.kitchen}",
            "benchmarks[0].home_assistant has an entity, but no call that would change it",
        ),
        ("run: x, cwd: /tmp", "benchmarks[0].cwd: '/tmp' must be a path inside the project"),
        ("run: x, input: ../a", "benchmarks[0].input: '../a' must be a path inside the project"),
        ("run: x, exit_codes: []", "benchmarks[0].exit_codes: the list is empty"),
        (
            "run: x, env: {'A B': c}",
            ("benchmarks[0].env.A B: it is not the name of a variable; a secret belongs into one"),
        ),
    ],
)
def test_a_wrong_entry_is_told_in_plain_words(
    complaints: Complaints, entry: str, line: str
) -> None:
    assert complaints(f"benchmarks: [{{name: a, {entry}}}]") == [f"{line} (perfci.yml, line 1)"]


def test_a_budget_may_limit_a_rate_and_a_share(load_from: Load) -> None:
    text = """
benchmarks: [{name: a, http: {url: 'http://h/'}, metrics: [throughput, error_rate]}]
gate:
  rules:
    - {match: "*:throughput", budget: 200/s}
    - {match: "*:error_rate", budget: 1%}
"""
    rules = load_from(text).settings.gate.rules

    assert [rule.budget for rule in rules] == [(200.0, "1/s"), (0.01, "ratio")]


def test_a_count_and_what_has_a_unit_of_its_own_are_limited_by_plain_numbers(
    load_from: Load,
) -> None:
    text = """
benchmarks: [{name: a, python: 'a.py:f', metrics: [instructions]}, {name: b, system: {}}]
gate:
  rules:
    - {match: "*:instructions", budget: 1000000, threshold: 2%, at_least: 500}
    - {match: "*:system_health", budget: 80}
"""
    loaded = load_from(text)

    policy = policy_of(loaded.settings, expand(loaded))

    assert [rule.budget for rule in policy.rules] == [1e6, 80]
    told = loaded.settings.model_dump(mode="json")["gate"]["rules"][0]
    assert (told["budget"], told["at_least"]) == ("1000000", "500")


def test_every_metric_of_every_kind_is_known_with_unit_and_direction() -> None:
    assert all(built_in(name) for name in MEASURED)
    assert all(set(each.usual) <= set(each.all) for each in YIELDS.values())
    p99, throughput = built_in("latency_p99"), built_in("throughput")
    assert p99 is not None
    assert (p99.name, p99.unit, p99.better) == ("latency_p99", "s", Better.LOWER)
    assert throughput is not None
    assert throughput.better is Better.HIGHER
    assert built_in("latency_p98") is None
    assert built_in("_p99") is None
