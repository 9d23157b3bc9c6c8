"""Files that are broken, hostile, or not there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError
from perfci.settings.files import parse_file, read_file
from perfci.settings.load import Loaded

Load = Callable[..., Loaded]


@pytest.mark.parametrize(
    "text",
    [
        "a: [1",
        "a: b: c",
        "- 1\n- 2",
        "just words",
        "a: *nothing",
        "a: &x [*x]",
        "a: !!python/object/apply:os.system [ls]",
        "a: !!binary aGVsbG8=",
        "a: !!int words",
        "a: !!bool words",
        "a: !!float ''",
        "? [1, 2]\n: 3",
        "a: 1\n---\nb: 2",
        "a: \x07",
        'a: "\\ud800"',
        "a: " + "[" * 100 + "]" * 100,
        "a: " + "[" * 400,
        "a: " + "9" * 5000,
    ],
)
def test_a_damaged_yaml_file_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^perfci\.yml "):
        parse_file("perfci.yml", text.encode())


def test_a_damaged_yaml_file_is_told_with_its_line() -> None:
    with pytest.raises(ConfigurationError, match=r"^perfci\.yml is not valid YAML: line 3: "):
        parse_file("perfci.yml", b"mode: auto\nbase: main\n\tproject: x\n")


def test_aliases_share_values_but_not_without_end(load_from: Load) -> None:
    shared = "benchmarks:\n  - {name: a, run: x, metrics: &m [cpu_time]}\n"
    shared += "  - {name: b, run: y, metrics: *m}\n"
    assert load_from(shared).settings.benchmarks[1].metrics == ("cpu_time",)

    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    with pytest.raises(ConfigurationError, match="more than 100000 values"):
        load_from(bomb)


@pytest.mark.parametrize("data", [b"a = ", b"a = 1\na = 2", b"\xff = 1", b"a = " + b"[" * 5000])
def test_a_damaged_toml_file_is_an_error_that_names_it(data: bytes) -> None:
    with pytest.raises(ConfigurationError, match=r"^perfci\.toml is not valid TOML: "):
        parse_file("perfci.toml", data)


def test_a_number_beyond_all_bounds_is_told_without_its_digits(
    complaints: Callable[..., list[str]],
) -> None:
    huge = f"0x{'f' * 6000}"
    assert complaints(f"[measure]\nwarmup = {huge}\n", file="perfci.toml") == [
        "measure.warmup: a very large number is not 1000000 or less (perfci.toml, line 2)"
    ]

    entry = f"[[benchmarks]]\nname = 'a'\npython = 'm:f'\nparameters.n = [{huge}]\n"
    assert complaints(entry, file="perfci.toml") == [
        "benchmarks[0].parameters.n[0]: a very large number is out of range (perfci.toml, line 4)"
    ]


def test_only_the_known_kinds_of_files_are_read() -> None:
    with pytest.raises(ConfigurationError, match=r"^perfci\.json is neither"):
        parse_file("perfci.json", b"{}")


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^none\.yml cannot be read: No such file"):
        read_file(tmp_path / "none.yml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_file(tmp_path)
    (tmp_path / "large.yml").write_bytes(b"#" * (2**20 + 1))
    with pytest.raises(ConfigurationError, match="larger than 1 MiB"):
        read_file(tmp_path / "large.yml")
