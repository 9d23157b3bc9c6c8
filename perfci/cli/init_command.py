"""`perfci init`: a working configuration and pipeline file for this repository."""

import json
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
from perfci.scaffold.github import SECOND, WORKFLOW, second_stage, workflow
from perfci.scaffold.place import Place
from perfci.scaffold.survey import Survey, survey
from perfci.settings.files import find_file
from perfci.wiring import process
from perfci.wiring.project import benchmarks_of, open_project
from perfci.worktrees.git import Git, find_root

_NEXT = {
    "github": "commit these files and open a pull request; pushes to {branch} keep the baselines",
    "gitlab": "commit these files and open a merge request",
    "jenkins": "commit these files and make a multibranch pipeline of {pipeline}",
}


def main(options: Namespace) -> int:
    """Write what is not there yet; say what was done and what comes next, in a few lines.

    Raises:
        ConfigurationError: everything is there already, or the settings cannot be read.
    """
    folder = process.folder().resolve()
    root = find_root(folder) or folder
    place = Place(folder=folder.relative_to(root).as_posix().removeprefix("."), branch=_main(root))
    if not re.fullmatch(r"[\w.@+ /-]*", place.folder):
        raise ConfigurationError(
            f"no pipeline can be written for the folder {place.folder!r}",
            hint="its name has characters that shells or YAML read as something else: rename it",
        )
    found = survey(folder)
    # JSON is YAML, whatever a text holds
    settings = settings_file(found, json.dumps)
    pipelines = list(_pipelines(options, found, place, root))
    there = [item.path for item in pipelines if os.path.lexists(root / item.path)]
    chosen = find_file(folder).path
    if os.path.lexists(folder / settings.path) or chosen is not None:
        there.append(chosen.name if chosen else settings.path)
    bare = chosen is not None and not options.force and not benchmarks_of(open_project(options))
    if len(there) == len(pipelines) + 1 and not options.force and not bare:
        raise ConfigurationError(
            f"{' and '.join(there)} are there already",
            hint="change them by hand, or replace them with --force",
        )
    kept = [] if options.force else there
    wrote = [item.path for item in pipelines if item.path not in kept]
    for item in pipelines:
        if item.path in wrote:
            FolderSink(root).deliver(item)
    if options.force or not (set(there) - {item.path for item in pipelines}):
        FolderSink(folder).deliver(settings)
        wrote.insert(0, settings.path)
    checked = f"the settings are valid: {len(benchmarks_of(open_project(options)))} to measure"
    lines = [f"found    {_found(found)}"]
    lines += [f"kept     {' and '.join(kept)} (there before; --force replaces)"] if kept else []
    lines += [f"wrote    {' and '.join(wrote)}"] if wrote else []
    lines += [f"checked  {checked}"]
    lines += _to_add(found, chosen) if bare and chosen else []
    lines += [f"next     perfci run --dry-run shows the plan; {_next(options, place, pipelines)}"]
    sys.stdout.write("\n".join(lines) + "\n")
    return ExitCode.PASS


def _to_add(found: Survey, there: Path) -> list[str]:
    written = (in_toml if there.suffix == ".toml" else in_yaml)(found, json.dumps)
    return [
        f"add      {there.name} has no benchmark yet: these take the place of its `benchmarks`",
        *(f"           {line}".rstrip() for line in written),
    ]


def _main(root: Path) -> str:
    """Return the branch that others are merged into; the current one where nothing says so."""
    try:
        git = Git(root, process.environ())
        return git.default_branch() or git.current_branch() or "main"
    except (OSError, RuntimeError):
        return "main"


def _pipelines(options: Namespace, found: Survey, place: Place, root: Path) -> Iterator[File]:
    tools = found.toolchains
    match options.platform:
        case "github":
            forks = bool(getattr(options, "forks", False))
            text = workflow(tools, place, forks=forks)
            yield _file(_of_its_own(WORKFLOW, place), text)
            if forks:
                yield _file(SECOND, second_stage())
        case "gitlab":
            yield _file(_gitlab_path(root), gitlab(tools, place))
        case _:
            yield _file(_of_its_own("Jenkinsfile.performance", place), jenkins(tools, place))


def _file(path: str, text: str) -> File:
    return File(path=path, content=text.encode())


def _of_its_own(path: str, place: Place) -> str:
    """Return a path for each project of a repository: `performance-web.yml` for `web`."""
    name = re.sub(r"\W+", "-", place.folder)
    stem, dot, ending = path.rpartition("/performance.")
    if not name:
        return path
    return f"{stem}/performance-{name}.{ending}" if dot else f"{path}-{name}"


def _gitlab_path(root: Path) -> str:
    """Return GitLab's one file, or a file to be included where that one is another's."""
    main = root / ".gitlab-ci.yml"
    try:
        ours = (
            not os.path.lexists(main) or b"/perf-regression/perf-regression@" in main.read_bytes()
        )
    except OSError:
        ours = False
    return ".gitlab-ci.yml" if ours else ".gitlab/performance.yml"


def _found(found: Survey) -> str:
    more = f"; {found.more} more are left out" if found.more else ""
    left = "".join(
        f"\n         not used: {item}, which {item.why}; {item.remedy}" for item in found.left
    )
    return f"{found.note}{more}{left}"


def _next(options: Namespace, place: Place, pipelines: list[File]) -> str:
    path = pipelines[0].path
    if path == ".gitlab/performance.yml":
        return f"add `include: [{{local: {path}}}]` to .gitlab-ci.yml, and commit"
    return _NEXT[options.platform].format(branch=place.branch, pipeline=path)
