-- What was first planned to leave is the first promise, what is planned now the present one: both stand on the goods'
-- moves. A negative line among others gives something back, and nothing of it waits to be shipped.
with

sale_lines as (

    select * from {{ raw('tryton', 'sale_lines') }}

),

sales as (

    select * from {{ raw('tryton', 'sales') }}

),

sale_orders as (

    select * from {{ ref('stg_tryton__sale_orders') }}

),

products as (

    select * from {{ raw('tryton', 'products') }}

),

carriers as (

    select distinct
        source,
        company_id,
        carrier_product
    from {{ raw('tryton', 'carriers') }}
    where not is_deleted

),

-- What is left of a shipment is planned anew, with a first day of its own: the first promise is the earliest.
moves as (

    select
        source,
        company_id,
        {{ record_of('origin', 'sale.line') }} as sale_line,
        min(origin_planned_date) as first_promised_date,
        max(planned_date) as promised_date
    from {{ raw('tryton', 'stock_moves') }}
    where not is_deleted and state != 'cancelled' and to_location_type = 'customer'
    group by 1, 2, 3

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.company_id', 'lines.id') }} as order_line_key,
        {{ key('lines.source', 'lines.company_id', 'lines.sale') }} as order_key,
        {{ key('lines.source', 'lines.company_id', 'lines.product') }} as product_key,

        case
            when carriers.carrier_product is not null or lines.quantity < 0 then 'charge'
            when lines.product is null or products.type = 'service' then 'service'
            else 'goods'
        end as kind,
        {{ none_text('lines.unit_symbol') }} as unit_of_measure,

        coalesce(lines.sequence, lines.id) as sequence,
        lines.quantity,
        lines.unit_price,
        lines.amount as net_amount,

        sales.shipping_date as requested_date,
        moves.first_promised_date,
        moves.promised_date
    from sale_lines as lines
    inner join sales
        on lines.source = sales.source and lines.company_id = sales.company_id and lines.sale = sales.id
    inner join sale_orders
        on
            lines.source = sale_orders.source
            and lines.company_id = sale_orders.company_id
            and lines.sale = sale_orders.id
            and sale_orders.is_ordered
            and not sale_orders.is_return
    left join products
        on lines.source = products.source and lines.company_id = products.company_id and lines.product = products.id
    left join carriers
        on
            lines.source = carriers.source
            and lines.company_id = carriers.company_id
            and lines.product = carriers.carrier_product
    left join moves
        on lines.source = moves.source and lines.company_id = moves.company_id and lines.id = moves.sale_line
    where not lines.is_deleted and lines.type = 'line' and lines.quantity is not null

)

select * from renamed
