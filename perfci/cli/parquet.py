"""Stored runs as Parquet, in folders that DuckDB, Spark, Trino and Athena take for columns.

`project=app/branch=main/date=2026-11-23/<run id>.parquet`: one file a run, never changed, so that
an export that was stopped goes on where it was.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from perfci.baselines.rows import Row
from perfci.errors import ConfigurationError, StoreError

_NAMELESS = "__HIVE_DEFAULT_PARTITION__"


class ParquetFolder:
    """Writes one file a run below a folder."""

    def __init__(self, root: Path, project: str) -> None:
        """Load the library, which only this needs.

        Raises:
            ConfigurationError: it is not installed.
        """
        try:
            arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        except ImportError as error:
            raise ConfigurationError(
                f"Parquet is written by pyarrow, and that cannot be imported: {error}",
                hint="install it: pip install 'perf-regression[parquet]'",
            ) from error
        self._arrow = arrow
        self._write = parquet.write_table
        self._schema = _schema(arrow)
        self._root = root / f"project={quote(project, safe='')}"

    def path(self, branch: str, run: str) -> Path:
        """Return where a run's file lies, by its id."""
        name = quote(branch.encode("utf-8", "surrogatepass"), safe="") or _NAMELESS
        date = f"{run[:4]}-{run[4:6]}-{run[6:8]}"
        return self._root / f"branch={name}" / f"date={date}" / f"{run}.parquet"

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        """Write a file whole or not at all.

        Raises:
            StoreError: it cannot be written.
        """
        table = self._arrow.Table.from_pylist(rows, schema=self._schema)
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._write(table, partial, compression="zstd")
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror or error}"
            raise StoreError(message, hint="Make room, or name another folder.") from error


def _schema(arrow: Any) -> Any:
    text, number = arrow.string(), arrow.float64()
    return arrow.schema(
        [
            ("run", text),
            ("commit", text),
            ("dirty", arrow.bool_()),
            ("started_at", arrow.timestamp("us", tz="UTC")),
            ("verdict", text),
            ("environment", text),
            ("cpu", text),
            ("cores", arrow.int32()),
            ("kernel", text),
            ("series", text),
            ("suite", text),
            ("benchmark", text),
            ("parameters", arrow.map_(text, text)),
            ("metric", text),
            ("unit", text),
            ("direction", text),
            ("clock", text),
            ("centre", number),
            ("spread", number),
            ("n", arrow.int32()),
            ("launches", arrow.list_(arrow.list_(number))),
            ("regressed", arrow.bool_()),
            ("accepted", arrow.bool_()),
        ]
    )
