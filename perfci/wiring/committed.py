"""Whether the commit that is judged brings stored runs of its own."""

from perfci.wiring.project import Project


def brings_its_store(project: Project) -> bool:
    """Tell whether files of a `file:` store, or a link in its place, are part of the commit."""
    url = project.loaded.settings.store
    if project.git is None or not url.startswith("file:"):
        return False
    root = project.git.root.resolve()
    named = project.root.resolve() / url.removeprefix("file:").removeprefix("//")
    inside = {path for path in (named, named.resolve()) if path.is_relative_to(root)}
    places = sorted(str(path.relative_to(root)) for path in inside)
    return bool(places) and bool(project.git.run("ls-files", "-z", "--", *places).strip("\0"))
