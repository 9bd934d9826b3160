{#- The pipeline of each refresh day is remembered: the table is made at the first build, and only ever added to. -#}

{% macro keep_pipeline_snapshots() -%}
    create table if not exists remembered.main.pipeline_snapshots (
        pipeline_snapshot_key {{ dbt.type_string() }},
        deal_key {{ dbt.type_string() }},
        customer_key {{ dbt.type_string() }},
        deal_name {{ dbt.type_string() }},
        owner_key {{ dbt.type_string() }},
        channel {{ dbt.type_string() }},
        pipeline {{ dbt.type_string() }},
        stage {{ dbt.type_string() }},
        status {{ dbt.type_string() }},
        currency_code {{ dbt.type_string() }},
        reporting_currency_code {{ dbt.type_string() }},
        document_amount decimal(18, 2),
        amount decimal(18, 2),
        probability decimal(9, 6),
        created_date date,
        expected_close_date date,
        closed_date date,
        as_of_date date,
        frozen_at timestamp
    )
{%- endmacro %}


{% macro pipeline_snapshot_columns() -%}
    {{ return([
        'pipeline_snapshot_key', 'deal_key', 'customer_key', 'deal_name', 'owner_key', 'channel', 'pipeline', 'stage',
        'status', 'currency_code', 'reporting_currency_code', 'document_amount', 'amount', 'probability',
        'created_date', 'expected_close_date', 'closed_date', 'as_of_date',
    ]) }}
{%- endmacro %}


{#-
    A day refreshed again is told anew, until a later day is frozen: then it is history and nobody touches it.
    Rows that stayed the same stay as they were first written.
-#}
{% macro forget_pipeline_of_this_day() -%}
    delete from remembered.main.pipeline_snapshots
    where
        as_of_date = {{ as_of() }}
        and not exists (
            select 1 from remembered.main.pipeline_snapshots as later where later.as_of_date > {{ as_of() }}
        )
        and pipeline_snapshot_key not in (
            select pipeline_snapshot_key
            from (
                select {{ pipeline_snapshot_columns() | join(', ') }}
                from remembered.main.pipeline_snapshots
                where as_of_date = {{ as_of() }}
                intersect
                select {{ pipeline_snapshot_columns() | join(', ') }}
                from {{ this }}
            ) as unchanged
        )
{%- endmacro %}


{#- The moment is that of the newest load: rows of one day that come back from kept files are told apart by it. -#}
{% macro remember_pipeline_of_this_day() -%}
    insert into remembered.main.pipeline_snapshots
    select
        {{ pipeline_snapshot_columns() | join(', ') }},
        coalesce(
            (select max(source_loads.loaded_at) from remembered.main.source_loads), cast({{ as_of() }} as timestamp)
        )
    from {{ this }}
    where
        as_of_date = {{ as_of() }}
        and not exists (
            select 1 from remembered.main.pipeline_snapshots as later where later.as_of_date > {{ as_of() }}
        )
        and pipeline_snapshot_key not in (
            select kept.pipeline_snapshot_key
            from remembered.main.pipeline_snapshots as kept
            where kept.as_of_date = {{ as_of() }}
        )
{%- endmacro %}
