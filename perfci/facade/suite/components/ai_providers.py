"""`ai_providers`: real language models, whose answers are streamed.

`OPENAI_MODEL` with `OPENAI_BASE_URL`, `OPENAI_API_KEY` or both names a model behind an interface
like OpenAI's; `OLLAMA_MODEL`, and `OLLAMA_HOST` where it is not this machine, one of Ollama's. Both
may be set. Without the name of a model nothing is asked: answers may cost money.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from perfci.errors import ConfigurationError
from perfci.facade.config import RegressionTestType
from perfci.facade.suite.components.configured import work_from
from perfci.facade.suite.components.offered import Offered, Offers
from perfci.model.work import Ai, Work

_OPENAI = "https://api.openai.com/v1"
_OLLAMA_PORT = 11434
_HINT = (
    "set OPENAI_MODEL with OPENAI_BASE_URL or OPENAI_API_KEY, or OLLAMA_MODEL (with OLLAMA_HOST "
    "where it does not run on this machine)"
)
_LONGEST = 120
"""Characters of a model's name in the name of its tests."""
_PROMPT = "Describe in a few sentences what a tidy living room looks like."
_LISTENS_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - nothing is bound
_VALUES = (
    ("", RegressionTestType.AI_RESPONSE_TIME, "ai_response_time"),
    ("_first_token", RegressionTestType.LATENCY, "time_to_first_token"),
    ("_tokens", RegressionTestType.THROUGHPUT, "tokens_per_second"),
    ("", RegressionTestType.ERROR_RATE, "error_rate"),
)


def offers(environ: Mapping[str, str]) -> Offers:
    """Return the tests of every model that the variables name."""
    given = {name: text.strip() for name, text in environ.items() if text.strip()}
    tests = [test for name, table in _tables(given) for test in _of_one(name, table)]
    return Offers(tests=tuple(tests), missing=() if tests else (f"{_why(given)}: {_HINT}",))


def _why(given: Mapping[str, str]) -> str:
    if "OPENAI_MODEL" in given:
        return "OPENAI_MODEL is set, but neither OPENAI_BASE_URL nor OPENAI_API_KEY"
    there = next((name for name in ("OPENAI_BASE_URL", "OLLAMA_HOST") if name in given), "")
    return f"{there} is set, but the model is not named" if there else "no language model is named"


def _tables(given: Mapping[str, str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield provider and settings of each that can be asked."""
    if "OPENAI_MODEL" in given and ("OPENAI_BASE_URL" in given or "OPENAI_API_KEY" in given):
        table: dict[str, object] = {
            "url": given.get("OPENAI_BASE_URL", _OPENAI),
            "model": given["OPENAI_MODEL"],
            "dialect": "openai",
        }
        yield (
            "openai",
            table | ({"api_key_env": "OPENAI_API_KEY"} if "OPENAI_API_KEY" in given else {}),
        )
    if "OLLAMA_MODEL" in given:
        yield (
            "ollama",
            {
                "url": _ollama(given.get("OLLAMA_HOST", "")),
                "model": given["OLLAMA_MODEL"],
                "dialect": "ollama",
            },
        )


def _of_one(provider: str, table: Mapping[str, object]) -> Iterator[Offered]:
    names = (
        {"url": "OPENAI_BASE_URL", "model": "OPENAI_MODEL", "api_key_env": "OPENAI_API_KEY"}
        if provider == "openai"
        else {"url": "OLLAMA_HOST", "model": "OLLAMA_MODEL"}
    )
    trouble = None
    try:
        # one answer a launch: the launches are the test's iterations
        work: Work = work_from("ai", {**table, "prompt": _PROMPT, "requests": 1}, names)
    except ConfigurationError as error:
        work, trouble = Ai(url="", model="", prompt=""), error
    # brackets, commas and equals signs are what keys are made of
    model = re.sub(r"[^\w.:/@+-]+", "-", str(table["model"]))[:_LONGEST]
    for ending, test_type, metric in _VALUES:
        yield Offered(
            operation=f"{provider}{ending}[model={model}]",
            test_type=test_type,
            work=work,
            reads=metric,
            spelled={f"ai.{key}": name for key, name in names.items()},
            trouble=trouble,
        )


def _ollama(host: str) -> str:
    """Return the address in `OLLAMA_HOST`, in any of the forms that Ollama itself takes."""
    if "://" in host:
        return host
    try:
        parts = urlsplit(f"http://{host or '127.0.0.1'}")
        name, port = parts.hostname or "127.0.0.1", parts.port or _OLLAMA_PORT
    except ValueError:
        return host  # no address: told by the one check
    if "@" in parts.netloc:
        return f"http://{host}"
    name = _LISTENS_EVERYWHERE.get(name, f"[{name}]" if ":" in name else name)
    return f"http://{name}:{port}{parts.path}"
