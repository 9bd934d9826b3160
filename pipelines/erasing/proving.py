"""That nothing is left of a person is shown by a search that finds somebody else."""

from pathlib import Path

from pipelines.erased import Erased, hunted
from pipelines.erasing import searching
from pipelines.erasing.finding import Person, Raw
from pipelines.erasing.rewriting import keys_of
from pipelines.outcomes import GateFailed


def proved(folders: list[Path], person: Person, rows: Raw, known: Erased) -> str:
    """The sentence that says it; GateFailed names the files that still hold something, or why it proves nothing."""
    texts = sorted(person.values)
    if not texts:
        return "What this person was called is known to nobody any more, so there was nothing to search for."
    control = _control(rows, person, known)
    found = searching.search(folders, [*texts, *([control[1]] if control else [])])
    left = {text: files for text, files in found.found.items() if files and text in texts}
    if left:
        told = "; ".join(f"{_kind(text)} in {', '.join(sorted(files)[:5])}" for text, files in left.items())
        raise GateFailed(
            f"Erased and published, but {len(left)} of {len(texts)} texts still stand in files: {told}. "
            "What is not a file of ours must be removed by hand; then run the same command again."
        )
    if found.unread:
        raise GateFailed(f"Erased and published, but not all files could be searched: {', '.join(found.unread[:5])}.")
    if control is None:
        return f"Not found in {found.files} files: {len(texts)} texts. There was nobody else to try the search on."
    if not found.found[control[1]]:
        raise GateFailed(f"The search found nothing of {control[0]} either, who is there: it proves nothing.")
    count = len(found.found[control[1]])
    return (
        f"Not found in {found.files} files: {len(texts)} texts of the person. "
        f"The same search finds {control[0]}, who was not erased, in {count}."
    )


def _control(rows: Raw, person: Person, known: Erased) -> tuple[str, str] | None:
    """Somebody else of the same table, by key, and a text of theirs."""
    tables = {(source, table) for source, table, *_ in person.records}
    for source, table, frame in sorted(rows, key=lambda row: (row[0], row[1].name) not in tables):
        if not table.of_persons:
            continue
        for row in frame.iter_rows(named=True):
            record = (source, table.name, row.get("company_id") or "", str(row[table.key]))
            values = [row.get(name) for name in (*table.names, *table.contacts)]
            spelled = [value for value in values if value and hunted(value, False) and not known.named_in(value)]
            if record not in person.records and not known.record(*record) and spelled:
                return keys_of(row, table, source)[-1], spelled[0]
    return None


def _kind(text: str) -> str:
    if "@" in text:
        return "an e-mail address"
    return "a number" if text.replace("+", "").replace(" ", "").isdecimal() else "a name"
