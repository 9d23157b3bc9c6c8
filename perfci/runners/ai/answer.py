"""What one answer took: pieces and the instants at which they came, to the three figures."""

from dataclasses import dataclass

from perfci.runners.ai.dialects import Piece


@dataclass(slots=True, kw_only=True)
class Answer:
    """One streamed answer, as far as it has come.

    Instants are seconds on one clock that never jumps.
    """

    sent: float = 0.0
    """When the request went out."""
    first: float = 0.0
    """When the first piece with text came; means nothing while there is none."""
    latest: float = 0.0
    """When the last piece with text came."""
    heard: float = 0.0
    """When the last byte came."""
    pieces: int = 0
    """Those with text."""
    told: int | None = None
    """Tokens as the server counts them."""
    hidden: int = 0
    """Of these: thoughts."""
    thought: bool = False
    """Whether thoughts were among the pieces."""
    finished: bool = False

    def take(self, piece: Piece, at: float) -> None:
        """Enter what came, and when."""
        if piece.text:
            if not self.pieces:
                self.first = at
            self.latest = at
            self.pieces += 1
        self.thought = self.thought or piece.thought
        self.finished = self.finished or piece.finished or piece.end
        if piece.tokens is not None:
            self.told, self.hidden = piece.tokens, piece.hidden

    @property
    def response_time(self) -> float:
        """Return seconds from the request to the last byte."""
        return self.heard - self.sent

    @property
    def first_token_time(self) -> float:
        """Return seconds from the request to the first piece with text."""
        return self.first - self.sent

    @property
    def counted(self) -> bool:
        """Return whether the pieces stand in for the tokens, for want of a count by the server."""
        return self.told is None

    @property
    def rate(self) -> float | None:
        """Return tokens a second after the first piece; None where nothing came after it.

        A server may put several tokens into a piece: each piece is taken to hold the same share,
        so that the first piece's share is left out with the time before it.
        """
        seconds = self.latest - self.first
        if seconds <= 0:
            return None
        return self._tokens * (self.pieces - 1) / self.pieces / seconds

    @property
    def _tokens(self) -> int:
        if self.told is None:
            return self.pieces
        # thoughts that were never sent were made before the first piece
        return self.told if self.thought else max(1, self.told - self.hidden)
