"""Whatever comes in, out comes a model or one error of ours."""

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfci.errors import ConfigurationError
from perfci.settings.benchmarks import expand
from perfci.settings.environment import from_environ
from perfci.settings.files import parse_file
from perfci.settings.flags import from_sets
from perfci.settings.keys import KEYS
from perfci.settings.layers import Layer
from perfci.settings.load import load
from perfci.settings.policy import policy_of

WORDS = sorted({part.removesuffix("[]") for name in KEYS for part in name.split(".")})
LEAVES = ["5%", "10s", "2ms", "auto", "none", "minor", "x {n}", "a.py:f", "off", "*", "latency"]
texts = st.text(st.characters(codec=None), max_size=8) | st.sampled_from(LEAVES)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just(2**70)
keys = st.sampled_from(WORDS) | texts


def nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4)


junk = st.recursive(scalars, nested, max_leaves=12)
sections = st.dictionaries(keys, junk, max_size=4)
rules = st.fixed_dictionaries({"match": texts}, optional={"threshold": texts, "budget": texts})
entries = st.fixed_dictionaries(
    {"name": texts}, optional={"run": junk, "python": texts, "parameters": sections, "suite": texts}
)
trees = st.fixed_dictionaries(
    {},
    optional={
        "gate": st.fixed_dictionaries({}, optional={"rules": st.lists(rules, max_size=3)})
        | sections,
        "measure": sections,
        "benchmarks": st.lists(entries | sections, max_size=3),
        "report": sections,
        "mode": scalars,
        "branches": junk,
        "zzz": junk,
    },
)


ADDED = from_environ({"INPUT_THRESHOLD": "5%", "PERFCI_GATE__FAIL_ON": "major"})


def outcome(*layers: Layer) -> str | None:
    """Load, expand and derive the policy; return the error's message, None where all is well."""
    try:
        loaded = load(layers)
        policy_of(loaded.settings, expand(loaded))
    except ConfigurationError as error:
        return error.message
    return None


@pytest.mark.slow
@given(trees, st.sampled_from([(), (ADDED,)]))
@settings(max_examples=150, deadline=None)
def test_any_tree_ends_in_settings_or_in_one_error(
    tree: dict[str, object], more: tuple[Layer, ...]
) -> None:
    layer = Layer(name="junk", tree=tree, where=lambda _: "junk, line 1")

    message = outcome(layer, *more)

    if message is not None:
        assert message
        assert "what belongs here" not in message, "an error without words of its own"
        assert all(line.isprintable() for line in message.splitlines())


@pytest.mark.slow
@given(st.text(st.characters(codec=None), max_size=60) | trees.map(str))
@example("a: &a [*a, *a]")
@example("? ? ?")
@example("!!int ''")
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_layer_or_one_error(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for name in ("perfci.yml", "perfci.toml", "pyproject.toml"):
        try:
            layer = parse_file(name, data)
        except ConfigurationError as error:
            said = error.message
            assert name in said
        else:
            outcome(layer)


@given(st.dictionaries(st.sampled_from(WORDS).map(lambda word: f"PERFCI_{word.upper()}"), texts))
@settings(max_examples=80, deadline=None)
def test_any_variables_end_in_settings_or_in_one_error(environ: dict[str, str]) -> None:
    outcome(from_environ(environ))
    outcome(from_sets([f"{name}={text}" for name, text in environ.items()]))


names = st.text("abc-_.é 1", min_size=1, max_size=6).filter(
    lambda text: text == " ".join(text.split())
)


@given(st.lists(st.tuples(names, names), min_size=1, max_size=4, unique=True))
@settings(max_examples=60, deadline=None)
def test_any_sensible_names_survive_the_way_through_a_file(
    wanted: list[tuple[str, str]],
) -> None:
    document = {"benchmarks": [{"suite": s, "name": n, "run": ["x"]} for s, n in wanted]}
    layer = parse_file("perfci.yml", yaml.safe_dump(document, allow_unicode=True).encode())

    assert [(each.id.suite, each.id.name) for each in expand(load([layer]))] == wanted
