"""What must not be overlooked, for the platform's own page of the job."""

from perfci.model.emission import Annotation, Emission
from perfci.model.evaluation import Evaluation
from perfci.reports import words


class AnnotationReporter:
    """Says where a run that should have become a baseline is instead."""

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return an annotation where the run could not be kept."""
        return tuple(Annotation(title="perfci", text=text) for text in words.unkept(evaluation))
