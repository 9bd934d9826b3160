"""What a firm's people export into a folder by hand, as the source `files` finds it: tables beside their selects."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl


@contextmanager
def written(tables: Mapping[str, pl.DataFrame], beside: Path) -> Iterator[Path]:
    """A folder with these tables as CSV and what lies in `beside`; it is there as long as the block."""
    with TemporaryDirectory(prefix="sandbox-") as place:
        folder = Path(place)
        for path in beside.iterdir():
            shutil.copyfile(path, folder / path.name)
        for name, table in tables.items():
            # As a spreadsheet saves it: the mark of UTF-8 first, semicolons between.
            table.write_csv(folder / f"{name}.csv", separator=";", line_terminator="\r\n", include_bom=True)
        yield folder
