"""Whole evaluations that the reports are tried on."""

from dataclasses import replace

from perfci.gate.policy import Policy, Rule
from perfci.model.evaluation import Evaluation
from perfci.model.measurement import Failure, Side
from perfci.model.metric import Better, Metric
from perfci.model.revision import Mode, Revision
from tests.reports.builders import (
    BASE,
    ERRORS,
    HEAD,
    HEALTH,
    MEMORY,
    P99,
    THROUGHPUT,
    came,
    evaluation,
    nothing,
    stored,
    unchanged,
)

PARSE = came(
    "codec/parse[size=16MB]",
    "regressed",
    0.612,
    (0.570, 0.651),
    launches=22,
    suspecting=4,
    detectable=0.052,
)
ENCODE = came("codec/encode", "improved", -0.124, (-0.141, -0.109), base=0.0081)
API = came(
    "api/health",
    "inconclusive",
    0.039,
    (-0.012, 0.091),
    metric=P99,
    base=0.00231,
    detectable=0.09,
    needed=30,
)
CRASH = nothing(came("io/write", "failed"), "failed", "it ended with exit code 139")


def picture(**more: object) -> Evaluation:
    """The suite of experience.md: one worse, one better, one in doubt, 21 unchanged."""
    return evaluation(PARSE, ENCODE, API, *unchanged(21), **more)  # type: ignore[arg-type]


def first_run() -> Evaluation:
    comparisons = [
        came(f"codec/fresh-{index:02}", "new", base=None, launches=4) for index in range(34)
    ]
    return evaluation(*comparisons, mode=Mode.RECORD, recorded="file:.perfci")


def nothing_moved() -> Evaluation:
    return evaluation(*unchanged(24))


def failed() -> Evaluation:
    output = "loading fixtures\n```\n::error::forged\n##[error]forged\n\x1b[31mSegmentation fault\n"
    failure = Failure(id=CRASH.id, side=Side.HEAD, reason="exit code 139", output=output)
    return evaluation(CRASH, *unchanged(3), failures=(failure,))


HOSTILE = (
    "@everyone",
    "](javascript:alert(1))",
    "<script>alert(1)</script>",
    "::error::forged",
    "##[error]forged",
    "a|b\\|c",
    "line one\n/close\r\n# heading",
    "\u202egnp.exe\u202c \u200f\u05e2\u05d1\u05e8\u05d9\u05ea\u200f",
    "`` ` ``",
    "\x1b[31mred\x1b[0m \x00\ufffe\ud800",
    "名前が広い",
    "#123 !5 https://evil.example/x www.evil.example",
    "-->",
    "x" * 60_000,
)


def hostile() -> Evaluation:
    """Every name that somebody could think of, as a regression."""
    worse = [came(f"{name}/{name}", "regressed", 0.5 + 0.01 * i) for i, name in enumerate(HOSTILE)]
    text = "\n".join(HOSTILE)
    odd = Metric(name=f"m{text}", unit=f"<b>\x1b[1m|\n::error::{text}", better=Better.LOWER)
    worse.append(came("io/metric", "regressed", 0.4, metric=odd))
    broken = nothing(came("io/hostile", "failed"), "failed", text)
    failure = Failure(id=broken.id, side=Side.HEAD, reason=text, output=f"{text}\n{'`' * 9}\n")
    doubt = replace(came("io/doubt", "inconclusive", 0.03), explanation=text)
    found = evaluation(*worse, broken, doubt, failures=(failure,), warnings=(text,))
    recording = replace(
        found.recording,
        project=text,
        head=Revision(commit=HEAD.commit, ref="](javascript:alert(1))<script>"),
        base=Revision(commit=BASE.commit, ref="`x` | @everyone"),
    )
    return replace(found, recording=recording, reproduce="perfci run --base '`x` | @everyone'")


def many(number: int, *, worse: int = 0) -> Evaluation:
    """A large suite, as a stored result keeps it: without its launches."""
    regressed = [
        came(f"suite-{index % 9}/bench-{index}", "regressed", 0.2 + index / 1000, launches=22)
        for index in range(worse)
    ]
    return evaluation(*regressed, *unchanged(number - worse), launches=False)


def kinds() -> Evaluation:
    """Metrics whose direction or unit is not plain, a budget, and what is new or gone."""
    slow = came("api/list", "regressed", -0.2, metric=THROUGHPUT, base=5200.0)
    errors = came("api/list", "regressed", 0.021, metric=ERRORS, base=0.001)
    heavy = came("codec/parse", "unchanged", 0.0, metric=MEMORY, base=640e6)
    health = came("home/hub", "improved", 0.04, metric=HEALTH, base=81.0)
    new = came("codec/decode", "new", base=None, launches=4)
    gone = replace(came("codec/old", "missing"), head=None, launches=0)
    weak = came("codec/scan", "regressed", 0.07, weak=True)
    policy = Policy(rules=(Rule(match="*:memory_usage", budget=512e6),))
    return evaluation(slow, errors, heavy, health, new, gone, weak, *unchanged(2), policy=policy)


def against_history() -> Evaluation:
    parse = replace(PARSE, paired=False, weak=True, explanation="the history has 7 runs")
    history = stored(PARSE.key, runs=7)
    return evaluation(parse, *unchanged(3), mode=Mode.HISTORY, history=history)


def two_files() -> Evaluation:
    parse = replace(PARSE, paired=False, launches=18)
    return evaluation(parse, *unchanged(1), mode=Mode.FILES)


def alone() -> Evaluation:
    return evaluation(came("codec/parse", "unchanged", 0.01))


def nothing_measured() -> Evaluation:
    return evaluation(policy=Policy(expect=("codec/parse",)))


EVERY = {
    "picture": picture,
    "first-run": first_run,
    "nothing-moved": nothing_moved,
    "failed": failed,
    "hostile": hostile,
    "kinds": kinds,
    "history": against_history,
    "files": two_files,
    "alone": alone,
    "nothing-measured": nothing_measured,
}
