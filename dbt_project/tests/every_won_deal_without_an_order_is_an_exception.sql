-- If this fails, money is called not ordered in the differences and nobody is told, or the other way round.
with

not_ordered as (

    select deal_key
    from {{ ref('deal_order_differences') }}
    where kind = 'not_ordered'

),

told as (

    select record_key as deal_key
    from {{ ref('exceptions') }}
    where code = 'won_deal_without_order'

)

select
    coalesce(not_ordered.deal_key, told.deal_key) as deal_key,
    told.deal_key is null as is_not_told
from not_ordered
full outer join told on not_ordered.deal_key = told.deal_key
where not_ordered.deal_key is null or told.deal_key is null
