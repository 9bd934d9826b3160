-- Where a system states where an order came from, or what became of a deal, nothing is guessed.
select
    guessed.from_entity,
    guessed.from_key,
    guessed.order_key,
    stated.from_key as stated_from_key,
    stated.order_key as stated_order_key
from {{ ref('order_origins') }} as guessed
inner join {{ ref('order_origins') }} as stated
    on
        guessed.order_key = stated.order_key
        or (guessed.from_entity = stated.from_entity and guessed.from_key = stated.from_key)
where guessed.is_guessed and not stated.is_guessed
