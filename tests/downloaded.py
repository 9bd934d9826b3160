"""The files that a page offers, taken as a reader would save them."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import fastexcel
import polars as pl
import streamlit as st


@dataclass(frozen=True)
class File:
    """A file of a page: its name and what makes it."""

    name: str
    made: object

    @property
    def bytes(self) -> bytes:
        return self.made() if callable(self.made) else self.made


class Book:
    """A workbook as a spreadsheet program opens it, and as it lies in its archive."""

    def __init__(self, content: bytes):
        self.reader, archive = fastexcel.read_excel(content), zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
        self.raw = {name: archive.read(name).decode() for name in names if name.startswith("xl/")}

    @property
    def sheets(self) -> list[str]:
        return self.reader.sheet_names

    def sheet(self, at: int, has_header: bool = True) -> pl.DataFrame:
        return self.reader.load_sheet(at, header_row=0 if has_header else None).to_polars()

    def texts(self) -> list[str]:
        """Every text that stands in a cell of any sheet."""
        return re.findall(r"<t[^>]*>([^<]*)</t>", self.raw.get("xl/sharedStrings.xml", ""))

    def formulas(self) -> list[str]:
        return [name for name, text in self.raw.items() if "<f>" in text or "<f " in text]


@contextmanager
def offered(monkeypatch) -> Iterator[list[File]]:
    """The files of the pages drawn meanwhile."""
    found, button = [], st.download_button

    def drawn(label, data, file_name=None, *others, **more):
        found.append(File(file_name, data))
        return button(label, data, file_name, *others, **more)

    with monkeypatch.context() as patched:
        patched.setattr(st, "download_button", drawn)
        yield found
