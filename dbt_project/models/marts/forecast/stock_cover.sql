with

item_stock as (

    select * from {{ ref('item_stock') }}

),

item_demand as (

    select * from {{ ref('item_demand') }}

),

products as (

    select * from {{ ref('products') }}

),

reporting_rates as (

    select
        currency_code,
        exchange_rate
    from {{ ref('reporting_rates') }}
    where priced_date = {{ as_of() }}

),

base_units as (

    select
        item_key,
        max(base_unit_code) as base_unit_code
    from {{ ref('item_units') }}
    group by 1

),

ordered as (

    select
        item_key,
        warehouse,
        sum(quantity_of_90_days) as quantity_of_90_days,
        sum(quantity_open) as quantity_open,
        count(case when is_unit_unknown then 1 end) as lines_without_unit
    from item_demand
    where demand_kind = 'order'
    group by 1, 2

),

-- A deal names no warehouse: its goods come from where the item was asked for, in proportion.
offered as (

    select
        item_key,
        cast(sum(quantity_open * probability) as double) as quantity
    from item_demand
    where demand_kind = 'deal'
    group by 1

),

covered as (

    select
        item_stock.*,
        ordered.quantity_of_90_days,
        ordered.quantity_open,
        coalesce(ordered.lines_without_unit, 0) as lines_without_unit,
        offered.quantity
        * coalesce(
            cast(ordered.quantity_of_90_days as double)
            / nullif(cast(sum(ordered.quantity_of_90_days) over one_item as double), 0),
            case
                when coalesce(sum(ordered.quantity_of_90_days) over one_item, 0) > 0 then 0
                else cast(1.0 as double) / count(*) over one_item
            end
        ) as quantity_of_deals,
        item_stock.quantity_on_hand
        - coalesce(item_stock.quantity_reserved, ordered.quantity_open, 0) as quantity_available
    from item_stock
    left join ordered on item_stock.item_key = ordered.item_key and item_stock.warehouse = ordered.warehouse
    left join offered on item_stock.item_key = offered.item_key
    window one_item as (partition by item_stock.item_key)

),

counted as (

    select
        *,
        case
            when quantity_of_90_days > 0
                then cast(floor(greatest(quantity_available, 0) * 90 / quantity_of_90_days) as bigint)
        end as days_of_cover
    from covered

)

select
    counted.item_key || ' ' || counted.warehouse as stock_cover_key,
    counted.item_key,
    counted.product_key,
    counted.source,
    counted.warehouse,
    products.sku,
    products.name as product_name,
    products.category,
    base_units.base_unit_code as unit_code,
    {{ reporting_currency() }} as reporting_currency_code,
    cast(counted.quantity_on_hand as decimal(18, 4)) as quantity_on_hand,
    cast(counted.quantity_reserved as decimal(18, 4)) as quantity_reserved,
    cast(coalesce(counted.quantity_open, 0) as decimal(18, 4)) as quantity_to_ship,
    cast(counted.quantity_available as decimal(18, 4)) as quantity_available,
    cast(counted.quantity_of_90_days / 90.0 as decimal(18, 4)) as quantity_per_day,
    cast(counted.quantity_of_deals as decimal(18, 4)) as quantity_of_deals,
    cast(
        counted.stock_value
        * case
            when coalesce(counted.currency_code, {{ reporting_currency() }}) = {{ reporting_currency() }} then 1
            else reporting_rates.exchange_rate
        end as decimal(18, 2)
    ) as stock_value_amount,
    counted.days_of_cover,
    counted.lines_without_unit,
    counted.days_of_cover is null and counted.lines_without_unit = 0 as is_without_demand,
    counted.stock_date,
    cast(
        case
            -- Cover of more than ten years is no day one can plan for.
            when counted.days_of_cover <= 3650 then {{ dbt.dateadd('day', 'counted.days_of_cover', as_of()) }}
        end as date
    ) as runs_out_date
from counted
left join products on counted.product_key = products.product_key
left join base_units on counted.item_key = base_units.item_key
left join reporting_rates on counted.currency_code = reporting_rates.currency_code
