-- One delivery line may serve several lines of several orders: it is a row for each. A correction's lines are the
-- difference, so a return is negative as it stands.
with

issues as (

    select * from {{ ref('stg_comarch_xl__issues') }}

),

shipments as (

    select * from {{ ref('stg_comarch_xl__shipments') }}

),

renamed as (

    select
        issues.source,
        {{ key(
            'issues.line_key', "coalesce(issues.order_key, '')", "coalesce(issues.order_line_key, '')"
        ) }} as shipment_line_key,
        issues.document_key as shipment_key,
        issues.order_key,
        issues.order_line_key,
        issues.product_key,

        sum(issues.quantity) as quantity
    from issues
    inner join shipments on issues.document_key = shipments.shipment_key
    group by 1, 2, 3, 4, 5, 6
    having sum(issues.quantity) != 0

)

select * from renamed
