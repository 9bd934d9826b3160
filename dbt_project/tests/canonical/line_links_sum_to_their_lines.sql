-- A line all of whose quantity is linked is linked by all of its value, to the cent; no line by more than its value.
with

-- A shipment has no value of its own: it carries its part of the order line's.
linked as (

    select
        from_entity,
        to_entity,
        case when to_entity = 'shipment_lines' then from_entity else to_entity end as entity,
        case when to_entity = 'shipment_lines' then from_line_key else to_line_key end as line_key,
        sum(quantity) as quantity,
        sum(attributed_amount) as attributed_amount
    from {{ ref('thread_lines') }}
    group by 1, 2, 3, 4

)

select
    linked.*,
    document_lines.quantity as line_quantity,
    document_lines.net_amount
from linked
inner join {{ ref('document_lines') }} as document_lines
    on linked.entity = document_lines.entity and linked.line_key = document_lines.line_key
where
    abs(linked.attributed_amount) > abs(document_lines.net_amount)
    or linked.attributed_amount * document_lines.net_amount < 0
    or (linked.quantity = document_lines.quantity and linked.attributed_amount <> document_lines.net_amount)
