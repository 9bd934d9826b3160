"""Every figure with its formula, its measures and the tests that prove it, as one page without a server."""

import csv
from html import escape
from pathlib import Path

from pipelines import figures

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "h2{margin-top:2.5rem;border-top:1px solid #8888;padding-top:1rem}code{font-size:90%;overflow-wrap:anywhere}"
    "small{opacity:.75}li{margin:.2rem 0}"
)
KINDS = {"case": "worked out by hand", "law": "held by all rows of every refresh", "test": "of the whole product"}


def listed(project: Path) -> list[dict]:
    """The figures in their order: figure, place, name, formula, term."""
    with open(project / "seeds" / "figures_list.csv", encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: int(row["place"]))


def page(known: list[dict], measures: list[dict], proofs: list[dict]) -> str:
    """The page as HTML."""
    parts = [
        _figure(row, *([one for one in many if one["figure"] == row["figure"]] for many in (measures, proofs)))
        for row in known
    ]
    index = " · ".join(f'<a href="#{escape(row["figure"])}">{escape(row["name"])}</a>' for row in known)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Figures</title><style>{STYLE}</style>'
    return f"{head}<h1>Figures, and what proves them</h1><p>{index}</p>{''.join(parts)}</html>"


def _figure(row: dict, measures: list[dict], proofs: list[dict]) -> str:
    told = [f'<h2 id="{escape(row["figure"])}">{escape(row["name"])}</h2><p>{escape(row["formula"])}.</p>']
    told.append(f"<p><small>Term: {escape(row['term'])}</small></p>")
    if measures:
        told.append("<h3>Measures</h3><ul>" + "".join(map(_measure, measures)) + "</ul>")
    for kind, words in KINDS.items():
        names = [f"<li>{escape(_sentence(proof))}</li>" for proof in proofs if proof["kind"] == kind]
        if names:
            told.append(f"<h3>{len(names)} {kind}s <small>{words}</small></h3><ul>{''.join(names)}</ul>")
    return "".join(told)


def _measure(row: dict) -> str:
    formula = row["expression"] or f"{row['numerator']} / {row['denominator']}"
    left_out = f" <small>Left out: {escape(row['exclusions'])}</small>" if row["exclusions"] else ""
    return (
        f"<li><b>{escape(row['label'] or row['measure'])}</b>, {escape(row['unit'] or '')}:"
        f" {escape(row['description'] or '')} <code>{escape(formula)}</code> of <code>{escape(row['mart'])}</code>"
        f" ({escape((row['grain'] or '').lower())}).{left_out}"
        f" <small>Owner: {escape(row['owner'] or 'nobody')}</small></li>"
    )


def _sentence(proof: dict) -> str:
    words = proof["test"].removeprefix("test_").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]} ({proof['place']})"


def counts(known: list[dict], proofs: list[dict]) -> list[str]:
    """A line for each figure: how many tests prove it."""
    return [
        f"{row['figure']:18} {sum(proof['figure'] == row['figure'] for proof in proofs):4} tests  {row['name']}"
        for row in known
    ]


def everything(project: Path, manifest: dict) -> tuple[list[dict], list[dict], list[dict]]:
    """Figures, their measures and all that proves them; the product's own tests where they are beside it."""
    tests = project.parent / "tests"
    proofs = figures.proofs(manifest) + (figures.marked(tests) if tests.is_dir() else [])
    return listed(project), figures.measures(manifest), proofs
