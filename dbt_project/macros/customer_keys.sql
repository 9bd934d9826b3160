{#- Customer keys once given out are remembered: the table is made at the first build, and only ever added to. -#}

{% macro keep_customer_keys() -%}
    create table if not exists remembered.main.customer_keys (
        account_key {{ dbt.type_string() }},
        customer_key {{ dbt.type_string() }},
        given_at timestamp
    )
{%- endmacro %}


{% macro remember_customer_keys() -%}
    insert into remembered.main.customer_keys
    select
        account_key,
        customer_key,
        cast({{ as_of() }} as timestamp)
    from {{ this }}
    where account_key not in (select account_key from remembered.main.customer_keys)
{%- endmacro %}
