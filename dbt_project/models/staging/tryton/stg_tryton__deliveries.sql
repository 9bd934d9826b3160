-- Goods that leave and goods that come back are documents of two kinds, whose numbers both begin at 1.
with

shipments as (

    select
        source,
        company_id,
        company_name,
        company_currency,
        'stock.shipment.out,' || cast(id as {{ dbt.type_string() }}) as document,
        number,
        state,
        customer,
        warehouse,
        carrier,
        cost_used,
        cost_currency_used_code,
        effective_date,
        create_date
    from {{ raw('tryton', 'shipments') }}
    where not is_deleted
    union all
    select
        source,
        company_id,
        company_name,
        company_currency,
        'stock.shipment.out.return,' || cast(id as {{ dbt.type_string() }}) as document,
        number,
        state,
        customer,
        warehouse,
        null as carrier,
        null as cost_used,
        null as cost_currency_used_code,
        effective_date,
        create_date
    from {{ raw('tryton', 'shipment_returns') }}
    where not is_deleted

),

renamed as (

    select
        source,
        company_id,
        company_name as company,
        document,
        {{ key('source', 'company_id', 'document') }} as shipment_key,
        {{ key('source', 'company_id', 'customer') }} as account_key,
        {{ key('source', 'company_id', 'warehouse') }} as location_key,
        number as shipment_number,
        carrier,
        coalesce({{ none_text('cost_currency_used_code') }}, company_currency) as currency_code,
        cost_used,
        case when state in ('shipped', 'received', 'done') then effective_date end as shipped_date,
        create_date as created_at
    from shipments
    where state != 'cancelled'

)

select * from renamed
