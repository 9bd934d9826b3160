"""Every model and column is described, and a model's first words are its grain."""

from pathlib import Path

import pytest
import yaml

from pipelines import figures, figures_page

MODELS = Path(__file__).parent.parent / "dbt_project" / "models"
FILES = sorted(path for path in MODELS.rglob("*") if path.suffix in (".sql", ".py"))
DESCRIBED = {
    model["name"]: model
    for file in MODELS.rglob("_*.yml")
    for model in (yaml.safe_load(file.read_text()) or {}).get("models", [])
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_model_and_column_has_a_description(path):
    model = DESCRIBED.get(path.stem)
    assert model, f"{path.stem} stands in no YAML: nobody can look up what it means"
    assert model.get("description", "").strip(), f"{path.stem} has no description"
    assert model.get("columns"), f"{path.stem} lists no columns"
    silent = [column["name"] for column in model["columns"] if not column.get("description", "").strip()]
    assert not silent, f"{path.stem}: no description for {', '.join(silent)}"


def test_every_described_model_exists():
    assert not set(DESCRIBED) - {path.stem for path in FILES}, "described, but not there"


@pytest.mark.parametrize("layer", ["canonical", "marts"])
def test_the_description_of_a_table_begins_with_its_grain(layer):
    for path in (MODELS / layer).rglob("*.sql"):
        assert DESCRIBED[path.stem]["description"].lstrip().startswith("One row per"), path.stem


LISTED = {row["figure"] for row in figures_page.listed(MODELS.parent)}
MEASURED = {
    measure["name"]: measure.get("figure")
    for model in DESCRIBED.values()
    for measure in (model.get("config") or {}).get("meta", {}).get("measures", [])
}
PROVED = {proof["figure"] for proof in figures.marked(Path(__file__).parent)}
for file in MODELS.rglob("_*.yml"):
    for case in (yaml.safe_load(file.read_text()) or {}).get("unit_tests", []):
        said = (case.get("config") or {}).get("meta", {}).get("figure") or []
        PROVED |= {said} if isinstance(said, str) else set(said)


def test_every_measure_and_every_proof_names_a_figure_that_is_listed():
    unknown = (set(MEASURED.values()) | PROVED) - LISTED - {None}
    assert not unknown, f"no figure is called {', '.join(sorted(unknown))}"


@pytest.mark.parametrize("figure", sorted(LISTED))
def test_every_figure_has_a_measure_and_something_that_proves_it(figure):
    assert figure in MEASURED.values(), f"no measure belongs to {figure}"
    assert figure in PROVED, f"nothing proves {figure}"
