"""`perfci baseline prune`: delete what is old, and nothing that the next comparison needs."""

from argparse import Namespace
from collections.abc import Collection
from dataclasses import dataclass

from perfci.baselines import refresh, whole_history
from perfci.baselines.branches import Listed, listed
from perfci.baselines.finding import find_run
from perfci.baselines.gathering import acceptances_of
from perfci.baselines.place import place_of
from perfci.baselines.retention import (
    PAIRS,
    Wish,
    delete_branch,
    delete_runs,
    idle_acceptances,
    idle_pairs,
    idle_runs,
)
from perfci.cli.baselines import Opened, age, called, open_baselines
from perfci.cli.branches_of_git import branches_of_git
from perfci.cli.layout import print_json, print_rows
from perfci.cli.progress import progress
from perfci.errors import ConfigurationError, ExitCode
from perfci.wiring import process


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What became of one branch, or of the launches kept for reruns."""

    what: str
    """The branch, in words."""
    runs: int
    """Deleted."""
    kept: int
    """Runs that stay."""
    acceptances: int = 0
    """Deleted."""
    why: str = ""


def main(options: Namespace) -> int:
    """Delete, and print one row a branch."""
    wish = None if options.run else _wish(options)
    opened = open_baselines(options)
    if wish is None:
        done = _prune_runs(opened, options)
    elif options.pairs:
        done = [_prune_pairs(opened, wish, dry=options.dry_run)]
    else:
        done = _prune_branches(opened, options, wish)
    opened.store.close()
    if options.json:
        print_json([_document(item, dry=options.dry_run) for item in done])
        return ExitCode.PASS
    print_rows([_row(item) for item in done])
    if options.dry_run:
        progress().warn("nothing was deleted: this was a dry run")
    return ExitCode.PASS


def _wish(options: Namespace) -> Wish:
    """Return what is to stay.

    Raises:
        ConfigurationError: nothing says what may go, or flags contradict each other.
    """
    named = options.keep is not None or options.older_than is not None
    if not named and not options.gone and not options.pairs:
        raise ConfigurationError(
            "nothing says what may be deleted",
            hint="name the newest runs that stay by --keep 50, or an age by --older-than 90d",
        )
    if options.pairs and (options.gone or options.branch is not None):
        raise ConfigurationError(
            "--pairs prunes what is kept for reruns, and that belongs to no branch",
            hint="leave out --branch and --gone, and prune the branches by a second call",
        )
    if options.keep is not None and options.keep < 1:
        raise ConfigurationError(
            f"--keep {options.keep} would leave nothing",
            hint="keep at least 1; --gone deletes branches that git no longer has",
        )
    keep = PAIRS if options.pairs and not named else options.keep
    past = None if options.older_than is None else age(options.older_than)
    return Wish(keep=keep, since=None if past is None else process.SystemClock().now() - past)


def _prune_branches(opened: Opened, options: Namespace, wish: Wish) -> list[Pruned]:
    branches = listed(opened.store, opened.name)
    living = branches_of_git(opened.project) if options.gone else None
    if options.branch is not None:
        branches = tuple(each for each in branches if each.branch == options.branch)
        if not branches:
            raise ConfigurationError(
                f"nothing is stored of {called(options.branch)} in {opened.store.url}",
                hint="`perfci baseline list` shows the branches that have runs",
            )
    return [_prune(opened, each, wish, living, dry=options.dry_run) for each in branches]


def _prune(
    opened: Opened, branch: Listed, wish: Wish, living: Collection[str] | None, *, dry: bool
) -> Pruned:
    place = place_of(opened.store, opened.name, branch.branch)
    if living is not None and branch.branch and branch.branch not in living:
        if not dry:
            delete_branch(place, branch)
        return Pruned(
            what=called(branch.branch),
            runs=len(branch.runs),
            kept=0,
            acceptances=len(branch.acceptances),
            why="git has no such branch",
        )
    index, warnings = whole_history(opened.store, opened.name, branch.branch)
    runs = idle_runs(branch, index, wish)
    accepted, faults = acceptances_of(place, branch.acceptances)
    idle = idle_acceptances(accepted, {*branch.runs} - {*runs})
    if (runs or idle) and not dry:
        delete_runs(place, runs, idle)
        warnings += refresh(opened.store, opened.name, branch.branch, pause=process.pause)
    for warning in (*warnings, *faults):
        progress().warn(f"{called(branch.branch)}: {warning}")
    kept = len(branch.runs) - len(runs)
    return Pruned(what=called(branch.branch), runs=len(runs), kept=kept, acceptances=len(idle))


def _prune_runs(opened: Opened, options: Namespace) -> list[Pruned]:
    """Delete the runs that are named, whether the next comparison needs them or not."""
    if any((options.keep, options.older_than, options.gone, options.pairs)):
        raise ConfigurationError(
            "--run names what is deleted, and another flag says the same in another way",
            hint="leave out --keep, --older-than, --gone and --pairs",
        )
    found = [
        find_run(opened.store, opened.name, wanted, branch=opened.branch, elsewhere=True)
        for wanted in options.run
    ]
    done = []
    for place in dict.fromkeys(item.place for item in found):
        mine = {item.run.recording.run.id for item in found if item.place == place}
        kept = len(set(place.run_ids()) - mine)
        if not options.dry_run:
            delete_runs(place, sorted(mine), ())
            for text in refresh(opened.store, opened.name, place.branch, pause=process.pause):
                progress().warn(f"{called(place.branch)}: {text}")
        done.append(Pruned(what=called(place.branch), runs=len(mine), kept=kept))
    return done


def _prune_pairs(opened: Opened, wish: Wish, *, dry: bool) -> Pruned:
    names, kept = idle_pairs(opened.store, opened.name, wish)
    if not dry:
        opened.store.delete(*names)
    return Pruned(what="runs kept for reruns", runs=len(names), kept=kept)


def _row(item: Pruned) -> dict[str, str]:
    return {
        "branch": item.what,
        "runs deleted": str(item.runs),
        "kept": str(item.kept),
        "acceptances deleted": str(item.acceptances),
        "because": item.why,
    }


def _document(item: Pruned, *, dry: bool) -> dict[str, object]:
    return {
        "branch": item.what,
        "deleted": item.runs,
        "kept": item.kept,
        "acceptances": item.acceptances,
        "because": item.why,
        "dry_run": dry,
    }
