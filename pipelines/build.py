"""Builds and tests every model: one dbt build, in a work file that nobody reads."""

from collections.abc import Callable
from pathlib import Path

from pipelines import artifacts, parsed
from pipelines.artifacts import Built
from pipelines.dbt_process import Dbt
from pipelines.outcomes import GateFailed, NoSpace, is_disk_full

# Unit tests prove the models, not the data: `make test-all` runs them.
COMMAND = ["build", "--exclude-resource-type", "unit_test"]


def run(
    folder: Path, project: Path, landings: list[dict], variables: dict[str, str], heard: Callable[[dict], None]
) -> Built:
    """Build and test every model; GateFailed names the test that failed."""
    with parsed.at_one_place(folder) as place:
        # dbt remembers where seeds lay: a project copied for this refresh goes by a name that the next one has too.
        if project.is_relative_to(folder):
            project = place / project.relative_to(folder)
        settings = parsed.settings(variables, landings)
        parsed.bring(folder, project, settings)
        answer = Dbt(folder, place, landings, project, variables).run(COMMAND, heard)
        parsed.keep(folder, project, settings)
    if not answer.get("success"):
        raise _failure(folder, answer)
    return artifacts.read(folder)


def _failure(folder: Path, answer: dict) -> Exception:
    logged = folder / "logs" / "dbt.log"
    if is_disk_full(f"{answer} {logged.read_text(errors='replace') if logged.exists() else ''}"):
        return NoSpace("The disk was full while dbt was building; nothing was published. Make room and refresh again.")
    failed = artifacts.failed(folder)
    if not failed:
        said = (answer.get("error") or answer.get("crashed") or "no reason given").strip()
        return GateFailed(f"dbt could not build, so nothing was published: {said}")
    node, result = failed[0]
    more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    if result["status"] == "fail":
        rows = f" ({result['failures']} rows)" if result.get("failures") else ""
        return GateFailed(f"A test failed, so nothing was published: {artifacts.sentence(node)}{rows}{more}.")
    told = " ".join((result.get("message") or "").split())[:400]
    return GateFailed(f"{node['name']} could not be built{more}, so nothing was published: {told}")
