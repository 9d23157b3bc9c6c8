"""Pictures as files of their own, for those who embed them elsewhere."""

import hashlib
import re

from perfci.model.emission import File
from perfci.reports.text import clean

_GROUND = '<rect width="100%" height="100%" fill="#ffffff"/>'


def picture_file(key: str, svg: str, *, png: bool) -> File:
    """Return a picture as a file `charts/*.svg` or `charts/*.png`.

    Args:
        key: what it shows: hostile text; equal keys give equal names.
        svg: the picture, as drawn for a page or alone.
        png: True for an image of dots instead.
    """
    whole = svg if "xmlns=" in svg[: svg.find(">")] else _alone(svg)
    if not png:
        return File(path=_path(key, "svg"), content=whole.encode("utf-8", "replace"))
    # matplotlib takes a second to import: only who wants its files waits for it
    from perfci.reports.png import png_of

    return File(path=_path(key, "png"), content=png_of(whole))


def _alone(svg: str) -> str:
    """Return a page's picture with a ground and a name space of its own."""
    named = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return named.replace("</title>", f"</title>{_GROUND}", 1)


def _path(key: str, ending: str) -> str:
    """Return a name that is safe on every disk, stable, and unique for the key."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", clean(key, 60)).strip("-")
    mark = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:8]
    return f"charts/{name}-{mark}.{ending}"
