"""The paired rule: screen every series, extend what is in doubt, confirm suspects afresh.

It is replayed from the launches alone, and looks at no launch that its own decision did not
need; what is missing, it wants. Source: statistics.md E4, E5b 1 to 7.
"""

from collections.abc import Sequence

from perfci.model.comparison import Outcome
from perfci.model.measurement import Stage
from perfci.stats import wording
from perfci.stats.board import LEAST, Board
from perfci.stats.evidence import holm
from perfci.stats.ruled import Ruled
from perfci.stats.sample import CONFIRM_LOOKS, SCREEN_LOOKS, Sample
from perfci.stats.series import Design

SUSPICION = 0.10
"""A series whose p is below this in the first stage is measured afresh."""


def rule_pairs(samples: Sequence[Sample], design: Design) -> list[Ruled]:
    """Rule over all series of a run whose two sides were measured together.

    Args:
        samples: every series that has both sides.
        design: launches fixed or sequential, and the error level.

    Returns:
        One ruling a series, in the same order; what wants launches is `inconclusive`.
    """
    looks = len(CONFIRM_LOOKS) if design.rounds is None else 1
    fixed = design.rounds is not None
    board = Board(
        samples=samples,
        alpha=design.alpha / looks,
        looks={} if fixed else {Stage.SCREEN: SCREEN_LOOKS, Stage.CONFIRM: CONFIRM_LOOKS},
        strict=fixed,
    )
    if design.rounds is None:
        _screen(board)
        _confirm(board)
    else:
        _fixed(board, design.rounds)
    return board.rulings()


def _screen(board: Board) -> None:
    """Play the first stage; leave the suspects in play."""
    suspects: list[int] = []
    for look in SCREEN_LOOKS:
        board.wait_for(Stage.SCREEN, look)
        board.set_blind_aside(look)
        board.learn_spread(look)
        evidence = board.look(Stage.SCREEN, look)
        suspect = evidence.beyond(board.margins()) < SUSPICION
        passed = evidence.upper() < board.taus()
        doubtful = []
        for row, place in enumerate(board.live):
            if suspect[row]:
                suspects.append(place)
                board.screened[place] = look
            elif passed[row]:
                board.settle(place, Outcome.UNCHANGED, evidence.at(row), (Stage.SCREEN, look))
            else:
                doubtful.append(place)
        board.live = doubtful
    board.give_up(Stage.SCREEN, SCREEN_LOOKS[-1])
    board.live = suspects


def _confirm(board: Board) -> None:
    """Play the second stage: what is in play has to prove itself on fresh launches."""
    family = len(board.live)
    for look in CONFIRM_LOOKS:
        board.wait_for(Stage.CONFIRM, look)
        family -= _test(board, Stage.CONFIRM, look, family)
    board.give_up(Stage.CONFIRM, CONFIRM_LOOKS[-1])


def _fixed(board: Board, rounds: int) -> None:
    """Play the one stage of a fixed number of launches."""
    family = len(board.live)
    board.wait_for(Stage.SCREEN, rounds)
    board.set_blind_aside(rounds)
    board.learn_spread(rounds)
    if rounds >= LEAST:
        _test(board, Stage.SCREEN, rounds, family)
    board.give_up(Stage.SCREEN, rounds, wording.TOO_FEW if rounds < LEAST else "")


def _test(board: Board, stage: Stage, look: int, family: int) -> int:
    """Test what is in play at one look; return how many turned out worse."""
    evidence = board.look(stage, look)
    worse = holm(evidence.beyond(board.margins()), board.alpha, family)
    passed = evidence.upper() < board.taus()
    rest = []
    for row, place in enumerate(board.live):
        if worse[row]:
            board.settle(place, Outcome.REGRESSED, evidence.at(row), (stage, look))
        elif passed[row]:
            board.settle(place, Outcome.UNCHANGED, evidence.at(row), (stage, look))
        else:
            rest.append(place)
    board.live = rest
    return int(worse.sum())
