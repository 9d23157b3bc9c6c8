"""PHPBench: parameters, revolutions, executors, and variants that failed."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told

DUMP = """<?xml version="1.0"?>
<phpbench version="1"><suite date="2026-04-13T00:36:00+00:00">
<env><php><value name="version">8.3</value></php><vcs><value name="branch">main</value></vcs></env>
<benchmark class="\\A\\B"><subject name="s">%s<variant revs="10">%s</variant></subject></benchmark>
</suite></phpbench>"""
TWICE = '<iteration time-net="100"/><iteration time-net="60" time-revs="2"/>'


def dump(inside: str, executor: str = "") -> bytes:
    return (DUMP % (executor, inside)).encode()


def test_an_iteration_is_a_launch_unless_it_ran_in_the_same_process() -> None:
    assert told(read(dump(TWICE), "phpbench"))["series"] == {
        r"default/A\B::s:latency": ["s", "lower", 2, 2, 2e-5]
    }
    local = read(dump(TWICE, '<executor name="local"/>'), "phpbench")
    assert told(local)["series"] == {r"default/A\B::s:latency": ["s", "lower", 1, 2, 2e-5]}
    assert (local.run.branch, local.run.environment.interpreter) == ("main", "PHP 8.3")


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ('<parameter name="n" value="5"/>', "n=5"),
        ('<parameter name="n" value="5"/><parameter name="list" type="collection"/>', "set=of"),
    ],
)
def test_parameters_are_read_or_else_the_name_of_their_set(given: str, key: str) -> None:
    inside = f'<parameter-set name="of">{given}</parameter-set>{TWICE}'
    assert list(told(read(dump(inside), "phpbench"))["series"]) == [
        rf"default/A\B::s[{key}]:latency"
    ]


@pytest.mark.parametrize(
    ("inside", "reason"),
    [("<errors><error>It broke</error></errors>", "It broke"), ("", "it has no iteration")],
)
def test_a_variant_with_errors_has_failed(inside: str, reason: str) -> None:
    assert told(read(dump(inside), "phpbench"))["failed"] == {r"default/A\B::s": reason}


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<iteration/>", "line 4: <iteration> has no time-net"),
        ('<iteration time-net="x"/>', "line 4: <iteration> has the time-net 'x', which is no num"),
        ('<iteration time-net="1" time-revs="0"/>', "line 4: <iteration> has '0' as time-revs"),
    ],
)
def test_a_damaged_file_names_the_line(inside: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(dump(inside), "phpbench")


def test_a_dump_without_variants_is_refused() -> None:
    with pytest.raises(FormatError, match="holds no variants"):
        read(b"<phpbench><suite/></phpbench>", "phpbench")
