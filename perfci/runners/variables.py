"""The variables of one launch."""

from collections.abc import Mapping

from perfci.programs.variables import program_environ

_HASH_SEEDS = 2**32 - 1


def variables(environ: Mapping[str, str], seed: int) -> dict[str, str]:
    """Return the variables of one launch, equal on both sides to the byte.

    Strings are hashed alike on both sides: a hash seed of its own moves a launch by per cents.

    Args:
        environ: perfci's own.
        seed: 64 bits, of the launch.
    """
    # 0 would switch hashing by chance off: another code path
    return program_environ(environ) | {"PYTHONHASHSEED": str(1 + seed % _HASH_SEEDS)}
