"""What `perfci init` writes measures a fresh repository of each language, and finds a slowdown."""

import os
import shutil

import pytest

from tests.command.conftest import Answer, App, Run
from tests.scaffold.toys import TOYS

# caches of the tools' own, as on any machine
HOME = {"HOME": os.environ.get("HOME", "/root")}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", TOYS)
def test_what_is_written_measures_a_fresh_repository_and_finds_its_slowdown(
    app: App, perfci: Run, name: str
) -> None:
    toy = TOYS[name]
    if shutil.which(toy.tool) is None:
        # a toolchain is not perfci's to install
        pytest.skip(f"no {toy.tool} here")
    for path, text in toy.files.items():
        app.write(path, text)
    app.commit()
    assert perfci("init", "github").code == 0
    app.commit()
    app.write("NOTES", "nothing of the code\n")
    app.commit()

    same = measured(perfci, app, "--rounds", "2")
    app.write(toy.place, toy.files[toy.place].replace(toy.amount, toy.more))
    app.commit()
    slower = measured(perfci, app)

    assert same.code == 0, same
    assert toy.key in same.out
    assert slower.code == 1, slower
    assert "regressed" in next(line for line in slower.out.splitlines() if toy.key in line)


def measured(perfci: Run, app: App, *more: str) -> Answer:
    answer = perfci("run", "--base", "HEAD~1", *more, **HOME)
    # neither building nor measuring leaves anything in the checkout
    assert app.git("status", "--porcelain") in {"", "?? perfci-results/"}
    shutil.rmtree(app.root / "perfci-results", ignore_errors=True)
    return answer
