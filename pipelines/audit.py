"""The last questions before a generation may be read: the gates that are rows, not dbt tests."""

from pathlib import Path

from pipelines import warehouse_file
from pipelines.outcomes import GateFailed


def audit(work: Path) -> None:
    """Refuse a build whose sums do not agree with the source's, by the gates of `marts.reconciliation`."""
    with warehouse_file.connect() as connection:
        connection.execute("attach '" + str(work).replace("'", "''") + "' as work (read_only)")
        found = warehouse_file.tables(connection, "work")
        if not found:
            raise GateFailed("dbt built no table at all; nothing was published.")
        if ("marts", "reconciliation") not in found:
            return
        broken = connection.execute(
            "select check_code, source, entity, period_month, left_amount, right_amount, count(*) over ()"
            " from work.marts.reconciliation where is_gate and not is_ok order by all limit 1"
        ).fetchall()
    if broken:
        [(code, source, entity, month, left, right, counted)] = broken
        more = f" and {counted - 1} more" if counted > 1 else ""
        where = " ".join(str(part) for part in (source, entity, month) if part)
        raise GateFailed(
            f"The figures do not agree, so nothing was published: {code.replace('_', ' ')} ({where}): "
            f"{left} against {right}{more}."
        )
