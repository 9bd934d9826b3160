-- Which lines of which orders an issue or an invoice fulfils: made from them itself, or beside an invoice or an issue
-- that was. A correction's line goes back to what it corrects.
with

links as (

    select * from {{ ref('stg_enova365__links') }}
    where not is_correction

),

made_from_orders as (

    select
        lower_line_key as line_key,
        upper_line_key as order_line_key,
        upper_document_key as order_key,
        sum(quantity) as quantity
    from links
    where upper_role = 'order' and lower_role in ('delivery', 'invoice')
    group by 1, 2, 3

),

-- An issue and the invoice of it, whichever was first.
neighbours as (

    select
        lower_line_key as line_key,
        upper_line_key as other_line_key,
        sum(quantity) as quantity
    from links
    where (upper_role = 'invoice' and lower_role = 'delivery') or (upper_role = 'delivery' and lower_role = 'invoice')
    group by 1, 2

    union all

    select
        upper_line_key as line_key,
        lower_line_key as other_line_key,
        sum(quantity) as quantity
    from links
    where (upper_role = 'invoice' and lower_role = 'delivery') or (upper_role = 'delivery' and lower_role = 'invoice')
    group by 1, 2

),

straight as (

    select distinct line_key from made_from_orders

),

made_beside_orders as (

    select
        neighbours.line_key,
        made_from_orders.order_line_key,
        made_from_orders.order_key,
        sum(least(neighbours.quantity, made_from_orders.quantity)) as quantity
    from neighbours
    inner join made_from_orders on neighbours.other_line_key = made_from_orders.line_key
    left join straight on neighbours.line_key = straight.line_key
    where straight.line_key is null
    group by 1, 2, 3

),

first_lines as (

    select * from made_from_orders
    union all
    select * from made_beside_orders

),

renamed as (

    select
        line_key,
        order_line_key,
        order_key,
        quantity
    from first_lines

    union all

    select
        corrected.line_key,
        first_lines.order_line_key,
        first_lines.order_key,
        cast(null as decimal(38, 9)) as quantity
    from {{ ref('stg_enova365__corrected') }} as corrected
    inner join first_lines on corrected.first_line_key = first_lines.line_key

)

select * from renamed
