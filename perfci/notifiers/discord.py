"""A message as a Discord webhook takes it: one embed, in which nothing mentions anybody."""

import re
from collections.abc import Mapping
from typing import assert_never

from perfci.notifiers.harmless import units, within
from perfci.notifiers.message import Colour, Message, fitted
from perfci.notifiers.spans import Line, Look, Span, plain

_TITLE = 256
_DESCRIPTION = 4_096
_FOOTER = 2_048
_TOTAL = 6_000
"""Characters of all texts of an embed together."""
_COLOURS = {Colour.GOOD: 0x2DA44E, Colour.DOUBT: 0xBF8700, Colour.BAD: 0xCF222E}


def discord(message: Message) -> Mapping[str, object]:
    """Return the body of a message for a webhook."""
    return fitted(message, _form, _fits)


def _form(message: Message) -> dict[str, object]:
    lines = [_drawn(message.about), *(f"- {_drawn(row)}" for row in message.rows)]
    if message.more:
        lines.append(_drawn((plain(message.more),)))
    # an empty line: else the first of these would belong to the list
    notes = [_drawn(note) for note in message.notes]
    lines += ["", *notes] if message.rows and notes else notes
    if message.link:
        lines.append(f"[Open the job](<{message.link}>)")
    embed: dict[str, object] = {
        "title": within(_escaped(message.title), _TITLE),
        "description": "\n".join(lines),
        "color": _COLOURS[message.colour],
    }
    if message.foot:
        embed["footer"] = {"text": within(message.foot, _FOOTER)}
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _fits(form: Mapping[str, object]) -> bool:
    embeds = form["embeds"]
    assert isinstance(embeds, list)  # noqa: S101 - as it was drawn above
    embed = embeds[0]
    foot = embed.get("footer", {}).get("text", "")
    described = units(embed["description"])
    return described <= _DESCRIPTION and described + units(embed["title"]) + units(foot) <= _TOTAL


def _drawn(line: Line) -> str:
    return "".join(_span(span) for span in line if span.text)


def _span(span: Span) -> str:
    """Return a piece of a line; a blank at its end stands outside the marks."""
    inner = span.text.strip()
    if not inner:
        return span.text
    before, _, after = span.text.partition(inner)
    return f"{before}{_marked(inner, span.look)}{after}"


def _marked(text: str, look: Look) -> str:
    match look:
        case Look.PLAIN:
            return _escaped(text)
        case Look.BOLD:
            return f"**{_escaped(text)}**"
        case Look.CODE:
            # a span of code ends at the first backtick, and knows no escape for one
            return f"`{text.replace('`', chr(0x2CB))}`"
        case _ as never:
            assert_never(never)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_~|>#\[\]()])", r"\\\1", text)
