"""The state of a replay of the paired rule: what is in play, what is settled, what is missing."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from perfci.model.comparison import Outcome
from perfci.model.measurement import Stage
from perfci.stats import exact, wording
from perfci.stats.clock import FIRST
from perfci.stats.evidence import Answer, Evidence, weigh
from perfci.stats.needed import launches_needed, next_look
from perfci.stats.numeric import Floats
from perfci.stats.prior import Prior, fit_pools, supposed
from perfci.stats.robust import Location, locate
from perfci.stats.ruled import Ruled, Want, failed
from perfci.stats.sample import Sample

LEAST = 3
"""With fewer launches nothing is ever called worse, and nothing unchanged."""

_HOPELESS = (wording.COARSE, wording.FLOOR, wording.UNSEEN)
"""Why no number of launches would decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aside:
    """A series that leaves the play without an outcome."""

    stage: Stage
    look: int
    """The look that was not reached, or the last one."""
    want: Want | None = None
    why: str = ""
    """Empty where the data themselves say it."""


@dataclass(slots=True, kw_only=True)
class Board:
    """Series in a replay, each named by its place in `samples`."""

    samples: Sequence[Sample]
    alpha: float
    """Error level of one look."""
    looks: Mapping[Stage, Sequence[int]] = field(default_factory=dict)
    """Launches at which each stage looks; empty where there is one look."""
    strict: bool = False
    """True where there is one look: a spread that is only supposed then never stands against one
    that was measured to be larger, as no fresh launches will put right what it makes wrong."""
    live: list[int] = field(default_factory=list)
    """In play; the arrays of one look have an entry for each."""
    screened: dict[int, int] = field(default_factory=dict)
    """First-stage launches after which a series became a suspect."""
    _ruled: dict[int, Ruled] = field(default_factory=dict)
    _aside: dict[int, _Aside] = field(default_factory=dict)
    _priors: dict[Hashable, Prior] = field(default_factory=dict)
    _variance: Floats = field(init=False)
    _freedom: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Bring into play what is not ruled by other means."""
        self._variance, self._freedom = np.zeros((2, len(self.samples)))
        for place, sample in enumerate(self.samples):
            special = failed(sample.fault) if sample.fault else exact.rule_pairs(sample)
            if special:
                self._ruled[place] = special
            else:
                self.live.append(place)

    def wait_for(self, stage: Stage, look: int) -> None:
        """Set aside what lacks launches for a look."""
        for place in self.live:
            there = len(self._y(place, stage))
            if there >= look:
                continue
            goal = exact.goal(self.samples[place], there, look)
            self._aside[place] = _Aside(
                stage=stage,
                look=look,
                want=Want(stage=stage, look=look, launches=goal - there),
                why=wording.ended_early(stage),
            )
        self._drop_aside()

    def set_blind_aside(self, look: int) -> None:
        """Set aside what no launches will ever tell of."""
        for place in self.live:
            why = self.samples[place].blind
            if why:
                look = min(look, FIRST)
                self._aside[place] = _Aside(stage=Stage.SCREEN, look=look, why=why)
        self._drop_aside()

    def give_up(self, stage: Stage, look: int, why: str = "") -> None:
        """Set aside whatever is still in play after the last look."""
        for place in self.live:
            self._aside[place] = _Aside(stage=stage, look=look, why=why)
        self._drop_aside()

    def learn_spread(self, look: int) -> None:
        """Fit the priors to all series with what is known of their spread at this look."""
        located = self._located(Stage.SCREEN, look)
        self._variance[self.live] = located.variance
        self._freedom[self.live] = located.freedom
        pools = [sample.pool for sample in self.samples]
        floors = np.array([sample.terms.floor for sample in self.samples])
        self._priors = fit_pools(pools, self._variance, self._freedom, floors)

    def look(self, stage: Stage, look: int) -> Evidence:
        """Weigh the first launches of one stage of what is in play."""
        return self._weigh(self.live, self._located(stage, look))

    def margins(self) -> Floats:
        """Return the margin of everything in play."""
        return np.array([self.samples[place].terms.margin for place in self.live])

    def taus(self) -> Floats:
        """Return the sensitivity of everything in play, on the scale of y."""
        return np.array([self.samples[place].terms.tau for place in self.live])

    def settle(self, place: int, outcome: Outcome, answer: Answer, at: tuple[Stage, int]) -> None:
        """Give a series its outcome, reached at a look of a stage."""
        stage, look = at
        terms = self.samples[place].terms
        self._ruled[place] = Ruled(
            outcome=outcome,
            stage=stage,
            launches=look,
            screened=self.screened.get(place, 0),
            answer=answer,
            margin=terms.margin,
            seen=terms.tau,
        )

    def rulings(self) -> list[Ruled]:
        """Return the rulings over all series; what was set aside is `inconclusive`."""
        rows: dict[int, tuple[float, ...]] = {}
        for place, aside in self._aside.items():
            self._ruled[place], row = self._undecided(place, aside)
            if row:
                rows[place] = row
        places = list(rows)
        located = locate(list(rows.values()))
        evidence = self._weigh(places, located)
        every = [self.samples[place].terms for place in places]
        needed = launches_needed(evidence, located.n, every, self.alpha)
        spreads = np.sqrt(located.variance).tolist()
        for place, terms, row_number in zip(places, every, range(len(places)), strict=True):
            ruled, answer, estimate = (
                self._ruled[place],
                evidence.at(row_number),
                needed[row_number],
            )
            want = ruled.wants
            if ruled.explanation in _HOPELESS:
                estimate = None
            elif want and self.looks:
                same = want.stage is ruled.stage
                look = next_look(self.looks[want.stage], want.look, estimate if same else None)
                estimate = look + (
                    self.screened.get(place, 0) if want.stage is Stage.CONFIRM else 0
                )
            self._ruled[place] = replace(
                ruled,
                answer=answer,
                needed=estimate,
                by_rounds=estimate is not None and not (want and self.looks),
                explanation=ruled.explanation
                or wording.cannot_tell(answer, spreads[row_number], terms),
            )
        return [self._ruled[place] for place in range(len(self.samples))]

    def _undecided(self, place: int, aside: _Aside) -> tuple[Ruled, tuple[float, ...]]:
        """Return a ruling without an answer yet, and the launch values for one."""
        stage, row = aside.stage, self._y(place, aside.stage)[: aside.look]
        screened = self.screened.get(place, 0)
        if stage is Stage.CONFIRM and len(row) < LEAST:
            # too few fresh ones to say anything: what raised the suspicion says more
            stage, row, screened = Stage.SCREEN, self._y(place, Stage.SCREEN)[:screened], 0
        ruled = Ruled(
            outcome=Outcome.INCONCLUSIVE,
            stage=stage,
            launches=len(row),
            screened=screened,
            margin=self.samples[place].terms.margin,
            seen=self.samples[place].terms.tau,
            wants=aside.want,
            explanation=aside.why if row else wording.UNMEASURED,
        )
        return ruled, row

    def _located(self, stage: Stage, look: int) -> Location:
        return locate([self._y(place, stage)[:look] for place in self.live])

    def _weigh(self, places: Sequence[int], located: Location) -> Evidence:
        """Draw variances towards the priors of the pools, as these are now."""
        samples = [self.samples[place] for place in places]
        guard = {"guard": 0.0} if self.strict else {}
        priors = [self._priors.get(it.pool) or supposed(it.terms.spread, **guard) for it in samples]
        return weigh(located, priors, np.array([it.terms.floor for it in samples]))

    def _y(self, place: int, stage: Stage) -> tuple[float, ...]:
        return self.samples[place].y.get(stage, ())

    def _drop_aside(self) -> None:
        self.live = [place for place in self.live if place not in self._aside]
