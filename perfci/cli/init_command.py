"""`perfci init`: a working configuration and pipeline file for this repository."""

import os
import re
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from perfci.errors import ConfigurationError, ExitCode
from perfci.model.emission import File
from perfci.platforms.folder import FolderSink
from perfci.scaffold.entries import in_toml, in_yaml
from perfci.scaffold.files import gitlab, jenkins, settings_file
from perfci.scaffold.github import workflow, workflow_path
from perfci.scaffold.kept import Missing, components, missing
from perfci.scaffold.place import Place
from perfci.scaffold.quoted import quoted
from perfci.scaffold.second_stage import second_path, second_stage
from perfci.scaffold.survey import Survey, survey
from perfci.scaffold.tree import read_text
from perfci.settings.files import find_file
from perfci.wiring import process
from perfci.wiring.project import Project, benchmarks_of, open_project, subfolder
from perfci.worktrees.git import Git, find_root

_NEXT = {
    "github": "commit these files and open a pull request; pushes to {branch} keep the baselines",
    "gitlab": "commit these files and open a merge request",
    "jenkins": "commit these files and make a multibranch pipeline of {pipeline}",
}
_GITLAB = ".gitlab-ci.yml"


def main(options: Namespace) -> int:
    """Write what is not there yet; say what was done and what comes next, in a few lines.

    Raises:
        ConfigurationError: there is nothing to write, or the settings cannot be read.
        WorktreeError: there is a repository, and git cannot look at it.
    """
    folder = process.folder().resolve()
    root = find_root(folder) or folder
    chosen = find_file(folder).path
    # settings that stay say what the project is called, and may lack something
    stay = open_project(options) if chosen and not options.force else None
    place = _place(folder, root, stay)
    found = survey(folder)
    settings = settings_file(found, place)
    pipelines = list(_pipelines(options, found, place, root))
    paths = [item.path for item in pipelines]
    kept = [path for path in paths if not options.force and os.path.lexists(root / path)]
    lacking = missing(paths, kept, root, place)
    new = [item for item in pipelines if item.path not in {*kept, lacking.path if lacking else ""}]
    is_new = options.force or not (chosen or os.path.lexists(folder / settings.path))
    kept += [] if is_new else [chosen.name if chosen else settings.path]
    unnamed, bare = _unnamed(stay, place), _bare(stay, found)
    if not new and not is_new and (lacking or not bare):
        raise _nothing_to_write(kept, lacking, unnamed)
    for item in new:
        FolderSink(root).deliver(item)
    if is_new:
        FolderSink(folder).deliver(settings)
    wrote = [*([settings.path] if is_new else []), *(item.path for item in new)]
    count = len(benchmarks_of(open_project(options)))
    lines = [f"found    {_found(found)}"]
    lines += [f"kept     {' and '.join(kept)} (there before; --force replaces)"] if kept else []
    lines += [f"wrote    {' and '.join(wrote)}"] if wrote else []
    lines += [f"checked  the settings are valid: {count} to measure", *unnamed, *bare]
    lines += [f"missing  {lacking.what}"] if lacking else []
    then = lacking.remedy if lacking else _next(options, place, root, paths[0])
    lines.append(f"next     perfci run --dry-run shows the plan; {then}")
    sys.stdout.write("\n".join(lines) + "\n")
    return ExitCode.PASS


def _place(folder: Path, root: Path, stay: Project | None) -> Place:
    """Say where the project lies, and what it is or should be called.

    Raises:
        ConfigurationError: the folder's name is not plain.
        WorktreeError: git cannot look at the repository.
    """
    below = subfolder(folder, root)
    if not re.fullmatch(r"[\w.@+ /-]*", below):
        raise ConfigurationError(
            f"no pipeline can be written for the folder {below!r}",
            hint="its name has characters that shells or YAML read as something else: rename it",
        )
    named = stay.loaded.settings.project if stay else None
    return Place(folder=below, branch=_main(root), project=named or below)


def _main(root: Path) -> str:
    """Return the branch that others are merged into; the current one where nothing says so."""
    if find_root(root) is None:
        return "main"
    git = Git(root, process.environ())
    return git.default_branch() or git.current_branch() or "main"


def _unnamed(stay: Project | None, place: Place) -> list[str]:
    """Return the line that settings below the root lack, with a heading."""
    if stay is None or stay.config is None or stay.loaded.settings.project or not place.folder:
        return []
    sign = " =" if stay.config.suffix == ".toml" else ":"
    shared = "baselines and comment are those of any other project of this repository, too"
    return [
        f"add      {stay.config.name} names no project: {shared}",
        f"           project{sign} {quoted(place.project)}",
    ]


def _bare(stay: Project | None, found: Survey) -> list[str]:
    """Return the benchmarks that settings without any lack, with a heading."""
    if stay is None or stay.config is None or benchmarks_of(stay):
        return []
    written = (in_toml if stay.config.suffix == ".toml" else in_yaml)(found, quoted)
    there = stay.config.name
    return [
        f"add      {there} has no benchmark yet: these take the place of its `benchmarks`",
        *(f"           {line}".rstrip() for line in written),
    ]


def _nothing_to_write(
    kept: list[str], lacking: Missing | None, unnamed: list[str]
) -> ConfigurationError:
    message = f"{' and '.join(kept)} are there already"
    advice = [line.removeprefix("add").strip() for line in unnamed]
    if lacking:
        return ConfigurationError("; ".join([message, lacking.what, *advice]), hint=lacking.remedy)
    remedy = "change them by hand, or replace them with --force"
    return ConfigurationError("; ".join([message, *advice]), hint=remedy)


def _pipelines(options: Namespace, found: Survey, place: Place, root: Path) -> Iterator[File]:
    tools = found.toolchains
    match options.platform:
        case "github":
            forks = bool(getattr(options, "forks", False))
            yield _file(workflow_path(place), workflow(tools, place, forks=forks))
            if forks:
                yield _file(second_path(place), second_stage(place))
        case "gitlab":
            yield _file(_gitlab_path(root, place), gitlab(tools, place))
        case _:
            yield _file(f"Jenkinsfile.performance{place.ending}", jenkins(tools, place))


def _file(path: str, text: str) -> File:
    return File(path=path, content=text.encode())


def _gitlab_path(root: Path, place: Place) -> str:
    """Return GitLab's one file, or a file to be included where that one is another's."""
    ours = place.folder in components(read_text(root / _GITLAB))
    if ours or not os.path.lexists(root / _GITLAB):
        return _GITLAB
    return f".gitlab/performance{place.ending}.yml"


def _found(found: Survey) -> str:
    more = f"; {found.more} more are left out" if found.more else ""
    left = "".join(
        f"\n         not used: {item}, which {item.why}; {item.remedy}" for item in found.left
    )
    return f"{found.note}{more}{left}"


def _next(options: Namespace, place: Place, root: Path, path: str) -> str:
    first = "" if find_root(root) else "this is no git repository yet: `git init`, then "
    if options.platform == "gitlab" and path != _GITLAB:
        there = re.search(r"^include:", read_text(root / _GITLAB), re.MULTILINE)
        item = f"{{local: {path}}}"
        line = f"`{item}` to `include`" if there else f"`include: [{item}]`"
        return f"{first}add {line} in {_GITLAB}, and commit"
    return first + _NEXT[options.platform].format(branch=place.branch, pipeline=path)
