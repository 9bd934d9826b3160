{%- set families = ['raw_rows', 'invoice_lines', 'ledgers', 'funnel', 'settlements', 'won_deals'] -%}
with

gates as (

    select distinct check_code
    from {{ ref('gates') }}
    where is_gate

),

everything as (

    {% for family in families %}
        select
            check_code,
            source,
            entity,
            currency_code,
            left_amount,
            right_amount,
            tolerance,
            period_month
        from {{ ref('checks_of_' ~ family) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {% endfor %}

)

select
    everything.check_code || ':' || everything.source || ':' || everything.entity || ':'
    || coalesce(everything.currency_code, '') || ':'
    || coalesce(cast(everything.period_month as {{ dbt.type_string() }}), '') as reconciliation_key,
    everything.check_code,
    everything.source,
    everything.entity,
    everything.currency_code,
    cast(everything.left_amount as decimal(18, 4)) as left_amount,
    cast(everything.right_amount as decimal(18, 4)) as right_amount,
    cast(everything.left_amount - everything.right_amount as decimal(18, 4)) as difference,
    cast(everything.tolerance as decimal(18, 4)) as tolerance,
    abs(everything.left_amount - everything.right_amount) <= everything.tolerance as is_ok,
    gates.check_code is not null as is_gate,
    everything.period_month
from everything
left join gates on everything.check_code = gates.check_code
