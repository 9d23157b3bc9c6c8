"""A message as a workflow of Microsoft Teams takes it: an adaptive card.

Every text stands in a run of rich text, where no Markdown counts.
"""

import json
from collections.abc import Mapping, Sequence

from perfci.notifiers.message import Colour, Message, fitted
from perfci.notifiers.spans import Line, Look, Span, plain

_TOTAL = 20_000
"""Bytes of JSON. Teams promises 28 KB, and has lost cards from 21 KB on without a word."""
_VERSION = "1.2"
"""The oldest with rich text: on telephones Teams shows of a newer one `fallbackText` alone."""
_COLOURS = {Colour.GOOD: "Good", Colour.DOUBT: "Warning", Colour.BAD: "Attention"}


def teams(message: Message) -> Mapping[str, object]:
    """Return the body of a message for a workflow that waits for a webhook request."""
    return fitted(message, _form, lambda form: len(json.dumps(form)) <= _TOTAL)


def _form(message: Message) -> dict[str, object]:
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": _VERSION,
        "fallbackText": message.title,
        "msteams": {"width": "Full"},
        "body": _body(message),
    }
    if message.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the job", "url": message.link}]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _body(message: Message) -> list[object]:
    title: dict[str, object] = {
        "type": "TextRun",
        "text": message.title,
        "size": "Medium",
        "weight": "Bolder",
        "color": _COLOURS[message.colour],
    }
    body = [_block([title]), _line(message.about)]
    body += [_line((plain("• "), *row)) for row in message.rows]
    if message.more:
        body.append(_line((plain(message.more),)))
    body += [_line(note) for note in message.notes]
    if message.foot:
        foot = {"type": "TextRun", "text": message.foot, "size": "Small", "isSubtle": True}
        body.append(_block([foot]))
    return body


def _line(line: Line) -> object:
    return _block([_run(span) for span in line if span.text])


def _block(runs: Sequence[Mapping[str, object]]) -> object:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(span: Span) -> dict[str, object]:
    run: dict[str, object] = {"type": "TextRun", "text": span.text}
    if span.look is Look.BOLD:
        run["weight"] = "Bolder"
    elif span.look is Look.CODE:
        run["fontType"] = "Monospace"
    return run
