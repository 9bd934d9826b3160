"""Documents that files export in their own way become what they are worth, or are refused."""

import json
import os
import subprocess
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.sources.files import FilesError, read
from tests.part_of_project import part_of_project
from tests.seldom_searched import DBT

INVOICES = "invoice_id,invoice_number,kind,corrects_invoice_id,currency_code,net_amount,issued_date\n"
LINES = "invoice_line_id,invoice_id,correction_part,quantity,net_amount,cost_amount\n"


def export(folder: Path, invoices: str, lines: str = "") -> Path:
    folder.mkdir()
    (folder / "invoices.csv").write_text(INVOICES + invoices, encoding="utf-8")
    (folder / "invoice_lines.csv").write_text(LINES + lines, encoding="utf-8")
    return folder


@pytest.mark.figure("net_revenue")
def test_a_correction_with_its_lines_before_and_after_is_the_difference(tmp_path):
    invoices = "1,FV/1,invoice,,PLN,150.00,2026-05-10\n2,KOR/1,correction,1,PLN,-40.00,2026-06-02\n"
    lines = "a,1,,5,100.00,60.00\nb,1,,1,50.00,\nc,2,before,5,100.00,60.00\nd,2,after,3,60.00,36.00\n"
    tables = read(export(tmp_path / "shop", invoices, lines), "Europe/Warsaw").tables
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("create schema raw")
        for name in ("invoices", "invoice_lines"):
            connection.register("rows", tables[name].to_arrow())
            connection.table("rows").create(f"raw.{name}")
    attached = {"path": str(tmp_path / "shop.duckdb"), "alias": "shop", "read_only": True}
    work = {"type": "duckdb", "path": str(tmp_path / "work.duckdb"), "attach": [attached]}
    (tmp_path / "profiles.yml").write_text(json.dumps({"lead_to_cash": {"target": "w", "outputs": {"w": work}}}))
    project = part_of_project(tmp_path / "dbt_project", "staging/files/*")
    options = {"profiles-dir": tmp_path, "project-dir": project, "target-path": tmp_path / "target"}
    options |= {"log-path": tmp_path, "select": "stg_files__invoice_lines"}
    command = [*DBT, "run"]
    command += [f"--{option}={value}" for option, value in options.items()]
    subprocess.run(command, env=os.environ | {"SOURCES": "files", "INSTANCES": "files:shop:shop"}, check=True)
    with duckdb.connect(str(tmp_path / "work.duckdb"), read_only=True) as connection:
        connection.execute(f"attach '{attached['path']}' as shop (read_only)")
        found = "select sum(quantity), sum(net_amount), sum(cost_amount) from staging.stg_files__invoice_lines"
        assert connection.execute(f"{found} where invoice_key = 'shop:2'").fetchall() == [
            (Decimal("-2"), Decimal("-40"), Decimal("-24"))
        ]
        assert connection.execute(f"{found} where invoice_key = 'shop:1'").fetchall() == [
            (Decimal("6"), Decimal("150"), Decimal("60"))
        ]


@pytest.mark.figure("net_revenue")
@pytest.mark.parametrize("kind", ["pro_forma", "draft"])
def test_a_document_that_is_no_sale_is_not_loaded_as_one(tmp_path, kind):
    with pytest.raises(FilesError) as refused:
        read(export(tmp_path / "shop", f"1,PF/1,{kind},,PLN,150.00,2026-05-10\n"), "Europe/Warsaw")
    assert "is not one of invoice, credit_note, correction, prepayment, cancellation" in str(refused.value)
