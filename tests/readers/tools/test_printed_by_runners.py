"""dotnet test, ctest, BenchmarkTools.jl and others: outcomes, and files that are damaged."""

import json

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told

TRX = """<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
<UnitTestResult testName="slow" outcome="Passed" duration="01:02:03.5"/>
<UnitTestResult testName="bad" outcome="Failed" duration="00:00:01"><Output><ErrorInfo>
<Message>It broke</Message></ErrorInfo></Output></UnitTestResult>
<UnitTestResult testName="off" outcome="NotExecuted"/>%s
</Results></TestRun>"""


def test_outcomes_of_dotnet_test() -> None:
    read_ = read((TRX % "").encode(), "dotnet-test")
    assert told(read_)["series"] == {"default/slow:latency": ["s", "lower", 1, 1, 3723.5]}
    assert told(read_)["failed"] == {"default/bad": "the test ended as Failed: It broke"}
    assert "1 tests were not executed, e.g. off" in read_.run.warnings
    extra = '<UnitTestResult testName="x" outcome="Passed" duration="1 s"/>'
    with pytest.raises(FormatError, match="line 5: <UnitTestResult> has the duration '1 s'"):
        read((TRX % extra).encode(), "dotnet-test")


def trial(**fields: object) -> bytes:
    group = ["BenchmarkGroup", {"data": {'"n"': ["Trial", fields]}}]
    return json.dumps([{"Julia": "1.11"}, [group]]).encode()


def test_a_trial_of_julia_is_one_launch_with_all_its_samples() -> None:
    params = ["Parameters", {"evals": 5}]
    read_ = read(trial(times=[2.0, 4.0], memory=16, allocs=1, params=params), "benchmarktools-jl")
    assert told(read_)["series"] == {
        "default/n:latency": ["s", "lower", 1, 2, 3e-9],
        "default/n:allocated": ["B", "lower", 1, 1, 16.0],
        "default/n:allocations": ["count", "lower", 1, 1, 1.0],
    }
    assert read_.run.measurements[0].iterations == 5
    assert read_.run.environment.interpreter == "Julia 1.11"


@pytest.mark.parametrize(
    ("as_", "text", "message"),
    [
        ("benchmarktools-jl", '[{}, [["Trial", {}]]]', r"\[1\]\[0\]\[1\].times is missing"),
        ("benchmarktools-jl", '[{}, [["Trial"]]]', r"\[1\]\[0\] is a list, not a pair"),
        ("benchmarktools-jl", "[{}]", "holds no trials"),
        ("benchmarktools-jl", "[]", "is an empty document"),
        ("benchmark-ips", '[{"name":"a"}]', r"\[0\].ips is missing"),
        ("benchmark-ips", '[{"name":"a","ips":"x"}]', r"\[0\].ips is the text 'x', not a number"),
        ("benchmark-ips", '{"benchmarks":[7]}', r"benchmarks\[0\] is a number, not an object"),
        ("ctest", "1/1 Test #1: a ....   Passed    0.x sec", "line 1: '0.x' is no number"),
        ("ctest", "1/1 Test #1: a ....***Skipped   0.1 sec", "holds no tests that ran"),
        ("ruby-benchmark", "a  1.0 1.0 1.0 (  x)", "line 1: 'x' is no number"),
        ("ruby-benchmark", "Rehearsal ---\na  1.0 1.0 1.0 (  1.0)", "holds no reports"),
        ("dart-benchmark-harness", "A(RunTime): 1x us.", "line 1: '1x' is no number"),
        ("dart-benchmark-harness", "", "holds no benchmarks"),
        ("benchmarkluau", "SUCCESS: a : 1xms +/- 1% on luau", "line 1: '1x' is no number"),
        ("benchmarkluau", "Total", "holds no benchmarks"),
    ],
)
def test_a_damaged_file_names_the_place(as_: str, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(text.encode(), as_)
