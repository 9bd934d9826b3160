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


{% macro pipeline_of_this_day() -%}
    select {{ pipeline_snapshot_columns() | join(', ') }}
    from {{ this }}
{%- endmacro %}


{% macro forget_pipeline_of_this_day() -%}
    {{ forget_frozen_day(
        'pipeline_snapshots', 'pipeline_snapshot_key', pipeline_snapshot_columns(), pipeline_of_this_day()
    ) }}
{%- endmacro %}


{% macro remember_pipeline_of_this_day() -%}
    {{ freeze_day('pipeline_snapshots', 'pipeline_snapshot_key', pipeline_of_this_day()) }}
{%- endmacro %}
