import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.errors import DeliveryError
from perfci.model.emission import Annotation, File, Level, Output, Summary
from perfci.pipeline import deliver
from perfci.platforms.github.files import SUMMARY_LIMIT, GitHubSink


def sink(folder: Path) -> GitHubSink:
    files = {
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_OUTPUT": str(folder / "output"),
    }
    return GitHubSink(files, token=lambda: "0123abcd", say=print)


def outputs(text: str) -> dict[str, str]:
    """Read a file of outputs by the runner's own rules."""
    found = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, mark, delimiter = line.partition("<<")
        assert mark, line
        assert "=" not in name
        value = []
        while (part := next(lines)) != delimiter:
            value.append(part)
        found[name] = "\n".join(value)
    return found


def test_nothing_happens_elsewhere_than_on_github(tmp_path: Path) -> None:
    elsewhere = GitHubSink({}, token=lambda: "x", say=print)
    elsewhere.deliver(Summary(markdown="x"))
    elsewhere.deliver(Output(name="verdict", value="pass"))
    sink(tmp_path).deliver(File(path="x", content=b""))
    assert list(tmp_path.iterdir()) == []


def test_outputs_are_read_back_as_they_were(tmp_path: Path) -> None:
    target = sink(tmp_path)
    (tmp_path / "output").write_text("earlier<<E\nstep\nE")  # without its last line feed
    values = {"verdict": "fail", "report-path": "a=b<<c\nexit-code<<X\n0\nX\n", "empty": ""}
    for name, value in values.items():
        target.deliver(Output(name=name, value=value))
    assert outputs((tmp_path / "output").read_text()) == {"earlier": "step", **values}


@given(value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_no_value_can_forge_another_output(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    folder = tmp_path_factory.mktemp("outputs")
    sink(folder).deliver(Output(name="message", value=value))
    text = (folder / "output").read_bytes().decode()
    assert outputs(text) == {"message": value}


def test_value_that_knows_the_delimiter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="delimiter"):
        sink(tmp_path).deliver(Output(name="message", value="x\nperfci_0123abcd\nverdict=pass"))
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("name", ["", "a b", "x<<y", "x=y", "x\ny", "-x"])
def test_name_that_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match="not the name of an output"):
        sink(tmp_path).deliver(Output(name=name, value="x"))


def test_summary_is_appended_on_lines_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "summary").write_text("earlier")
    sink(tmp_path).deliver(Summary(markdown="### Performance"))
    sink(tmp_path).deliver(Summary(markdown="more\n"))
    assert (tmp_path / "summary").read_text() == "earlier\n### Performance\nmore\n"


def test_long_summary_is_cut_between_lines_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "summary").write_text("x" * 5000 + "\n")
    row = "| ä | 🐢 |\n"
    sink(tmp_path).deliver(Summary(markdown=row * 100_000))
    written = (tmp_path / "summary").read_bytes()
    assert SUMMARY_LIMIT - 100 < len(written) <= SUMMARY_LIMIT
    lines = written.decode().splitlines()
    assert set(lines[1:-2]) == {row.strip()}
    assert lines[-2:] == [
        "",
        "*The summary is too long for this page; the report has all of it.*",
    ]
    sink(tmp_path).deliver(Summary(markdown="no room left"))
    assert len((tmp_path / "summary").read_bytes()) <= SUMMARY_LIMIT


@pytest.mark.parametrize("kind", ["absent", "folder", "pipe"])
def test_a_file_that_cannot_be_written_is_told_with_its_variable(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "summary"
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    with pytest.raises(DeliveryError, match=r"the file that GITHUB_STEP_SUMMARY names \(.*summary"):
        sink(tmp_path / kind if kind == "absent" else tmp_path).deliver(Summary(markdown="x"))


def test_a_file_that_takes_no_output_is_told_once_of_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    emissions = [Output(name=name, value="x") for name in ("verdict", "exit-code", "critical")]
    failed = deliver([*emissions, Summary(markdown="y")], [sink(tmp_path)])
    assert [type(each.error) for each in failed] == [DeliveryError]
    assert (tmp_path / "summary").read_text() == "y\n"


def test_a_path_of_any_length_is_shown_short(tmp_path: Path) -> None:
    long = GitHubSink({"GITHUB_OUTPUT": "x" * 60_000}, token=lambda: "0", say=print)
    with pytest.raises(DeliveryError) as caught:
        long.deliver(Output(name="verdict", value="pass"))
    assert len(caught.value.message) < 400


def test_broken_text_does_not_break_the_summary(tmp_path: Path) -> None:
    sink(tmp_path).deliver(Summary(markdown="name \udcff"))
    assert (tmp_path / "summary").read_text() == "name ?\n"


@pytest.mark.parametrize("level", list(Level))
def test_an_annotation_stands_beside_its_line(level: Level) -> None:
    said: list[str] = []
    target = GitHubSink({"GITHUB_ACTIONS": "true"}, token=lambda: "x", say=said.append)
    target.deliver(Annotation(title="t", text="x", level=level, path="a/b.py", line=7))
    target.deliver(Annotation(title="", text="x", level=level, path="a/b.py"))
    target.deliver(Annotation(title="", text="x", level=level, line=7))
    assert said == [
        f"::{level} file=a/b.py,line=7,title=t::x\n",
        f"::{level} file=a/b.py::x\n",
        f"::{level}::x\n",
    ]


def test_nothing_in_an_annotation_can_be_a_property_or_a_command() -> None:
    said: list[str] = []
    target = GitHubSink({"GITHUB_ACTIONS": "true"}, token=lambda: "x", say=said.append)
    evil = "a,line=1::x\n::error::y ##[error]z"
    target.deliver(Annotation(title=evil, text=evil, path=evil, line=3))
    (line,) = said
    properties, text = line.removeprefix("::warning ").split("::", 1)
    assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "line", "title"]
    assert line.count("\n") == 1
    assert "##[" not in line
    assert text.endswith("z\n")


def test_an_annotation_is_cut_before_the_runner_cuts_it() -> None:
    said: list[str] = []
    target = GitHubSink({"GITHUB_ACTIONS": "true"}, token=lambda: "x", say=said.append)
    target.deliver(Annotation(title="t" * 60_000, text="x" * 60_000))
    assert len(said[0].partition("::x")[2]) <= 4096
    assert len(said[0]) < 4500


def test_an_annotation_is_one_line_whatever_it_says() -> None:
    said: list[str] = []
    target = GitHubSink({"GITHUB_ACTIONS": "true"}, token=lambda: "x", say=said.append)
    target.deliver(Annotation(title="a,b:c", text="100 %\n::error::forged\r\nend"))
    assert said == ["::warning title=a%2Cb%3Ac::100 %25%0A::error::forged%0D%0Aend\n"]
    GitHubSink({}, token=lambda: "x", say=said.append).deliver(Annotation(title="", text="x"))
    assert len(said) == 1, "elsewhere than on GitHub nothing reads it"
