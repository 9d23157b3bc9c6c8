"""A message as Slack's Block Kit takes it.

Names stand in rich text, whose texts have no markup at all: nothing in them can be escaped wrongly.
"""

import json
import re
from collections.abc import Iterable, Mapping

from perfci.notifiers.harmless import units, within
from perfci.notifiers.message import Message, fitted
from perfci.notifiers.spans import Line, Look, Span, plain, text_of

_HEADER = 150
_TOTAL = 12_000
"""Characters of all blocks: from about 13,000 on, which is not documented, they are refused."""
_FALLBACK = 2_000
_MARKS = re.compile(r"[*~`]|(?<![^\W_])_+|_+(?![^\W_])|\|{2,}|:(?=[\w+'-]+:)")
"""What sets bold, struck, code, italic (not within a word, where names have it), a spoiler or an
emoji."""
_ALIKE = str.maketrans("*~`_|:", "\u2217\u223c\u02cb\uff3f\u2223\u2236")
"""Characters that look like those, and do nothing."""
_SET = {Look.BOLD: {"bold": True}, Look.CODE: {"code": True}}


def slack(message: Message) -> Mapping[str, object]:
    """Return the body of a message for an incoming webhook."""
    return fitted(message, _form, lambda form: units(json.dumps(form["blocks"])) <= _TOTAL)


def _form(message: Message) -> dict[str, object]:
    header = {"type": "plain_text", "text": within(message.title, _HEADER), "emoji": False}
    blocks: list[object] = [{"type": "header", "text": header}]
    blocks.append({"type": "rich_text", "elements": _elements(message)})
    if message.foot:
        foot = {"type": "plain_text", "text": message.foot, "emoji": False}
        blocks.append({"type": "context", "elements": [foot]})
    return {
        "text": _fallback(message),
        "blocks": blocks,
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _elements(message: Message) -> list[object]:
    about = _texts(message.about)
    more = [_texts((plain(message.more),))] if message.more else []
    link: dict[str, object] = {"type": "link", "url": message.link, "text": "Open the job"}
    below = [*more, *map(_texts, message.notes), *([[link]] if message.link else [])]
    if not message.rows:
        return [_section([about, *below])]
    rows = [_section([_texts(row)]) for row in message.rows]
    listed = {"type": "rich_text_list", "style": "bullet", "elements": rows}
    return [_section([about]), listed, *([_section(below)] if below else [])]


def _section(lines: Iterable[list[dict[str, object]]]) -> dict[str, object]:
    """Return lines below each other."""
    texts: list[dict[str, object]] = []
    for line in lines:
        texts += [{"type": "text", "text": "\n"}, *line] if texts else line
    return {"type": "rich_text_section", "elements": texts}


def _texts(line: Line) -> list[dict[str, object]]:
    return [_text(span) for span in line if span.text]


def _text(span: Span) -> dict[str, object]:
    found: dict[str, object] = {"type": "text", "text": span.text}
    if span.look in _SET:
        found["style"] = _SET[span.look]
    return found


def _fallback(message: Message) -> str:
    """Return what notifications show, and servers that know no blocks.

    Slack is told that nothing here is markup, and obeys only the three characters that have an
    escape; what else takes its messages (Discord, Mattermost) does not listen to that.
    """
    text = message.title
    for line in (*map(text_of, message.rows), message.more):
        if line and units(text) + units(line) < _FALLBACK:
            text += f"\n{line}"
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(lambda found: found[0].translate(_ALIKE), text).replace("](", "]\u200b(")
