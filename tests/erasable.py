"""A firm that sells to persons: the small firm's orders, and accounts, people, leads and deals that name somebody."""

import shutil
from pathlib import Path

import duckdb

from tests.firm import HERE, Ended, Firm

GONE = {
    "name": "Zofia Wiśniewska-Kruk",
    "mail": "zofia.kruk@poczta-kruk.pl",
    "phone": "+48 601 234 567",
    "tax": "PL 5210017228",
}
STAYS = {"name": "Henryk Lis-Borowski", "phone": "+48 602 765 432", "tax": "PL 7740001454"}
KEY = "shop:a1"
WHY = "asked for it, letter of 12 March"

MODELS = {
    "canonical/accounts": "select 'shop:' || account_id as account_key, name, phone, tax_id from shop.raw.accounts",
    "canonical/people": "select 'shop:' || person_id as person_key, name from shop.raw.people",
    "canonical/deals": "select 'shop:' || deal_id as deal_key, 'shop:' || account_id as account_key, name as deal_name,"
    " amount, order_reference from shop.raw.deals",
    # A snapshot that is taken once and kept, whatever the deal is called later.
    "canonical/deal_snapshots": "{{ config(database='remembered', schema='main', materialized='incremental',"
    " full_refresh=false) }} select deal_key, deal_name, amount, cast('{{ env_var(\"AS_OF\") }}' as date) as as_of_date"
    " from {{ ref('deals') }} {% if is_incremental() %} where cast('{{ env_var(\"AS_OF\") }}' as date)"
    " not in (select as_of_date from {{ this }}) {% endif %}",
    "marts/sales": "select deals.*, accounts.name as customer_name from {{ ref('deals') }} as deals"
    " left join {{ ref('accounts') }} as accounts using (account_key)",
    "marts/kept_snapshots": "select * from {{ ref('deal_snapshots') }}",
}


class PersonalFirm(Firm):
    """Its project has the small firm's models and six more."""

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(**{"DBT_PROJECT_DIR": str(self.folder / "project"), **more})

    def copy(self, folder: Path) -> "PersonalFirm":
        return PersonalFirm(super().copy(folder).folder)

    def make(self) -> None:
        shutil.copytree(HERE / "protocol_project", self.folder / "project")
        for name, sql in MODELS.items():
            (self.folder / "project" / "models" / f"{name}.sql").write_text(sql + "\n", encoding="utf-8")

    def sell(self, *, deals: int = 3) -> None:
        """Full exports, in which the source goes on naming whom it names; the last deal names a person by the way."""
        self.export(40)
        files = {
            "accounts": [
                "account_id,name,phone,tax_id,city",
                f"a1,{GONE['name']},{GONE['phone']},{GONE['tax']},Radom",
                f"a2,{STAYS['name']},{STAYS['phone']},{STAYS['tax']},Radom",
            ],
            "people": ["person_id,name", "p1,Bogumił Żak", "p2,Anna Maj"],
            "leads": ["lead_id,created_at,company_name,account_id", f"l1,2026-01-02T10:00:00,{GONE['name']},a1"],
            "deals": ["deal_id,status,account_id,name,amount,order_reference", *map(_deal, range(deals))],
        }
        for name, lines in files.items():
            path = self.folder / "files" / "shop" / f"{name}.csv"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def erase(self, *who: str, why: str = WHY, **more: str) -> Ended:
        return self.run("erase", *who, "--why", why, "--yes", **more)

    def every_text(self) -> str:
        """All that anybody could read in the data folder, the packed texts of tables among it."""
        read = []
        for path in sorted(self.data.rglob("*")):
            if not path.is_file() or path.is_symlink():
                continue
            read.append(path.read_bytes().decode("utf-8", "replace"))
            if path.suffix in (".duckdb", ".parquet"):
                read.append(_told(path))
        return "\n".join(read)


def _deal(number: int) -> str:
    named = [
        f"d0,open,a1,Kitchen of Mrs Kruk,100.10,{GONE['mail']}",
        f"d1,won,a2,Wardrobe of {STAYS['name']},200.20,N1",
        f"d2,won,a2,As for {GONE['name'].upper()} but in oak,300.30,call {GONE['phone'].replace(' ', '-')}",
    ]
    return (
        named[number] if number < len(named) else f"d{number},open,a1,Shelf {number} for {GONE['name']},{number}.40,N2"
    )


def _told(path: Path) -> str:
    place = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        if path.suffix == ".parquet":
            return str(connection.execute(f"select * from read_parquet('{place}')").fetchall())  # noqa: S608
        connection.execute(f"attach '{place}' as told (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'told'"
        ).fetchall()
        return str([connection.execute(f'select * from told.{s}."{t}"').fetchall() for s, t in tables])  # noqa: S608
