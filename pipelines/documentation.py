"""The dictionary and the lineage as one page: dbt's own, of what is published, without a server."""

import shutil
import tempfile
from pathlib import Path

from pipelines import dbt_process, durable
from pipelines.dbt_process import Dbt
from pipelines.outcomes import Ended


def write(data_dir: Path, published: Path, known: dict) -> Path:
    """Describe the published tables; returns the page."""
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
        page = data_dir / "docs" / "index.html"
        page.parent.mkdir(exist_ok=True)
        page.parent.chmod(0o750)
        shutil.copyfile(folder / "target" / "static_index.html", page)
        page.chmod(0o640)
        durable.give_to_group_of(data_dir, page.parent, page)
        durable.sync(page)
    return page
