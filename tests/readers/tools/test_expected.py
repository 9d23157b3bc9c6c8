"""Every file of a real tool is recognised, and read to the values that are written down for it."""

from pathlib import Path
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.readers.formats import FORMATS
from tests.readers.tools.reading import SAMPLES, expectations, recorded, told

HERE = Path(__file__).parent
KNOWN = expectations(HERE / "expected")


@pytest.mark.parametrize(
    ("name", "file", "expected"), KNOWN, ids=[f"{name}:{file}" for name, file, _ in KNOWN]
)
def test_a_file_is_read_to_what_is_written_down(
    name: str, file: str, expected: dict[str, Any]
) -> None:
    root = HERE if file.startswith("fixtures/") else SAMPLES
    path = root / file
    if root is SAMPLES and not SAMPLES.is_dir():
        # files of other projects, which are never part of this one
        pytest.skip("the samples of real projects are not here")
    if not name:
        with pytest.raises(FormatError, match=expected["error"]):
            recorded(path)
        return
    found = told(recorded(path, as_=name if expected.get("named") else ""))
    assert len(found["series"]) == expected["count"]
    for key, values in expected["series"].items():
        *shape, middle = found["series"][key]
        assert shape == values[:-1], key
        assert middle == pytest.approx(values[-1], rel=2e-5), key
    assert found["failed"].keys() == expected.get("failed", {}).keys()
    for key, part in expected.get("failed", {}).items():
        assert part in found["failed"][key]
    assert name in FORMATS
