"""What a measure is in words: ours where a catalogue has them, else those of its mart."""

from dashboards import facts, stamp, warehouse, words


def label(found: dict) -> str:
    """Our words for a measure, or those of its mart: they are a message id like any other."""
    return _worded(f"measure.{found['measure']}", found["label"])


def short(found: dict, needs=()) -> str:
    """The first sentence of what the figure is, its formula, and which system tells it; the rest is its definition."""
    parts = [first_sentence(description(found)), _formula(found)]
    systems = facts.feeders(needs)
    if systems:
        parts.append(words.text("tile.fed_by", systems=", ".join(stamp.source(name) for name in systems)))
    return " \n\n".join(parts)


def first_sentence(text: str) -> str:
    head, full_stop, _ = text.strip().partition(". ")
    return head + full_stop.strip()


def definition(found: dict) -> str:
    """What the figure is, its formula, and what is left out."""
    parts = [description(found), _formula(found)]
    if found.get("exclusions"):
        parts.append(words.text("tile.exclusions", text=exclusions(found)))
    return " \n\n".join(part.strip() for part in parts if part)


def description(found: dict) -> str:
    return _worded(f"measure.{found['measure']}.description", found["description"])


def exclusions(found: dict) -> str:
    return _worded(f"measure.{found['measure']}.exclusions", found.get("exclusions") or "")


def owner(found: dict) -> str:
    return _worded(f"role.{found['owner']}", found["owner"] or "–")


def _formula(found: dict) -> str:
    return f"`{' '.join(warehouse.formula(found).split())}`"


def _worded(code: str, otherwise: str) -> str:
    return words.text(code) if words.knows(code) else otherwise
