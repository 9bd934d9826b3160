-- An item is counted in the unit its product has in the ERP, else in any system. What no known factor converts into
-- that unit is not converted: a pack is not a piece.
with

products as (

    select
        products.product_key,
        products.sku,
        {{ unit_code('products.unit_of_measure') }} as unit_code,
        product_matches.item_key,
        product_matches.source
    from {{ ref('products') }} as products
    inner join {{ ref('product_matches') }} as product_matches
        on products.product_key = product_matches.product_key

),

erps as (

    select
        source,
        max(case when entity in ('orders', 'invoices') and is_fed then 1 else 0 end) as is_erp
    from {{ ref('coverage') }}
    group by 1

),

base_units as (

    select
        products.item_key,
        products.unit_code as base_unit_code
    from products
    left join erps on products.source = erps.source
    where products.unit_code is not null
    qualify row_number() over (
        partition by products.item_key
        order by coalesce(erps.is_erp, 0) desc, products.product_key asc
    ) = 1

),

given as (

    select
        {{ plain_text('sku') }} as sku,
        {{ unit_code('from_unit') }} as from_unit,
        {{ unit_code('to_unit') }} as to_unit,
        factor
    from {{ ref('unit_conversions') }}
    where factor > 0

),

conversions as (

    select
        sku,
        from_unit as unit_code,
        to_unit as base_unit_code,
        cast(factor as decimal(28, 14)) as factor,
        0 as is_inverse
    from given
    union all
    select
        sku,
        to_unit as unit_code,
        from_unit as base_unit_code,
        {{ exact_ratio('1', 'factor') }} as factor,
        1 as is_inverse
    from given

),

known as (

    select
        item_key,
        base_unit_code as unit_code,
        base_unit_code,
        'base' as known_from,
        cast(1 as decimal(28, 14)) as factor,
        0 as place
    from base_units
    union all
    select
        base_units.item_key,
        conversions.unit_code,
        base_units.base_unit_code,
        'item' as known_from,
        conversions.factor,
        1 + conversions.is_inverse as place
    from base_units
    inner join products on base_units.item_key = products.item_key
    inner join conversions
        on
            base_units.base_unit_code = conversions.base_unit_code
            and {{ plain_text('products.sku') }} = conversions.sku
    union all
    select
        base_units.item_key,
        conversions.unit_code,
        base_units.base_unit_code,
        'any' as known_from,
        conversions.factor,
        3 + conversions.is_inverse as place
    from base_units
    inner join conversions on base_units.base_unit_code = conversions.base_unit_code and conversions.sku is null

)

select
    {{ dbt.hash("item_key || ' ' || unit_code") }} as item_unit_key,
    item_key,
    unit_code,
    base_unit_code,
    known_from,
    factor
from known
qualify row_number() over (partition by item_key, unit_code order by place asc, factor asc) = 1
