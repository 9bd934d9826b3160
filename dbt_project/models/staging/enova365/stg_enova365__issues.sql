-- A line of an issue may serve several lines of several orders: it is a row for each, and one for what serves none.
with

lines as (

    select * from {{ ref('stg_enova365__lines') }}
    where role in ('delivery', 'return')

),

served as (

    select
        *,
        count(*) over (partition by line_key) as lines_served
    from {{ ref('stg_enova365__line_orders') }}

),

-- What serves one order line does so as a whole, also where the relation carries no quantity.
shares as (

    select
        lines.source,
        lines.line_key,
        lines.document_key,
        served.order_key,
        served.order_line_key,
        lines.product_key,
        lines.role,
        lines.unit_of_measure,
        case when served.lines_served = 1 then lines.quantity else served.quantity end as quantity
    from lines
    inner join served on lines.line_key = served.line_key
    where served.lines_served = 1 or served.quantity is not null

),

shared as (

    select
        line_key,
        sum(quantity) as quantity
    from shares
    group by 1

),

renamed as (

    select
        source,
        line_key,
        document_key,
        order_key,
        order_line_key,
        product_key,
        role,
        unit_of_measure,
        quantity
    from shares

    union all

    select
        lines.source,
        lines.line_key,
        lines.document_key,
        null as order_key,
        null as order_line_key,
        lines.product_key,
        lines.role,
        lines.unit_of_measure,
        lines.quantity - coalesce(shared.quantity, 0) as quantity
    from lines
    left join shared on lines.line_key = shared.line_key
    where lines.quantity != coalesce(shared.quantity, 0)

)

select * from renamed
where quantity != 0
