-- Every line of a sale with the order line it stands for: its own, or on a return the order's line of that product.
with

sale_lines as (

    select * from {{ raw('tryton', 'sale_lines') }}
    where not is_deleted

),

sale_orders as (

    select * from {{ ref('stg_tryton__sale_orders') }}

),

of_product as (

    select
        sale_lines.source,
        sale_lines.company_id,
        sale_lines.sale,
        sale_lines.product,
        min(sale_lines.id) as id
    from sale_lines
    inner join sale_orders
        on
            sale_lines.source = sale_orders.source
            and sale_lines.company_id = sale_orders.company_id
            and sale_lines.sale = sale_orders.id
            and not sale_orders.is_return
    where sale_lines.product is not null
    group by 1, 2, 3, 4

),

renamed as (

    select
        sale_lines.source,
        sale_lines.company_id,
        sale_lines.id,
        sale_orders.is_return,
        {{ key('sale_lines.source', 'sale_lines.company_id', 'sale_orders.order_id') }} as order_key,
        {{ key(
            'sale_lines.source',
            'sale_lines.company_id',
            'case when sale_orders.is_return then of_product.id else sale_lines.id end'
        ) }} as order_line_key
    from sale_lines
    inner join sale_orders
        on
            sale_lines.source = sale_orders.source
            and sale_lines.company_id = sale_orders.company_id
            and sale_lines.sale = sale_orders.id
    left join of_product
        on
            sale_lines.source = of_product.source
            and sale_lines.company_id = of_product.company_id
            and sale_orders.order_id = of_product.sale
            and sale_lines.product = of_product.product

)

select * from renamed
