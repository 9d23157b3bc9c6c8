"""The variables of the programs that perfci starts for the project: nothing that is its own."""

from collections.abc import Iterable, Mapping

REPOSITORY = frozenset(
    {
        # set inside hooks and aliases: they would point git at another repository or index
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
        # would change what a path on the command line means
        "GIT_GLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        "GIT_LITERAL_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
    }
)
"""Names by which git would be sent to another repository."""
_OURS = ("INPUT_", "PERFCI_")
_TOKENS = frozenset(
    {
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_RUNTIME_TOKEN",
        "DISCORD_WEBHOOK_URL",
        "SLACK_WEBHOOK_URL",
        "TEAMS_WEBHOOK_URL",
    }
)
# in a container the checkout belongs to another user: git would refuse to look at it
SAFE = {"safe.directory": "*"}


def program_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the project's own programs: nothing that is perfci's alone.

    Args:
        environ: the process's own, without credentials that were lent to git.
    """
    variables = {
        name: value
        for name, value in environ.items()
        if name not in REPOSITORY and name not in _TOKENS and not name.startswith(_OURS)
    }
    return configured(variables, SAFE.items())


def configured(environ: Mapping[str, str], settings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Append git settings to those that the environment already carries."""
    pairs = list(settings)
    count = environ.get("GIT_CONFIG_COUNT", "")
    start = int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 0
    variables = {**environ, "GIT_CONFIG_COUNT": str(start + len(pairs))}
    for number, (key, value) in enumerate(pairs, start):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables
