"""The marts and what their figures mean, for an assistant that speaks MCP over standard input and output.

Off unless started. It reads through the same locked connection as the pages: nothing but the published file, nothing
written, fifteen seconds a question.
"""

import duckdb
from mcp.server import MCPServer

from dashboards import questions, warehouse

MOST = 1000
server = MCPServer(
    "lead-to-cash",
    instructions="Figures of a firm from its CRM and ERP. Ask `measures` for what figures mean before computing any.",
)


@server.tool()
def measures() -> list[dict]:
    """Every measure: its mart, formula, unit, exclusions and owner."""
    return [
        _told(row) for row in warehouse.query("select * from marts.measures order by measure").iter_rows(named=True)
    ]


@server.tool()
def tables() -> list[dict]:
    """Every published table and what one row of it is."""
    found = warehouse.query(
        "select schema_name || '.' || table_name as name, comment as description from duckdb_tables() order by 1"
    )
    return found.to_dicts()


@server.tool()
def columns(table: str) -> list[dict]:
    """The columns of a published table, for example marts.receivables: name, type and meaning."""
    schema, _, name = table.rpartition(".")
    found = warehouse.query(
        "select column_name as name, data_type as type, comment as description from duckdb_columns()"
        " where schema_name = ? and table_name = ? order by column_index",
        (schema or "marts", name),
    )
    return found.to_dicts()


@server.tool()
def query(sql: str) -> dict:
    """The rows of one SELECT statement in DuckDB's SQL, the first thousand of them."""
    try:
        found = warehouse.query(f"select * from ({sql.strip().rstrip(';')}) limit {MOST + 1}")  # noqa: S608
    except duckdb.Error as error:
        return {"error": str(error).partition("\n")[0]}
    shown = found.head(MOST)
    return {"rows": [_told(row) for row in shown.iter_rows(named=True)], "is_cut": found.height > MOST}


@server.tool()
def saved_questions() -> dict[str, str]:
    """Questions with a ready answer, by name."""
    return questions.known()


@server.tool()
def ask(name: str) -> list[dict]:
    """The answer of a saved question."""
    return [_told(row) for row in questions.answer(name).head(MOST).iter_rows(named=True)]


def _told(row: dict) -> dict:
    """Money as text, to the cent; JSON has no decimals."""
    return {
        name: value if isinstance(value, str | int | float | bool | None) else str(value) for name, value in row.items()
    }


def serve() -> None:
    server.run("stdio")
