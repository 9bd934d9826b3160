{#- What the refresh writes about itself before a build; made here where nobody did, so that a build stands alone. -#}

{% macro keep_source_loads() -%}
    create table if not exists remembered.main.source_loads (
        source {{ dbt.type_string() }},
        system {{ dbt.type_string() }},
        state {{ dbt.type_string() }},
        rows_loaded bigint,
        requests bigint,
        seconds decimal(18, 1),
        message {{ dbt.type_string() }},
        loaded_at timestamp,
        data_as_of timestamp
    )
{%- endmacro %}


{% macro keep_refreshes() -%}
    create table if not exists remembered.main.refreshes (
        refresh_id {{ dbt.type_string() }},
        outcome {{ dbt.type_string() }},
        failed_step {{ dbt.type_string() }},
        reason {{ dbt.type_string() }},
        exit_code integer,
        as_of date,
        started_at timestamp,
        ended_at timestamp
    )
{%- endmacro %}
