"""criterion: a folder, and files that are damaged or say nothing."""

import pytest

from perfci.errors import FormatError
from perfci.readers.formats import FORMATS
from perfci.readers.source import Source
from tests.readers.tools.reading import FIXTURES, read, recorded, told

FOLDER = FIXTURES / "criterion/folder"
NAMED = b'{"group_id":"g","function_id":null,"value_str":"7","full_id":"g/7"}'


def test_a_folder_has_a_series_for_each_benchmark() -> None:
    paths = sorted(FOLDER.glob("**/new/*.json"))
    found = told(recorded(*paths, as_="criterion", root=FOLDER))
    assert {key: values[2:4] for key, values in found["series"].items()} == {
        "default/sum:latency": [1, 10],
        "default/group/sum[value=100]:latency": [1, 10],
        "default/group/sum[value=1000]:latency": [1, 10],
    }


def test_a_benchmark_without_a_sample_has_failed() -> None:
    sources = [
        Source(name="g/7/new/benchmark.json", data=NAMED),
        Source(name="h/new/sample.json", data=b'{"iters":[2,4],"times":[2,8]}'),
    ]
    reading = FORMATS["criterion"].parse(sources)
    assert [item.name for item in reading.found] == ["h"]  # type: ignore[union-attr]
    assert [item.params for item in reading.broken] == [(("value", "7"),)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"iters":[1,2],"times":[3]}', "its samples have not a possible number of iterations"),
        (b'{"iters":[0],"times":[3]}', "its samples have not a possible number of iterations"),
        (b'{"iters":["x"],"times":[3]}', r"iters\[0\] is the text 'x', not a number"),
        (b'{"median":{"point_estimate":null}}', "median.point_estimate is missing"),
        (b'{"median":{"point_estimate":[1]}}', "median.point_estimate is a list"),
        (b'{"iters":[1],"times":[', "is not valid JSON"),
        (NAMED, "holds no measurements of a benchmark"),
    ],
)
def test_a_damaged_file_names_the_place(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(data, "criterion")


def test_a_benchmark_whose_output_is_cut_off_has_failed() -> None:
    text = "sum   time:   [1.0 ns 1,234.5 ns 3.0 ns]\nBenchmarking next: Warming up for 3.0000 s\n"
    found = told(read(text.encode(), "criterion-text"))
    assert found["series"]["default/sum:latency"][4] == pytest.approx(1.2345e-6)
    assert found["failed"] == {"default/next": "the output ends before its result"}


def test_a_number_that_is_none_names_its_line() -> None:
    with pytest.raises(FormatError, match="results, line 2: 'x' is no number"):
        read(b"\nsum   time:   [1.0 ns x ns 3.0 ns]\n", "criterion-text")


def test_a_sample_of_the_first_versions_is_read() -> None:
    found = told(read(b"[[10.0, 20.0], [30.0, 80.0]]", "criterion", name="criterion/a/new/sample"))
    assert found["series"]["default/a:latency"][2:] == [1, 2, 3.5e-9]


def test_two_folders_of_one_name_are_two_benchmarks() -> None:
    sample = b'{"iters":[2,4],"times":[2,8]}'
    sources = [
        Source(name=f"{folder}/new/{file}.json", data=data)
        for folder in "ab"
        for file, data in (("benchmark", NAMED), ("sample", sample))
    ]
    reading = FORMATS["criterion"].parse(sources)
    first, second = (item.name for item in reading.found)  # type: ignore[union-attr]
    assert second == f"{first} #2"
