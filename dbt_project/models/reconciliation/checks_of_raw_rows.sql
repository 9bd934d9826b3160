{%- set entities = {
    'accounts': none, 'leads': none, 'deals': 'amount', 'quotes': 'net_amount', 'products': none, 'orders': none,
    'order_lines': none, 'shipments': none, 'shipment_lines': none, 'invoices': 'net_amount', 'invoice_lines': none,
    'cost_entries': 'amount', 'payments': 'amount', 'payment_allocations': none, 'exchange_rates': none
} -%}
with

source_controls as (

    select * from {{ ref('source_controls') }}

),

canonical_rows as (

    {% for entity, amount in entities.items() %}
        select
            source,
            '{{ entity }}' as entity,
            count(*) as rows_counted,
            sum({{ amount or 'cast(null as decimal(18, 4))' }}) as amount
        from {{ ref(entity) }}
        group by 1, 2
        {%- if not loop.last %}
            union all
        {%- endif %}
    {% endfor %}

),

raw_rows as (

    select
        source_controls.source,
        source_controls.entity,
        source_controls.rows_counted as raw_rows_counted,
        source_controls.amount as raw_amount,
        coalesce(canonical_rows.rows_counted, 0) as canonical_rows_counted,
        coalesce(canonical_rows.amount, 0) as canonical_amount
    from source_controls
    left join canonical_rows
        on source_controls.source = canonical_rows.source and source_controls.entity = canonical_rows.entity
    where
        source_controls.entity in (
            {%- for entity in entities %}
                '{{ entity }}'{{ "," if not loop.last }}
            {%- endfor %}
        )

)

select
    'raw_to_canonical_rows' as check_code,
    source,
    entity,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    cast(raw_rows_counted as decimal(38, 4)) as left_amount,
    cast(canonical_rows_counted as decimal(38, 4)) as right_amount,
    0 as tolerance,
    cast(null as date) as period_month
from raw_rows
union all
select
    'raw_to_canonical_amount' as check_code,
    source,
    entity,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    raw_amount,
    canonical_amount,
    0 as tolerance,
    cast(null as date) as period_month
from raw_rows
where raw_amount is not null
