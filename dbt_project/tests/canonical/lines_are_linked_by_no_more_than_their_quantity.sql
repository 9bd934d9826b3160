-- Lines that do not name each other are linked by what both still have: no piece is ordered, shipped or invoiced twice.
with

linked as (

    select
        from_entity,
        to_entity,
        from_entity as entity,
        from_line_key as line_key,
        sum(case when quantity > 0 then quantity end) as quantity
    from {{ ref('thread_lines') }}
    group by 1, 2, 3, 4
    -- More may be shipped or invoiced than was ordered, where the lines say so themselves.
    having max(case when link_method = 'stated_line' then 1 else 0 end) = 0
    union all
    select
        from_entity,
        to_entity,
        to_entity as entity,
        to_line_key as line_key,
        sum(abs(quantity)) as quantity
    from {{ ref('thread_lines') }}
    group by 1, 2, 3, 4

)

select
    linked.*,
    document_lines.quantity as line_quantity
from linked
inner join {{ ref('document_lines') }} as document_lines
    on linked.entity = document_lines.entity and linked.line_key = document_lines.line_key
where linked.quantity > abs(document_lines.quantity)
