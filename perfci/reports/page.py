"""The pages' templates, with their style and script, and the policy that allows these alone."""

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(name: str) -> "Template":
    """Load a page's template: `report.html.j2`."""
    # drawing a page is what needs it: `compare` and `run --json` start without
    import jinja2
    from markupsafe import Markup

    folder = resources.files("perfci.reports") / "jinja"
    style, script = ((folder / file).read_text("utf-8") for file in ("report.css", "report.js"))
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda file: (folder / file).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # finished pictures; every text in them has been escaped where it was put in
    environment.filters["picture"] = Markup
    environment.globals |= {
        "style": Markup(style),  # noqa: S704 - our own file
        "script": Markup(script),  # noqa: S704 - our own file
        "policy": f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'",
    }
    return environment.get_template(name)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
