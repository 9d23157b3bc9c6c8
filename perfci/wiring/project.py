"""Where perfci was started and what it was told: settings, repository, platform."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from perfci.gate.accept import Acceptance
from perfci.model.benchmark import Benchmark
from perfci.model.context import Context
from perfci.plan.make import base_commit
from perfci.plan.plan import Circumstances
from perfci.platforms.detect import detect
from perfci.platforms.event_file import read_event
from perfci.ports import Store
from perfci.settings.benchmarks import expand
from perfci.settings.documented import from_documented
from perfci.settings.environment import config_of, from_environ, working_directory_of
from perfci.settings.files import find_file
from perfci.settings.flags import from_flags, from_sets
from perfci.settings.load import Loaded, load
from perfci.stores.forge_archive import LEFT
from perfci.stores.open import Means, open_store
from perfci.wiring import process
from perfci.wiring.trust import settings_layers
from perfci.worktrees.git import Git, find_root


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Where perfci was started, and what it was told."""

    root: Path
    """Folder of the settings file that was found, else where perfci was started; commands and
    paths are relative to it."""
    config: Path | None
    loaded: Loaded
    environ: Mapping[str, str]
    git: Git | None
    """None outside a repository."""
    context: Context
    warnings: tuple[str, ...]


def open_project(options: Namespace) -> Project:
    """Read the settings of this place from all their layers.

    Raises:
        ConfigurationError: they contradict themselves or name something unknown.
    """
    environ = process.environ()
    folder = process.folder() / working_directory_of(environ)
    named = getattr(options, "config", None) or config_of(environ)
    repository = find_root(folder)
    config, warnings = (folder / named, ()) if named else _search(folder, repository)
    # commands and paths are relative to the settings that were found, or to here
    root = config.parent if config and not named else folder
    detected = detect(environ, read_event)
    git = Git(repository, environ) if repository else None
    context = _completed(detected.context, git)
    layers, distrust = (
        settings_layers(config, context, git, named=bool(named)) if config else ([], ())
    )
    layers.insert(0, from_documented(environ))
    layers.append(from_environ(environ))
    layers.append(from_flags(_flags(options)))
    layers.append(from_sets(getattr(options, "set", [])))
    loaded = load(layers)
    return Project(
        root=root,
        config=config,
        loaded=loaded,
        environ=environ,
        git=git,
        context=context,
        warnings=(*warnings, *detected.problems, *distrust, *_readers(loaded)),
    )


def _readers(loaded: Loaded) -> tuple[str, ...]:
    """Make sure that the formats which the settings name are known.

    Returns:
        What is wrong with readers of other packages; nothing where no format is named.

    Raises:
        ConfigurationError: there is no format of a name.
    """
    named = {
        entry.reads: loaded.provenance(("benchmarks", at, "read"))
        for at, entry in enumerate(loaded.settings.benchmarks)
        if entry.reads
    }
    if not named:
        return ()
    # all readers are imported, of which most projects name none
    from perfci.readers.formats import named as format_named
    from perfci.wiring.formats import known_formats

    known = known_formats()
    for name, place in named.items():
        if name != "auto":
            format_named(name, known.formats, where=place)
    return known.warnings


def without_settings() -> Project:
    """Return what is known of this place where its settings cannot be read: who to tell of that.

    Raises:
        ConfigurationError: not even the variables can be read.
    """
    environ = process.environ()
    folder = process.folder() / working_directory_of(environ)
    repository = find_root(folder)
    git = Git(repository, environ) if repository else None
    return Project(
        root=folder,
        config=None,
        loaded=load([from_environ(environ)]),
        environ=environ,
        git=git,
        context=_completed(detect(environ, read_event).context, git),
        warnings=(),
    )


def _search(folder: Path, repository: Path | None) -> tuple[Path | None, tuple[str, ...]]:
    """Look for a settings file here, then in the folders above up to the repository's root."""
    for place in (folder, *folder.parents):
        found = find_file(place)
        if found.path is not None:
            return found.path, found.warnings
        if repository is None or place == repository:
            break
    return None, ()


def _flags(options: Namespace) -> dict[str, object]:
    names = ("mode", "base", "store", "output")
    flags = {name: getattr(options, name, None) for name in names}
    flags["measure.rounds"] = getattr(options, "rounds", None)
    flags["measure.max_time"] = getattr(options, "max_time", None)
    return {name: value for name, value in flags.items() if value is not None}


def _completed(context: Context, git: Git | None) -> Context:
    """Fill in from the repository what the platform does not say."""
    if git is None:
        return context
    base = context.base_commit
    parents = git.parents("HEAD") if context.event == "pull_request" else ()
    if len(parents) == 2 and parents[1] == context.commit:
        # HEAD is the merge of the target's tip and the pull request: its first parent is the very
        # commit that was merged into, while the event's base may be older
        base = parents[0]
    return replace(
        context,
        base_commit=base,
        commit=context.commit or git.commit("HEAD"),
        # a tag is of no branch, whatever happens to be checked out
        branch=context.branch or ("" if context.tag else git.current_branch()),
        default_branch=context.default_branch or git.default_branch(),
        repository=context.repository or git.slug(),
    )


def circumstances(
    project: Project,
    *,
    comparable_runs: int,
    compared: str = "",
    accepted: tuple[Acceptance, ...] = (),
) -> Circumstances:
    """Say what a plan has to know of the place.

    Args:
        project: where perfci was started.
        comparable_runs: stored runs that a series can be compared with, at most.
        compared: their branch.
        accepted: what commits and the pull request's label accept.
    """
    return Circumstances(
        today=process.today(),
        accepted=accepted,
        context=project.context,
        folder=project.root.resolve().name,
        branch=project.context.branch,
        compared=compared,
        in_repository=project.git is not None,
        comparable_runs=comparable_runs,
        store=project.loaded.settings.store,
    )


def commits_of_job(project: Project) -> frozenset[str]:
    """Return the commits that a job may have measured as its head.

    That is the pull request's own, and the merge of it that the CI checks out.
    """
    named = ("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "BUILD_SOURCEVERSION")
    checked_out = project.git.commit("HEAD") if project.git else ""
    found = (project.context.commit, checked_out, *(project.environ.get(it, "") for it in named))
    return frozenset(commit.lower() for commit in found if commit)


def base_of(project: Project) -> str:
    """Return what head would be compared with side by side; empty where nothing says so."""
    context = project.context
    return project.loaded.settings.base or base_commit(context)


def project_name(project: Project) -> str:
    """Return the name under which baselines are kept."""
    return (
        project.loaded.settings.project or project.context.repository or project.root.resolve().name
    )


def subfolder(root: Path, repository: Path) -> str:
    """Return where a project lies in its repository; empty for the repository's own root."""
    seen = root.resolve().relative_to(repository.resolve()).as_posix()
    return "" if seen == "." else seen


def store_of(project: Project) -> Store:
    """Open the configured store."""
    return store_at(project, project.loaded.settings.store)


def store_at(project: Project, url: str) -> Store:
    """Open a store by its address, relative to the project's folder."""
    means = Means(
        environ=project.environ,
        pause=process.pause,
        wait=process.wait,
        output=project.root / project.loaded.settings.output,
    )
    return open_store(url, project.root, means)


def spare_store(project: Project) -> Store:
    """Name the store beside the reports that takes a run where the configured one does not."""
    return store_at(project, f"file:{project.loaded.settings.output}/{LEFT}")


def benchmarks_of(project: Project) -> tuple[Benchmark, ...]:
    """Return every configured benchmark."""
    return expand(project.loaded)
