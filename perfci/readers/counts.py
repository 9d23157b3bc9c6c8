"""How often something was done, as files of results say it."""

from perfci.readers.json_tree import Node

MOST = 2**53
"""More than any machine has counted; up to here all whole numbers are kept apart."""


def count_of(node: Node) -> int | None:
    """Return a whole number from 1; None where there is null, or nothing.

    Raises:
        FormatError: there is something else: 0, a part of one, a text that is no number.
    """
    value = node.value
    if value is None:
        return None
    if type(value) is int and 0 < value < MOST:
        return value
    # some tools write each number as if it had decimals; tables have texts
    number = node.maybe()
    if number is None or not 0 < number < MOST or number != int(number):
        raise node.wrong("a number of times, which is whole and above 0")
    return int(number)
