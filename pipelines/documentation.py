"""The systems; the dictionary with its lineage, dbt's own; the figures with their proofs: pages, without a server."""

import shutil
import tempfile
from pathlib import Path

from pipelines import artifacts, dbt_process, declared, durable, figures_page, sources_page
from pipelines.dbt_process import Dbt
from pipelines.outcomes import Ended


def write_systems(data_dir: Path) -> Path:
    """What can be connected, and how: it needs neither settings nor anything published."""
    return _put(data_dir, "sources.html", sources_page.page(declared.systems()))


def write(data_dir: Path, published: Path, known: dict) -> tuple[list[Path], list[str]]:
    """Describe the published tables and the figures; returns the pages, and how many tests prove each figure."""
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=".documentation-") as name:
        folder = Path(name)
        # dbt looks for its tables in a database of the name it builds in.
        shutil.copyfile(published / "warehouse.duckdb", folder / "work.duckdb")
        landings = [landing for landing in known["sources"].values() if landing["state"] != "never"]
        (folder / "landing").mkdir()
        for landing in landings:
            source = published / "landing" / f"{landing['stem']}.duckdb"
            (folder / "landing" / source.name).symlink_to(source)
        said = known["settings"]
        variables = {"AS_OF": known["as_of"], "TIME_ZONE": said["time_zone"]}
        variables["REPORTING_CURRENCY"] = said["reporting_currency"]
        dbt = Dbt(folder, folder, landings, dbt_process.project_dir(), variables)
        answer = dbt.run(["docs", "generate", "--static"], lambda _: None)
        if not answer.get("success"):
            raise Ended(f"dbt could not write the page: {answer.get('error') or answer.get('crashed')}")
        manifest = artifacts.content(folder / "target" / "manifest.json")
        known_figures, measures, proofs = figures_page.everything(dbt_process.project_dir(), manifest)
        dictionary = (folder / "target" / "static_index.html").read_text(encoding="utf-8")
        listed = figures_page.page(known_figures, measures, proofs)
        pages = [_put(data_dir, "index.html", dictionary), _put(data_dir, "figures.html", listed)]
    return pages, figures_page.counts(known_figures, proofs)


def _put(data_dir: Path, name: str, content: str) -> Path:
    page = data_dir / "docs" / name
    page.parent.mkdir(exist_ok=True)
    page.parent.chmod(0o750)
    page.write_text(content, encoding="utf-8")
    page.chmod(0o640)
    durable.give_to_group_of(data_dir, page.parent, page)
    durable.sync(page)
    return page
