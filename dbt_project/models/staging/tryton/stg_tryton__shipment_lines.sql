-- A shipment has the moves within the warehouse too: only those to or from a customer are its lines.
with

moves as (

    select
        *,
        {{ record_of('origin', 'sale.line') }} as sale_line,
        case when to_location_type = 'customer' then 1 else -1 end as sign
    from {{ raw('tryton', 'stock_moves') }}
    where not is_deleted and state != 'cancelled' and to_location_type != from_location_type

),

deliveries as (

    select * from {{ ref('stg_tryton__deliveries') }}

),

ordered_lines as (

    select * from {{ ref('stg_tryton__ordered_lines') }}

),

renamed as (

    select
        moves.source,
        {{ key('moves.source', 'moves.company_id', 'moves.id') }} as shipment_line_key,
        deliveries.shipment_key,
        ordered_lines.order_key,
        ordered_lines.order_line_key,
        {{ key('moves.source', 'moves.company_id', 'moves.product') }} as product_key,

        {{ none_text('moves.unit_symbol') }} as unit_of_measure,

        moves.sign * moves.quantity as quantity
    from moves
    inner join deliveries
        on
            moves.source = deliveries.source
            and moves.company_id = deliveries.company_id
            and moves.shipment = deliveries.document
    left join ordered_lines
        on
            moves.source = ordered_lines.source
            and moves.company_id = ordered_lines.company_id
            and moves.sale_line = ordered_lines.id

)

select * from renamed
