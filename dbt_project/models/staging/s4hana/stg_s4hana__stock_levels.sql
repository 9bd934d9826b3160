with

stock as (

    select
        source,
        {{ unpadded('material') }} as product,
        coalesce({{ none_text('plant') }}, 'none') as warehouse,
        sum(matl_wrhs_stk_qty_in_matl_base_unit) as quantity_on_hand
    from {{ raw('s4hana', 'stock') }}
    where {{ unpadded('material') }} is not null and not is_deleted
    group by 1, 2, 3

),

costs as (

    select * from {{ ref('stg_s4hana__product_costs') }}

),

renamed as (

    select
        stock.source,
        {{ key('stock.source', 'stock.product', 'stock.warehouse', as_of()) }} as stock_level_key,
        {{ key('stock.source', 'stock.product') }} as product_key,

        stock.warehouse,
        costs.currency_code,

        stock.quantity_on_hand,
        stock.quantity_on_hand * costs.unit_cost as stock_value,

        {{ as_of() }} as as_of_date
    from stock
    left join costs
        on
            stock.source = costs.source
            and stock.product = costs.product
            and stock.warehouse = costs.valuation_area

)

select * from renamed
