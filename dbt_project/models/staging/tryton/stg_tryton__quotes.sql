-- A quotation is a sale that was offered: the same record becomes the order.
with

sales as (

    select * from {{ raw('tryton', 'sales') }}

),

sale_orders as (

    select * from {{ ref('stg_tryton__sale_orders') }}

),

deals as (

    select * from {{ ref('stg_tryton__deals') }}

),

renamed as (

    select
        sales.source,
        {{ key('sales.source', 'sales.company_id', 'sales.id') }} as quote_key,
        deals.deal_key,
        {{ key('sales.source', 'sales.company_id', 'sales.party') }} as account_key,
        case when sale_orders.is_ordered then {{ key('sales.source', 'sales.company_id', 'sales.id') }} end
            as order_key,
        {{ source_url('tryton', "'/model/sale.sale/' || sales.id", 'sales.source') }} as source_url,

        coalesce({{ none_text('sales.number') }}, cast(sales.id as {{ dbt.type_string() }})) as quote_number,
        sales.state as status,
        coalesce({{ none_text('sales.currency_code') }}, sales.company_currency) as currency_code,

        sales.untaxed_amount as net_amount,
        sales.total_amount as gross_amount,

        sales.create_date as created_at,
        {{ start_of_local_day('sales.quotation_date') }} as sent_at,
        case when sale_orders.is_ordered then {{ start_of_local_day('sales.sale_date') }} end as accepted_at,
        case when sales.state = 'cancelled' and not sale_orders.is_ordered then sales.changed_at end as rejected_at
    from sales
    inner join sale_orders
        on
            sales.source = sale_orders.source
            and sales.company_id = sale_orders.company_id
            and sales.id = sale_orders.id
    left join deals
        on {{ key('sales.source', 'sales.company_id', none_text('sales.origin')) }} = deals.deal_key
    where not sale_orders.is_return and sales.quotation_date is not null

)

select * from renamed
