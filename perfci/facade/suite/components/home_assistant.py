"""`ha_integration`: a real Home Assistant over REST and WebSocket.

It is named by `HA_URL` and `HA_TOKEN`; inside an add-on, `SUPERVISOR_TOKEN` is enough. `HA_ACTION`,
with the `HA_ENTITY` that it changes, adds an action to every cycle; the entity is put back.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from perfci.errors import ConfigurationError
from perfci.facade.config import RegressionTestType
from perfci.facade.suite.components.configured import work_from
from perfci.facade.suite.components.offered import Offered, Offers
from perfci.model.work import HomeAssistant, Work

_SUPERVISOR = "http://supervisor/core"
_HINT = (
    "set HA_URL and HA_TOKEN, a long-lived access token of Home Assistant (in an add-on with "
    "`homeassistant_api: true` SUPERVISOR_TOKEN is there by itself)"
)
_VARIABLES = {"url": "HA_URL", "call": "HA_ACTION", "entity": "HA_ENTITY"}
_CYCLES = 5
"""Cycles of round trips in a launch, whose median is its value."""
_CYCLE = "cycle"
_TRIPS = {"rest_api": "ha_api", "rest_states": "ha_states", "websocket_ping": "ha_ping"}
_OF_AN_ACTION = {"call": {"call_action": "ha_call"}, "entity": {"state_change": "ha_event"}}


def offers(environ: Mapping[str, str]) -> Offers:
    """Return the tests of the Home Assistant that the variables name, if they name one."""
    given = {name: text.strip() for name, text in environ.items() if text.strip()}
    token_env = _token_env(given)
    if not token_env:
        return Offers(missing=(f"{_why(given)}: {_HINT}",))
    table: dict[str, object] = {
        "url": given.get("HA_URL", _SUPERVISOR),
        "token_env": token_env,
        "requests": _CYCLES,
    }
    trips = dict(_TRIPS)
    for key, more in _OF_AN_ACTION.items():
        if _VARIABLES[key] in given:
            table[key] = given[_VARIABLES[key]]
            trips |= more
    trouble = None
    try:
        work: Work = work_from("home_assistant", table, _VARIABLES)
    except ConfigurationError as error:
        work, trouble = HomeAssistant(url=""), error
    found = [
        (_CYCLE, RegressionTestType.HA_INTEGRATION, "ha_integration"),
        *((name, RegressionTestType.LATENCY, metric) for name, metric in trips.items()),
        (_CYCLE, RegressionTestType.ERROR_RATE, "error_rate"),
    ]
    spelled = {f"home_assistant.{key}": name for key, name in _VARIABLES.items()}
    return Offers(
        tests=tuple(
            Offered(
                operation=operation,
                test_type=test_type,
                work=work,
                reads=metric,
                spelled=spelled,
                trouble=trouble,
            )
            for operation, test_type, metric in found
        )
    )


def _token_env(given: Mapping[str, str]) -> str:
    """Return the name of the variable whose token belongs to the address; empty for none."""
    url = given.get("HA_URL", "")
    if url and "HA_TOKEN" in given:
        return "HA_TOKEN"
    # the supervisor's token is told to nobody else
    supervised = "SUPERVISOR_TOKEN" in given and (not url or _is_supervisor(url))
    return "SUPERVISOR_TOKEN" if supervised else ""


def _why(given: Mapping[str, str]) -> str:
    if "HA_URL" in given:
        return "HA_URL is set, but HA_TOKEN is not"
    if "HA_TOKEN" in given:
        return "HA_TOKEN is set, but HA_URL is not"
    return "no Home Assistant is named"


def _is_supervisor(url: str) -> bool:
    try:
        return urlsplit(url).hostname == "supervisor"
    except ValueError:
        return False
