"""What a statement may do through the pages' connection: read the published file, and nothing else on this machine.

The lists were tried with DuckDB 2.0. A newer one may bring functions and settings that open files: the tests find such
functions by themselves, and stop at settings nobody has looked at.
"""

import re
import subprocess

import duckdb
import polars as pl
import pytest
import small_warehouse as small

from dashboards import generation, questions, warehouse

SECRET = "SECRET-4711"
DENIED = (
    "copy marts.measures to '{folder}/out.csv'",
    "copy marts.measures to '{folder}/out.parquet' (format parquet)",
    "copy (select 1) to '/dev/stdout'",
    "copy marts.measures from '{folder}/secret.csv'",
    "export database '{folder}/all'",
    "import database '{folder}/all'",
    "select * from '{folder}/secret.csv'",
    "select * from '{folder}/secret.parquet'",
    "from read_text('{folder}/secret.csv')",
    "select * from read_blob('{folder}/*')",
    "select * from read_csv('{folder}/secret.csv')",
    "select * from read_json('{folder}/secret.json')",
    "select * from read_parquet('{folder}/secret.parquet')",
    "select * from glob('{folder}/*')",
    "select * from sniff_csv('{folder}/secret.csv')",
    "select * from parquet_metadata('{folder}/secret.parquet')",
    "attach '{folder}/other.duckdb'",
    "attach '{folder}/other.duckdb' (read_only)",
    "install httpfs",
    "force install httpfs",
    "load httpfs",
    "load '{folder}/mine.duckdb_extension'",
    "set threads = 8",
    "set global memory_limit = '20GB'",
    "set session max_execution_time = 0",
    "set temp_directory = '{folder}'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set python_enable_replacements = true",
    "reset memory_limit",
    "reset max_execution_time",
    "pragma memory_limit = '20GB'",
    "pragma temp_directory = '{folder}'",
    "pragma enable_profiling = 'json'",
    "pragma profiling_output = '{folder}/profile.json'",
    "create table marts.mine as select 1",
    "insert into marts.measures (measure) values ('mine')",
    "update marts.measures set label = 'mine'",
    "delete from marts.measures",
    "truncate marts.measures",
    "drop table marts.measures",
    "drop schema marts cascade",
    "alter table marts.measures add column mine int",
    "create schema mine",
    "create view marts.mine as select 1",
    "create macro marts.mine() as 1",
    "create persistent secret mine (type http, bearer_token 'x')",
    "comment on table marts.measures is 'mine'",
    "select * from secret_frame",
    "select * from pl",
)  # fmt: skip
# What stays possible harms nobody: it ends with the cursor, or says where the file lies.
ALLOWED = (
    "create temp table mine as select 1",
    "create temp view mine as select * from marts.measures",
    "pragma database_list",
    "select * from marts.measures",
    "select * from duckdb_settings()",
    "explain select * from marts.measures",
)
# Settings that open a way out of the file, or could; each was looked at.
WAYS_OUT = {
    "active_grammar_extensions", "allow_community_extensions", "allow_extension_repositories",
    "allow_extensions_metadata_mismatch", "allow_parser_override_extension", "allow_persistent_secrets",
    "allow_unredacted_secrets", "allow_unsigned_extensions", "allowed_configs", "allowed_directories",
    "allowed_paths", "autoinstall_extension_repository", "autoinstall_known_extensions",
    "autoload_known_extensions", "custom_extension_repository", "default_secret_storage", "disabled_filesystems",
    "enable_external_access", "enable_external_file_cache", "enable_http_metadata_cache", "extension_directories",
    "extension_repository_directory", "external_file_cache_local_max_block_size",
    "external_file_cache_remote_max_block_size", "external_file_cache_remote_min_block_size",
    "external_file_cache_request_sizing", "external_file_cache_spill", "external_threads", "file_search_path",
    "home_directory", "http_client_pool_capacity", "http_proxy", "http_proxy_password", "http_proxy_username",
    "log_query_path", "max_temp_directory_size", "profile_output", "profiling_output", "python_enable_replacements",
    "python_scan_all_frames", "redact_http_logs", "search_path", "secret_directory", "temp_directory",
    "validate_external_file_cache",
    # What a statement cost, written to a file or not: denied with the rest.
    "enable_profiling", "profiling_coverage", "profiling_renderer_settings", "profiling_mode",
}  # fmt: skip
OUTWARD = re.compile("allow|external|extension|secret|http|directory|directories|path|python_|proxy|profil|filesystem")


