"""The gate of the Python API: its exit codes, its files, whom it tells, what it keeps."""

import asyncio
import threading
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError
from perfci.facade.ci.integration import CICDIntegration
from perfci.facade.config import CICDConfig
from perfci.model.verdict import Status
from perfci.schema import result as schema
from tests.facade.gates import SHORT, Gate, gate, raising, working
from tests.runners.live.hanging import Hanging, hanging

__all__ = ["gate", "hanging"]


def seen(path: Path) -> ET.Element:
    return ET.parse(path).getroot()


def test_a_critical_regression_fails_and_stands_in_every_file(gate: Gate) -> None:
    gate.baseline(working(SHORT))
    gate.register(working(4 * SHORT))

    result = gate.run()

    assert (result.exit_code, result.success) == (1, False)
    assert result.message == "1 regression (critical)"
    assert result.results["summary"]["critical_regressions"] == 1
    told = gate.told()
    assert (told["exit_code"], told["verdict"], told["message"]) == (1, "fail", result.message)
    assert told["findings"][0]["key"] == "codec/parse:latency"
    assert told["settings"]["fail_on_critical_regression"] == "true"
    (stamped,) = gate.output.glob("performance_artifacts_*")
    for folder in (stamped, gate.output / "performance_artifacts"):
        assert seen(folder / "performance_results.xml").get("failures") == "1"
    assert "codec/parse" in (gate.output / "reports" / "report.html").read_text()
    assert (gate.output / "reports" / "result.json").read_bytes() == (
        gate.output / "ci_cd_result.json"
    ).read_bytes()
    assert all(Path(path).is_file() for path in result.artifacts)


def test_more_regressions_than_are_acceptable_fail_whatever_their_size(gate: Gate) -> None:
    gate.baseline(working(SHORT))
    gate.register(working(4 * SHORT))
    switches = {"fail_on_critical_regression": False, "upload_artifacts": False}

    result = gate.run(**switches, max_acceptable_regressions=0)

    assert result.exit_code == 1
    assert "max_regressions is 0" in result.message
    assert sorted(path.name for path in gate.output.iterdir()) == ["ci_cd_result.json", "reports"]


def test_a_regression_that_the_settings_accept_passes(gate: Gate) -> None:
    (gate.root / "perfci.yml").write_text(
        "project: toy\ngate:\n  accept: [{match: 'codec/*', reason: safer}]\n"
    )
    gate.baseline(working(SHORT))
    gate.register(working(4 * SHORT))
    result = gate.run()
    assert result.exit_code == 0
    assert "accepted" in result.message


def test_a_test_that_cannot_be_measured_is_2_whatever_gates_are_on(gate: Gate) -> None:
    gate.register(raising)
    result = gate.run(enable_performance_gates=False, retry_failed_tests=False)
    assert result.exit_code == 2
    assert "codec/parse" in result.message
    assert "the server is gone" in gate.told()["findings"][0]["reason"]
    xml = seen(gate.output / "performance_artifacts" / "performance_results.xml")
    assert xml.get("errors") == "1"


@pytest.mark.parametrize(("tries", "code"), [(2, 2), (3, 0)])
def test_a_test_that_fails_at_first_is_tried_again_so_often(
    gate: Gate, tries: int, code: int
) -> None:
    calls: list[int] = []

    def shaky() -> None:
        calls.append(1)
        if len(calls) < 3:
            raising()

    gate.register(shaky)
    result = gate.run(max_test_retries=tries - 1)
    assert result.exit_code == code
    assert result.results["summary"]["failed"] == (1 if code else 0)
    assert result.results["summary"]["total_tests"] == 1


def test_what_is_not_done_in_time_was_not_measured(gate: Gate, hanging: Hanging) -> None:
    gate.register(hanging.call)
    result = gate.run(test_timeout_minutes=0.2 / 60)
    assert result.exit_code == 2
    assert "codec/parse:latency" in result.message
    assert "test_timeout_minutes" in result.message


def test_nothing_to_measure_is_2_with_the_reason(gate: Gate) -> None:
    result = gate.run()
    assert result.exit_code == 2
    assert result.message.startswith("nothing was measured; codec was skipped: ")
    assert gate.told()["exit_code"] == 2


