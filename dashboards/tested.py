"""The tests of the warehouse in the reader's words: what holds when one passes."""

from dashboards import words

KINDS = ("identifies_one_row", "not_null", "unique", "accepted_values", "relationships")


def sentence(row: dict) -> str:
    """By the name of the test, else by its kind; a test nobody put into words is said as the warehouse says it."""
    name = row["test"]
    if words.knows(f"test.{name}"):
        return words.text(f"test.{name}")
    kind = next((kind for kind in KINDS if name.startswith(kind)), None)
    if kind is None or not row.get("model"):
        return row["sentence"]
    what = ".".join(part for part in (row["model"], row.get("column_name")) if part)
    return words.text(f"test_kind.{kind}", what=what)
