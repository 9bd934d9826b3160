-- Whatever the numbers say: what a person kept apart is apart.
with

decisions as (

    select *
    from {{ ref('product_decisions') }}
    qualify row_number() over (
        partition by least(product_key_a, product_key_b), greatest(product_key_a, product_key_b)
        order by {{ decided_at() }} desc nulls last, decision asc
    ) = 1

)

select
    decisions.product_key_a,
    decisions.product_key_b
from decisions
inner join {{ ref('product_matches') }} as a on decisions.product_key_a = a.product_key
inner join {{ ref('product_matches') }} as b on decisions.product_key_b = b.product_key
where decisions.decision = 'different' and a.item_key = b.item_key
