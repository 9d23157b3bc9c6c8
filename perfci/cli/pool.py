"""Runs of the same two commits in the store: read before measuring, kept after it."""

from collections.abc import Callable
from dataclasses import dataclass

from perfci.baselines.pairs import keep_pair, load_pairs
from perfci.errors import StoreError
from perfci.measure.pool import same_part
from perfci.model.revision import Revision
from perfci.model.run import Environment, Recording
from perfci.plan.plan import Plan
from perfci.ports import Observer, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The store as a rerun sees it."""

    store: Store
    plan: Plan
    observer: Observer

    def earlier(
        self, environment: Environment
    ) -> Callable[[Revision, Revision], tuple[Recording, ...]]:
        """Return what reads the kept runs of two commits on this machine.

        It raises StoreError where the store cannot be read: going on would be another draw.
        """

        def read(base: Revision, head: Revision) -> tuple[Recording, ...]:
            found, warnings = load_pairs(
                self.store, self.plan.project, base, head, environment.fingerprint
            )
            found = tuple(it for it in found if same_part(it.shard, self.plan.shard))
            for text in warnings:
                self.observer.warn(text)
            if found:
                runs = f"{len(found)} earlier run{'' if len(found) == 1 else 's'}"
                self.observer.phase(f"going on from {runs} of {base} and {head} in the store")
            return found

        return read

    def keep(self, recording: Recording) -> None:
        """Keep a run for the next one of its two commits; where that fails it is told.

        A pull request need not have the right to write: for it that is no warning.
        """
        try:
            keep_pair(self.store, recording)
            self.store.close()
        except StoreError as error:
            text = "a rerun will begin anew, as the launches could not be kept"
            if self.plan.context.is_pull_request:
                self.observer.phase(f"{text}: {error.message}")
            else:
                self.observer.warn(f"{text}: {error.line}")
