-- A price is for so many units, and the procedure says which of two prices is the one stock is valued at.
with

renamed as (

    select
        source,
        {{ unpadded('product') }} as product,
        valuation_area,

        {{ none_text('currency') }} as currency_code,

        case inventory_valuation_procedure when 'S' then standard_price when 'V' then moving_average_price end
        / nullif(coalesce(nullif(price_unit_qty, 0), 1), 0) as unit_cost
    from {{ raw('s4hana', 'product_valuations') }}
    where {{ none_text('valuation_type') }} is null and not is_deleted

)

select * from renamed
