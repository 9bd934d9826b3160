with

item_ledger_entries as (

    select * from {{ raw('business_central', 'item_ledger_entries') }}
    where posting_date <= {{ as_of() }} and not is_deleted

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

summed as (

    select
        source,
        company_id,
        company_name,
        item_no,
        coalesce({{ none_text('location_code') }}, 'none') as warehouse,
        sum(quantity) as quantity_on_hand,
        -- What is left of an entry is worth its share of that entry's cost. Closed entries have nothing left, and are
        -- not read again when their cost is adjusted.
        coalesce(sum(cost_amount_actual * remaining_quantity / nullif(quantity, 0)), 0) as stock_value
    from item_ledger_entries
    group by 1, 2, 3, 4, 5

),

renamed as (

    select
        summed.source,
        {{ key(
            'summed.source', 'summed.company_id', 'summed.item_no', 'summed.warehouse', as_of()
        ) }} as stock_level_key,
        {{ key('summed.source', 'summed.company_id', 'summed.item_no') }} as product_key,

        summed.company_name as company,
        summed.warehouse,
        companies.local_currency_code as currency_code,

        summed.quantity_on_hand,
        summed.stock_value,

        {{ as_of() }} as as_of_date
    from summed
    left join companies on summed.source = companies.source and summed.company_id = companies.company_id

)

select * from renamed
