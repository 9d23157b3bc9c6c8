"""What a report costs."""

from functools import cache

from benchmarks.synthetic import recording
from perfci.gate.policy import Policy
from perfci.model.emission import Emission
from perfci.model.evaluation import Evaluation
from perfci.pipeline import Surroundings, evaluate
from perfci.reports.html import HtmlReporter


@cache
def _evaluation() -> Evaluation:
    return evaluate(recording(50, worse=0.3), Policy(), Surroundings())


def render_html() -> tuple[Emission, ...]:
    """Draw the report of 50 benchmarks."""
    return HtmlReporter(charts=True).render(_evaluation())
