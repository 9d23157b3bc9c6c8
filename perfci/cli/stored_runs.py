"""What a run reads of the store before it measures."""

from perfci.baselines.clocks import run_ahead
from perfci.baselines.index import load_history
from perfci.errors import StoreError
from perfci.model.history import History
from perfci.ports import Store
from perfci.wiring import process
from perfci.wiring.beside import branches_beside
from perfci.wiring.committed import brings_its_store
from perfci.wiring.project import Project, project_name


def stored_runs(
    project: Project, store: Store
) -> tuple[History, tuple[str, ...], StoreError | None]:
    """Return what is stored of a branch, what is to be told, and why it could not be read.

    Of the branches that come into question it is the first that has runs, else the first.

    A pull request is measured beside its base: it can do without, and a fork has no right to the
    store. What a fork commits into the store's folder is its own say about itself.

    Raises:
        StoreError: the store cannot be read, and this is no pull request.
    """
    branches, context = branches_beside(project), project.context
    nothing = History(branch=branches[0])
    if context.is_fork and brings_its_store(project):
        text = f"nothing is read from {store.url}: this pull request from a fork has files there"
        return nothing, (text,), StoreError(text, hint="take them out of the pull request")
    told: list[str] = []
    try:
        for branch in branches:
            history, warnings = load_history(store, project_name(project), branch)
            told += (*warnings, *run_ahead(history, process.SystemClock().now()))
            if history.runs:
                break
        else:
            history = nothing
    except StoreError as error:
        if not context.is_pull_request:
            raise
        return nothing, (f"stored runs are not looked at: {error.line}",), error
    return history.renamed(project.loaded.settings.renamed), tuple(dict.fromkeys(told)), None
