"""What lies beside the generations: texts that name an erased person are changed, and older generations go."""

import csv
import io
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from pipelines import company_facts, decisions, durable, erased, publish
from pipelines.crash_points import reached
from pipelines.erased import Erased
from pipelines.erasing import rewriting
from pipelines.publish import Generations

# Says up to which list everything in the folder is without the erased.
MARK = ".erased"


def is_due(data_dir: Path, company_dir: Path) -> bool:
    """Whether somebody was put on the list who may still be somewhere in the data folder."""
    path = company_dir / erased.NAME
    return path.exists() and durable.sha256(path) != _marked(data_dir)


def _marked(data_dir: Path) -> str:
    try:
        return (data_dir / MARK).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def company(company_dir: Path, known: Erased) -> None:
    """The firm's own files: a code where a cell names somebody; whoever was erased has no access any more."""
    with decisions.alone(company_dir):
        inbox = company_dir / "inbox"
        for path in [*company_dir.glob("*.csv"), *inbox.glob("*.csv"), *inbox.glob(".*"), *inbox.glob("refused/*")]:
            if path.is_file() and not path.is_symlink() and path.name not in (erased.NAME, f".{decisions.NAME}.lock"):
                _table(path, known)


def data_folder(data_dir: Path, company_dir: Path, known: Erased, landings: list[tuple[Path, str, str]]) -> None:
    """Everything that is kept beside what was just published; then it is marked as done."""
    generations = Generations(data_dir)
    current = generations.current()
    for path in [*generations.all(), *generations.left_over()]:
        if path != current:
            publish.remove(path)
    reached("half_tidied")
    by_key = rewriting.codes_by_key(landings, known)
    kept = data_dir / "remembered"
    for path in kept.glob(".*.writing"):
        path.unlink()
    for path in sorted(kept.glob("*.parquet")):
        rewriting.parquet(path, known, by_key)
    for path in (data_dir / "logs").glob("*"):
        if path.stem == current.name:
            _lines(path, known)
        else:
            path.unlink()
    shutil.rmtree(data_dir / "parsed", ignore_errors=True)  # dbt makes it again
    for path in data_dir.glob("*.jsonl"):
        _json_lines(path, known)
    (data_dir / "alerts_state.json").unlink(missing_ok=True)  # names who was told; what still holds is told once more
    reached("tidied")
    durable.write(data_dir / MARK, durable.sha256(company_dir / erased.NAME).encode() + b"\n")
    durable.sync(data_dir)


def without(value: object, known: Erased) -> object:
    """Any JSON, a code in the place of every text that names somebody."""
    if isinstance(value, dict):
        return {key: without(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [without(inner, known) for inner in value]
    return (known.named_in(value) or value) if isinstance(value, str) else value


def _json_lines(path: Path, known: Erased) -> None:
    def line(text: str) -> str:
        try:
            return json.dumps(without(json.loads(text), known), ensure_ascii=False, default=str)
        except ValueError:
            return known.named_in(text) or text

    _written(path, (line(text) if known.named_in(text) else text for text in _text(path).splitlines()))


def _lines(path: Path, known: Erased) -> None:
    _written(path, (known.named_in(text) or text for text in _text(path).splitlines()))


def _table(path: Path, known: Erased) -> None:
    """A CSV file; one that is none is taken line by line."""
    text = _text(path)
    if not any(known.named_in(line) for line in text.splitlines()):
        return
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        _lines(path, known)
        return
    if path.name in company_facts.NO_FACTS:
        rows = [row for row in rows if not any(known.named_in(cell) for cell in row)]
    written = io.StringIO()
    ending = "\r\n" if "\r\n" in text else "\n"
    csv.writer(written, lineterminator=ending).writerows([known.named_in(cell) or cell for cell in row] for row in rows)
    durable.write(path, written.getvalue().encode("utf-8"), path.stat().st_mode & 0o777)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace")


def _written(path: Path, lines: Iterable[str]) -> None:
    whole = "".join(f"{line}\n" for line in lines)
    if whole != _text(path):
        durable.write(path, whole.encode("utf-8"), path.stat().st_mode & 0o777)
