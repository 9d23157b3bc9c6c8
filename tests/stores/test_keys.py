"""Keys of branches can be turned back, and are safe on every backend."""

import re
from datetime import UTC, datetime, timedelta, timezone

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from perfci.baselines import branch_key, branch_of, project_key, run_id
from perfci.errors import ConfigurationError

names = st.text(max_size=80) | st.text("abAB./~%é", max_size=60)
# as long as git hosts allow: 255 bytes
long_names = st.text("ab./A~", min_size=150, max_size=255) | st.text(
    "a.é\ud800", min_size=60, max_size=85
)


@pytest.mark.parametrize(
    ("branch", "key"),
    [
        ("main", "main"),
        ("feature/x", "feature%2Fx"),
        ("Main", "%4Dain"),
        ("v1.2_3-4", "v1.2_3-4"),
        (".hidden", "%2Ehidden"),
        ("..", "%2E."),
        ("a~b", "a%7Eb"),
        ("100%", "100%25"),
        ("grün", "gr%C3%BCn"),
        ("", "~"),
    ],
)
def test_keys_are_what_is_documented(branch: str, key: str) -> None:
    assert branch_key(branch) == key
    assert branch_of(key) == branch


@given(names | long_names)
@example("/")
@example("\ud800")
@example("." * 250)
@example("\udce9")
@example("\U0001f600" * 60)
def test_a_key_can_be_turned_back_and_is_safe(branch: str) -> None:
    key = branch_key(branch)
    assert branch_of(key) == branch
    assert len(key.encode()) <= 772
    parts = key.split("/")
    assert len(parts) == 1 or len(branch.encode("utf-8", "surrogatepass")) > 66
    for part in parts:
        assert re.fullmatch(r"[a-z0-9._~%A-F-]{1,201}", part)
        assert not part.startswith(".")
    assert all(part.endswith("~") for part in parts[:-1])
    assert key == "~" or not parts[-1].endswith("~")


@given(names, names)
@example("Main", "main")
@example("ab/c", "ab%2fc")
@example("a", "A")
@example("~", "")
def test_two_branches_never_share_a_key_even_where_case_is_ignored(one: str, other: str) -> None:
    if one != other:
        assert branch_key(one).casefold() != branch_key(other).casefold()


@given(st.text("abAé/~.", min_size=60, max_size=250), st.text(min_size=1, max_size=60))
def test_the_name_of_a_run_fits_into_s3(branch: str, project: str) -> None:
    try:
        name = f"v1/{project_key(project)}/branches/{branch_key(branch)}/runs/"
    except ConfigurationError:
        return
    assert len(name + "20261123T065000Z-1a2b3c4d.json.gz") <= 1024


def test_every_name_that_a_git_host_allows_fits() -> None:
    assert branch_of(branch_key("\xff" * 127)) == "\xff" * 127
    assert branch_of(branch_key("/" * 255)) == "/" * 255


def test_names_that_do_not_fit_are_refused_with_the_limit() -> None:
    with pytest.raises(ConfigurationError, match="branch") as caught:
        branch_key("/" * 300)
    assert "772" in caught.value.hint
    with pytest.raises(ConfigurationError, match="project"):
        project_key("x" * 201)


def test_run_ids_sort_by_time_and_are_utc() -> None:
    moment = datetime(2026, 11, 23, 7, 50, tzinfo=timezone(timedelta(hours=1)))
    assert run_id(moment, "1a2b3c4d") == "20261123T065000Z-1a2b3c4d"
    later = datetime(2026, 11, 23, 6, 50, 1, tzinfo=UTC)
    assert run_id(moment, "ffffffff") < run_id(later, "00000000")
