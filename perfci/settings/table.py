"""What every table of the settings has in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


def shape(text: str) -> PydanticCustomError:
    """Return an error about a table as a whole: a sentence whose subject is the table's path."""
    return PydanticCustomError("shape", "{text}", {"text": text})


class Table(BaseModel):
    """A table of settings; `null` stands for "not set"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _null_is_not_set(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {k: v for k, v in given.items() if v is not None or k not in cls.model_fields}
