"""What an earlier run has left in the output folder says nothing about this one."""

import pytest

from tests.command.conftest import App, Run


def test_a_run_that_fails_leaves_no_earlier_answer_behind(app: App, perfci: Run) -> None:
    app.settings("setup: 'exit 3'\nbenchmarks: [{name: a, run: 'true'}]\n")
    charts = ("charts/a-01234567.svg", "charts/b-89abcdef.png")
    answers = ("run.json", "result.json", "report.html", *charts)
    for name in answers:
        app.write(f"perfci-results/{name}", '{"schema": "perfci.run/1"}')
    assert perfci("run").code == 2
    for name in answers:
        assert not (app.root / "perfci-results" / name).exists(), name
    assert not (app.root / "perfci-results" / "charts").exists()


@pytest.mark.slow
def test_what_is_not_perfcis_stays_in_the_output_folder(app: App, perfci: Run) -> None:
    app.settings("setup: 'exit 3'\nbenchmarks: [{name: a, run: 'true'}]\n")
    app.write("perfci-results/charts/notes.txt", "mine")
    app.write("drawn/mine-01234567.svg", "mine")
    app.write("perfci-results/result.json", '{"schema": "perfci.result/1"}')
    assert perfci("run").code == 2
    assert (app.root / "perfci-results/charts/notes.txt").exists()

    (app.root / "perfci-results/charts/notes.txt").unlink()
    (app.root / "perfci-results/charts").rmdir()
    (app.root / "perfci-results/charts").symlink_to(app.root / "drawn")
    app.write("perfci-results/result.json", '{"schema": "perfci.result/1"}')
    assert perfci("run").code == 2
    assert (app.root / "drawn/mine-01234567.svg").exists(), "a link leads to what is not perfci's"
