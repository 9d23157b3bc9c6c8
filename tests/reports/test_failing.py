"""What is said of benchmarks that failed, and what to do next."""

from dataclasses import replace

import pytest

from perfci.gate.accept import Acceptance
from perfci.gate.policy import Policy
from perfci.model.evaluation import Evaluation
from perfci.reports.comment import compose
from perfci.reports.terminal import table
from tests.reports import suites
from tests.reports.builders import came, evaluation, nothing

LATE = "was not measured: measure.max_time (20 s) was used up while others were warmed up"


def broken(*whys: str) -> Evaluation:
    names = [f"io/write-{number}" for number in range(len(whys))]
    texts = [why.replace("NAME", name) for name, why in zip(names, whys, strict=True)]
    items = [came(name, "failed") for name in names]
    return evaluation(
        *(nothing(item, "failed", text) for item, text in zip(items, texts, strict=True))
    )


def comment(found: Evaluation) -> str:
    return compose(found, longest=None)


@pytest.mark.parametrize(
    ("whys", "step"),
    [
        (("NAME exited with 3",), "Mend what failed"),
        (("the answers differ: base gives ab12, head gives cd34",), "Mend what failed"),
        ((f"NAME {LATE}",), "Raise measure.max\\_time, or measure fewer at a time"),
        ((f"NAME {LATE}", "NAME exited with 3"), "Mend what failed"),
    ],
)
def test_the_next_step_fits_every_failure(whys: tuple[str, ...], step: str) -> None:
    text = comment(broken(*whys))

    assert f"> **{step}**: `perfci run --base main --seed 7` repeats it on your machine." in text
    assert "nothing is proven" not in text


def test_what_was_expected_and_is_not_there_has_a_step_of_its_own() -> None:
    assert "> **See that it is measured**" in comment(suites.nothing_measured())


@pytest.mark.parametrize(
    ("why", "told", "noted"),
    [
        ("NAME exited with 3", "`io/write-0` exited with 3\n", "exited with 3"),
        ("NAME: prepare exited with 3", "`io/write-0`: prepare exited with 3\n", "prepare exited"),
        ("NAMEx is another", "`io/write-0` failed: io/write-0x is another\n", "io/write-0x is"),
        ("it hung", "`io/write-0` failed: it hung\n", "it hung"),
        ("", "`io/write-0` failed: it did not yield a measurement\n", "it did not yield"),
    ],
)
def test_a_failure_names_its_benchmark_once(why: str, told: str, noted: str) -> None:
    found = broken(why)
    shown = table(found, width=200, colour=False, ascii_only=False)

    assert f"\n{told}" in comment(found)
    assert f"failed  {noted}" in shown


def test_an_acceptance_that_is_exceeded_is_named_beside_the_way_to_accept() -> None:
    entry = Acceptance(
        match="codec/*", reason="a safer parser", source="perfci.yml, line 9", up_to=0.15
    )
    found = evaluation(came("codec/parse", "regressed", 0.22), policy=Policy(accept=(entry,)))
    said = "Its acceptance (a safer parser; perfci.yml, line 9) holds up to 15 %."

    assert f" {said} Or accept it: `Perf-Accept: codec/parse" in comment(found)
    shown = table(found, width=200, colour=False, ascii_only=False)
    assert f"\n       {said}\n" in shown
    none = replace(found, verdict=suites.picture().verdict)
    assert "Its acceptance" not in comment(none)
