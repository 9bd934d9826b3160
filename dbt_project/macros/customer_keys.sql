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


{#- Accounts whose customer became another: what a report of last month calls differently today. -#}
{% macro keep_customer_key_changes() -%}
    create table if not exists remembered.main.customer_key_changes (
        account_key {{ dbt.type_string() }},
        from_customer_key {{ dbt.type_string() }},
        to_customer_key {{ dbt.type_string() }},
        change_kind {{ dbt.type_string() }},
        as_of_date date
    )
{%- endmacro %}


{#- A day refreshed again is told anew, so that a second refresh neither adds to it nor forgets it. -#}
{% macro forget_customer_key_changes_of_this_day() -%}
    delete from remembered.main.customer_key_changes where as_of_date >= {{ as_of() }}
{%- endmacro %}


{#- A change to a customer that others already were is a merge; to one that nobody was, a split. -#}
{% macro remember_customer_key_changes() -%}
    insert into remembered.main.customer_key_changes
    with last_changes as (
        select account_key, to_customer_key
        from remembered.main.customer_key_changes
        qualify row_number() over (partition by account_key order by as_of_date desc) = 1
    ),
    members as (
        select
            account_matches.account_key,
            coalesce(last_changes.to_customer_key, customer_keys.customer_key) as before_key,
            account_matches.customer_key
        from {{ this }} as account_matches
        inner join remembered.main.customer_keys on account_matches.account_key = customer_keys.account_key
        left join last_changes on account_matches.account_key = last_changes.account_key
    )
    select
        account_key,
        before_key,
        customer_key,
        case
            when customer_key in (select m.customer_key from members as m where m.customer_key = m.before_key) then 'merged'
            else 'split'
        end,
        {{ as_of() }}
    from members
    where customer_key <> before_key
{%- endmacro %}