@pytest.fixture
def outside(tmp_path_factory):
    """Files that this user may read and a page may not."""
    folder = tmp_path_factory.mktemp("outside")
    frame = pl.DataFrame({"word": [SECRET]})
    frame.write_csv(folder / "secret.csv")
    frame.write_parquet(folder / "secret.parquet")
    frame.write_ndjson(folder / "secret.json")
    duckdb.connect(str(folder / "other.duckdb")).close()
    return folder


def listed(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


def settings() -> dict:
    return dict(warehouse.query("select name, value from duckdb_settings()").iter_rows())


@pytest.mark.parametrize("statement", DENIED)
def test_what_leaves_the_file_or_changes_it_is_denied(published, outside, statement):
    secret_frame = pl.DataFrame({"word": [SECRET]})
    before, known, files = warehouse.count("measures"), settings(), listed(outside)
    with pytest.raises(duckdb.Error) as refused:
        generation.connect(generation.current()).execute(statement.format(folder=outside)).fetchall()
    assert SECRET not in str(refused.value) and secret_frame.height == 1
    generation.answer.cache_clear()
    assert (warehouse.count("measures"), settings(), listed(outside)) == (before, known, files)


@pytest.mark.parametrize("statement", ALLOWED)
def test_what_stays_possible_changes_nothing_for_others(published, statement):
    before = warehouse.rows("measures", order="measure")
    generation.connect(generation.current()).execute(statement).fetchall()
    generation.answer.cache_clear()
    assert warehouse.rows("measures", order="measure").equals(before)
    if "temp" in statement:
        with pytest.raises(duckdb.CatalogException):
            generation.connect(generation.current()).execute("select * from mine")


def test_no_function_of_this_version_reads_a_file_whatever_it_is_called(published, outside):
    names = warehouse.query(
        "select distinct function_name, function_type from duckdb_functions()"
        " where function_type in ('table', 'scalar', 'table_macro', 'macro', 'pragma') order by all"
    )
    calls = {"table": "select * from {}({})", "table_macro": "select * from {}({})", "pragma": "pragma {}({})"}
    tried = 0
    for name, kind in names.iter_rows():
        for file in ("secret.csv", "secret.parquet", "secret.json"):
            text = calls.get(kind, "select {}({})").format(
                f'"{name}"' if kind != "pragma" else name, f"'{outside / file}'"
            )
            try:
                found = generation.connect(generation.current()).execute(text).fetchall()
            except duckdb.Error as error:
                found = str(error)
            assert SECRET not in str(found), f"{name} reads files"
            tried += 1
    assert tried > 1000 and listed(outside) == {"secret.csv", "secret.parquet", "secret.json", "other.duckdb"}


def test_no_setting_that_could_open_a_way_out_is_new(published):
    assert duckdb.__version__.startswith("2.0"), "a new DuckDB: read what it can open, then move this line"
    found = {name for name in settings() if OUTWARD.search(name)}
    assert found - WAYS_OUT == set(), "nobody has looked at these settings yet: can a statement leave the file by them?"


ESCAPES = (
    "select 1) as a; delete from marts.measures; --",
    "select 1) union all select count(*) from read_text('{folder}/secret.csv') --",
    "select content from read_text('{folder}/secret.csv')",
    "select * from '{folder}/secret.csv'",
    "select 1 /*",
    "set threads = 8",
    "copy marts.measures to '{folder}/out.csv'",
    "with a as (copy marts.measures to '{folder}/out.csv') select 1",
    "select * from marts.measures) to '{folder}/out.csv' --",
    "values (1)) ; attach '{folder}/new.duckdb' as other; --",
    "",
    "\x00",
)


@pytest.mark.parametrize("statement", ESCAPES)
def test_an_assistant_reads_nothing_but_the_file_whatever_its_statement(published, outside, statement):
    assistant = pytest.importorskip("dashboards.assistant", reason="make assistant installs what it needs")
    before, known, files = warehouse.count("measures"), settings(), listed(outside)
    answer = assistant.query(statement.format(folder=outside))
    assert SECRET not in str(answer) and ("error" in answer or answer["rows"] is not None)
    generation.answer.cache_clear()
    assert (warehouse.count("measures"), settings(), listed(outside)) == (before, known, files)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "x' or 1=1 --", "\x00", "", "who_pays_late.sql"])
def test_a_question_or_a_table_that_is_none_is_named_and_nothing_is_read(published, name):
    assistant = pytest.importorskip("dashboards.assistant", reason="make assistant installs what it needs")
    with pytest.raises(questions.UnknownQuestion):
        questions.answer(name)
    assert assistant.columns(name) == assistant.columns(f"marts.{name}") == []


def test_the_shell_for_analysts_is_started_for_reading_only():
    told = subprocess.run(["make", "--dry-run", "query"], cwd=small.ROOT, capture_output=True, text=True, check=True)
    assert "duckdb -readonly" in told.stdout