def test_components_are_measured_at_the_same_time_only_where_that_is_wanted(
    tmp_path: Path, gate: Gate
) -> None:
    def pair(*, parallel: bool) -> int:
        both = Gate.at(tmp_path, "one", "two")
        meeting = threading.Barrier(2)

        def meet() -> None:
            # alone it waits in vain
            meeting.wait(timeout=30 if parallel else 0.1)

        for component in ("one", "two"):
            both.register(meet, component=component)
        result = both.run(parallel_test_execution=parallel, retry_failed_tests=False)
        return int(result.results["summary"]["failed"])

    assert pair(parallel=True) == 0
    assert pair(parallel=False) == 2


def test_a_folder_that_cannot_be_written_is_2_and_no_exception(gate: Gate) -> None:
    gate.register(working(SHORT))
    gate.output.write_text("a file")
    result = gate.run()
    assert result.exit_code == 2
    assert "output_dir" in result.message


def test_a_report_that_cannot_be_written_is_2_in_the_result_too(gate: Gate) -> None:
    gate.register(working(SHORT))
    gate.output.mkdir()
    (gate.output / "reports").write_text("a file")
    result = gate.run()
    assert result.exit_code == 2
    assert "a file could not be written" in result.message
    assert gate.told()["exit_code"] == 2


def test_settings_that_cannot_be_read_are_2_and_leave_no_stale_green(gate: Gate) -> None:
    gate.register(working(SHORT))
    assert gate.run().exit_code == 0
    (gate.root / "perfci.yml").write_text("gate: {fail_onn: minor}\n")
    result = gate.run()
    assert result.exit_code == 2
    assert "did you mean" in result.message
    assert gate.told()["exit_code"] == 2


async def cancelled(gate: Gate, hanging: Hanging) -> None:
    """Run the gate until its test has begun, and cancel it."""
    integration = CICDIntegration(CICDConfig(), gate.framework, gate.output)
    task = asyncio.create_task(integration.run_ci_cd_performance_tests())
    await asyncio.to_thread(hanging.begun.wait, 20)
    task.cancel()
    hanging.free.set()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_cancelled_gate_leaves_no_stale_green(gate: Gate, hanging: Hanging) -> None:
    gate.register(working(SHORT))
    assert gate.run().exit_code == 0
    assert (gate.output / "reports" / "report.html").exists()
    assert (gate.output / "performance_artifacts" / "performance_results.xml").exists()
    gate.register(hanging.call)
    asyncio.run(cancelled(gate, hanging))
    assert not (gate.output / "ci_cd_result.json").exists()
    assert not (gate.output / "reports" / "report.html").exists()
    assert not (gate.output / "performance_artifacts" / "performance_results.xml").exists()


def test_a_users_own_files_stay_where_perfci_has_written_nothing(
    gate: Gate, hanging: Hanging
) -> None:
    names = (
        *("ci_cd_result.json", "reports/result.json", "reports/report.html"),
        *("performance_artifacts/metrics.txt", "performance_artifacts/charts/logo.svg"),
        *("performance_artifacts/run.json", "performance_artifacts/charts/a-0123abcd.svg"),
    )
    for name in names:
        (gate.output / name).parent.mkdir(parents=True, exist_ok=True)
        (gate.output / name).write_text("mine")
    gate.register(hanging.call)
    asyncio.run(cancelled(gate, hanging))
    assert {(gate.output / name).read_text() for name in names} == {"mine"}


def test_gitlab_finds_the_results_where_it_uploads_from(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = gate.root / "checkout"
    checkout.mkdir()
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_PROJECT_DIR", str(checkout))
    gate.register(working(SHORT))
    assert gate.run().exit_code == 0
    # a runner that keeps no folder would never compare anything, and stay green
    assert "let the CI's cache keep that folder" in str(gate.told()["warnings"])
    assert (checkout / "performance_artifacts" / "performance_results.xml").is_file()


def test_what_is_written_is_read_by_every_other_part(gate: Gate) -> None:
    gate.register(working(SHORT))
    gate.run()
    data = (gate.output / "ci_cd_result.json").read_bytes()
    evaluation = schema.load(data, "ci_cd_result.json")
    assert evaluation.verdict.status is Status.PASS
    assert schema.dump(evaluation) == data


@pytest.mark.parametrize("wrong", [None, "config", {"max_acceptable_regressions": 1}])
def test_arguments_of_the_wrong_kind_are_told(gate: Gate, wrong: object) -> None:
    with pytest.raises(ConfigurationError, match="ci_config is of type"):
        CICDIntegration(wrong, gate.framework)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="framework is of type"):
        CICDIntegration(CICDConfig(), wrong)  # type: ignore[arg-type]
