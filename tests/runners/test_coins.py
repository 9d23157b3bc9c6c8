from hypothesis import given
from hypothesis import strategies as st

from perfci.runners.coins import coins
from perfci.runners.variables import variables

SEEDS = st.integers(0, 2**64 - 1)


@given(seed=SEEDS, n=st.integers(0, 50))
def test_the_same_seed_tosses_the_same_coins(seed: int, n: int) -> None:
    assert coins(seed, n) == coins(seed, n)
    assert len(coins(seed, n)) == n


def test_coins_are_fair() -> None:
    tossed = [coin for seed in range(200) for coin in coins(seed, 20)]

    assert 1850 <= sum(tossed) <= 2150
    assert len({coins(seed, 20) for seed in range(200)}) == 200


def test_coins_stay_as_they_are_between_versions() -> None:
    assert coins(7, 10) == (True,) * 7 + (False,) * 3


@given(seed=SEEDS)
def test_the_hash_seed_is_one_that_python_takes_and_never_off(seed: int) -> None:
    assert 1 <= int(variables({}, seed)["PYTHONHASHSEED"]) <= 4294967295


def test_git_settings_are_appended_to_those_that_are_there() -> None:
    given_ = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"}

    told = variables(given_, 0)

    assert told["GIT_CONFIG_COUNT"] == "2"
    assert (told["GIT_CONFIG_KEY_0"], told["GIT_CONFIG_KEY_1"]) == ("a.b", "safe.directory")
    assert told["GIT_CONFIG_VALUE_1"] == "*"


def test_nothing_of_perfcis_own_is_passed_on_and_the_rest_is() -> None:
    given_ = {
        "INPUT_GITHUB-TOKEN": "t",
        "PERFCI_STORE": "s",
        "ACTIONS_RUNTIME_TOKEN": "t",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t",
        "GIT_DIR": "/elsewhere",
        "PATH": "/bin",
        "GITHUB_SHA": "a1",
    }

    kept = {name for name in variables(given_, 0) if not name.startswith("GIT_CONFIG")}

    assert kept == {"PATH", "GITHUB_SHA", "PYTHONHASHSEED"}
