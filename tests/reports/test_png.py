"""Pictures as PNG: what the drawings show, at the same places, the same bytes every time."""

import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from perfci.model.emission import File
from perfci.plan.make import outputs_of
from perfci.reports.charts import change_chart
from perfci.reports.html import HtmlReporter
from perfci.reports.picture_files import picture_file
from perfci.reports.png import png_of
from perfci.reports.svg import COLOURS, dots, element, fill, line, picture, stroke, text
from perfci.settings.model import Settings
from perfci.wiring.telling import drawn as drawn_by
from tests.reports import suites

# matplotlib alone takes seconds to be imported
pytestmark = pytest.mark.slow

BLUE = (74, 127, 224)


def dots_of(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def drawn(*parts: str) -> np.ndarray:
    return dots_of(png_of(picture(100, 50, "a picture", parts, alone=True)))


def near(found: np.ndarray, colour: tuple[int, int, int], reach: int = 12) -> np.ndarray:
    """Rows and columns of all dots of a colour."""
    return np.argwhere(np.abs(found - np.array(colour)).max(axis=2) <= reach)


def test_two_dots_stand_for_one_unit_on_white() -> None:
    found = drawn()
    assert found.shape == (100, 200, 3)
    assert (found == 255).all()


def test_shapes_stand_where_the_drawing_has_them() -> None:
    box = element("rect", {"x": 10, "y": 5, "width": 30, "height": 10, **fill("head")})
    rows, columns = near(drawn(box), BLUE).T
    assert (rows.min(), rows.max()) == (10, 29)
    assert (columns.min(), columns.max()) == (20, 79)
    rows, columns = near(drawn(line((10, 25), (90, 25), stroke("head"), 4.0)), BLUE).T
    assert abs(rows.min() - 46) <= 1
    assert abs(rows.max() - 53) <= 1
    assert abs(columns.min() - 20) <= 1
    rows, columns = near(drawn(dots([(50, 25)], "head", 20.0, 1.0)), BLUE).T
    assert abs(rows.mean() - 49.5) <= 1
    assert abs(columns.mean() - 99.5) <= 1
    assert abs((rows.max() - rows.min()) - 40) <= 3
    area = element("path", {"d": "M10 10L90 10L90 40L10 40Z", **fill("head")})
    assert abs(len(near(drawn(area), BLUE)) - 160 * 60) <= 500


def test_words_stand_on_their_side_of_the_place() -> None:
    for anchor, low, high in (("start", 95, 200), ("middle", 40, 160), ("end", 0, 105)):
        _, columns = np.argwhere(drawn(text("words", 50, 25, anchor)).min(axis=2) < 128).T
        assert low <= columns.min() <= columns.max() <= high


def test_what_lies_in_front_hides_what_lies_behind() -> None:
    behind = element("rect", {"x": 0, "y": 0, "width": 100, "height": 50, **fill("bad")})
    front = element("rect", {"x": 0, "y": 0, "width": 100, "height": 50, **fill("head")})
    assert len(near(drawn(behind, front), BLUE)) == 200 * 100


def test_every_colour_of_the_drawings_is_known() -> None:
    for name in COLOURS:
        assert not (drawn(dots([(50, 25)], name, 10.0)) == 255).all()


@pytest.mark.parametrize(
    "name", ["$x^2$ costs $\\frac{$", "名前 \U0001f600", "a_{b}\\frac", "<&>\"'"]
)
def test_any_words_are_drawn_as_words_without_a_warning(name: str) -> None:
    assert not (drawn(text(name, 50, 25)) == 255).all()


def test_the_same_picture_is_the_same_bytes_whatever_the_users_style(tmp_path: Path) -> None:
    svg = change_chart(suites.PARSE, 0.1, alone=True)
    here = png_of(svg)
    assert here == png_of(svg)
    assert not re.search(b"tEXt|zTXt|iTXt|tIME", here)
    (tmp_path / "matplotlibrc").write_text("font.size: 40\nsavefig.dpi: 10\npath.sketch: 1,9,3\n")
    script = "import sys; from perfci.reports.png import png_of; "
    script += "sys.stdout.buffer.write(png_of(sys.stdin.read()))"
    # a folder of its own for its cache: the users' style is read from there
    environ = {**os.environ, "MATPLOTLIBRC": str(tmp_path), "MPLBACKEND": "svg"}
    there = subprocess.run(
        [sys.executable, "-c", script],
        input=svg.encode(),
        capture_output=True,
        env=environ,
        check=True,
    )
    assert there.stdout == here


def test_pictures_drawn_at_once_leave_the_programs_own_style_alone() -> None:
    svg = picture(100, 50, "t", [text("words", 50, 25)], alone=True)
    with mpl.rc_context({"font.size": 33.0, "lines.linewidth": 9.0}):
        with ThreadPoolExecutor(4) as pool:
            drawn_at_once = set(pool.map(png_of, [svg] * 12))
        assert (mpl.rcParams["font.size"], mpl.rcParams["lines.linewidth"]) == (33.0, 9.0)
    assert drawn_at_once == {png_of(svg)}


def test_the_setting_decides_what_the_files_are() -> None:
    for wanted, endings in (("png", {".png"}), ("svg", {".svg"}), ("none", set[str]())):
        outputs = outputs_of(Settings.model_validate({"report": {"charts": wanted}}))
        emissions = [
            each for reporter in drawn_by(outputs) for each in reporter.render(suites.picture())
        ]
        paths = [Path(each.path) for each in emissions if isinstance(each, File)]
        assert {path.suffix for path in paths if path.parts[0] == "charts"} == endings


def test_files_are_named_alike_but_for_the_ending() -> None:
    found = suites.picture()
    lines = [it for it in HtmlReporter(charts=True).render(found) if isinstance(it, File)]
    points = [
        it for it in HtmlReporter(charts=True, png=True).render(found) if isinstance(it, File)
    ]
    assert [it.path.replace(".svg", ".png") for it in lines] == [it.path for it in points]
    assert all(it.content.startswith(b"\x89PNG") for it in points[1:])
    assert points[0].content == lines[0].content


def test_a_hostile_key_is_a_safe_name() -> None:
    svg = picture(10, 10, "t", (), alone=False)
    paths = {picture_file(name, svg, png=True).path for name in suites.HOSTILE}
    assert len(paths) == len(suites.HOSTILE)
    assert all(re.fullmatch(r"charts/[A-Za-z0-9-]{1,80}\.png", path) for path in paths)
