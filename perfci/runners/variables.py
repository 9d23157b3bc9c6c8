"""The variables that measured programs are given."""

from collections.abc import Mapping

_OURS = ("INPUT_", "PERFCI_")
_DROPPED = frozenset(
    {
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_RUNTIME_TOKEN",
        # set inside hooks: a measured git would work on another repository
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)
_HASH_SEEDS = 2**32 - 1


def variables(environ: Mapping[str, str], seed: int) -> dict[str, str]:
    """Return the variables of one launch, equal on both sides to the byte.

    Nothing that is perfci's alone is passed on, strings are hashed alike on both sides, and git
    does not refuse a tree that belongs to another user.

    Args:
        environ: perfci's own.
        seed: 64 bits, of the launch.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if name not in _DROPPED and not name.startswith(_OURS)
    }
    count = kept.get("GIT_CONFIG_COUNT", "")
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 0
    return kept | {
        # 0 would switch hashing by chance off: another code path
        "PYTHONHASHSEED": str(1 + seed % _HASH_SEEDS),
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": "safe.directory",
        f"GIT_CONFIG_VALUE_{number}": "*",
    }
