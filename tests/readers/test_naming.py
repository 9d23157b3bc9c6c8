"""Names of other tools' benchmarks become keys that can be taken apart again."""

import pytest

from perfci.model.identity import parse_key
from perfci.model.metric import Better, Metric
from perfci.readers.naming import harmless, identity


@pytest.mark.parametrize(
    ("name", "params", "key"),
    [
        ("parse", (), "a/parse"),
        ("test_x[big-1]", (), "a/test_x[case=big-1]"),
        ("fib", (("n", "1"), ("m", "2")), "a/fib[m=2,n=1]"),
        ("[odd]", (), "a/(odd)"),
        ("odd]", (), "a/odd)"),
        ("f[0", (("n", "1"),), "a/f(0[n=1]"),
        ("f[a[b]]", (), "a/f[case=a(b)]"),
        ("f", (("n", "[1,2=3]"),), "a/f[n=(1;2:3)]"),
        ("a \N{ZERO WIDTH SPACE} b\x1b[1m\n", (), "a/a b"),
        ("\x00", (("", ""),), "a/unnamed[unnamed=unnamed]"),
    ],
)
def test_a_key_is_harmless_and_taken_apart_to_the_same(
    name: str, params: tuple[tuple[str, str], ...], key: str
) -> None:
    found = identity("a", name, params)
    assert str(found) == key
    assert parse_key(found.series("latency")) == (found, "latency")


def test_a_metric_of_a_file_cannot_break_its_key() -> None:
    hostile = Metric(name="p99: \x1b[1mslow", unit="m\ns", better=Better.LOWER)
    found = harmless(hostile)
    assert (found.name, found.unit) == ("p99- slow", "m s")
    assert harmless(found) is found
