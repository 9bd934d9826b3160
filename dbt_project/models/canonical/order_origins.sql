with

deals as (

    select * from {{ ref('deals') }}

),

quotes as (

    select * from {{ ref('quotes') }}

),

found as (

    select * from {{ ref('order_candidates') }}
    where is_only_candidate

),

origins as (

    select
        from_entity,
        from_key,
        order_key,
        link_method,
        link_confidence,
        false as is_guessed
    from {{ ref('stated_origins') }}

    union all

    select
        from_entity,
        from_key,
        order_key,
        link_method,
        link_confidence,
        true as is_guessed
    from found

    union all

    select
        'deals' as from_entity,
        deal_key as from_key,
        order_key,
        link_method,
        link_confidence,
        true as is_guessed
    from found
    where from_entity = 'quotes' and deal_key is not null

),

weighed as (

    select
        origins.*,
        greatest(coalesce(deals.amount, quotes.net_amount, 0), 0.01) as weight
    from origins
    left join deals on origins.from_entity = 'deals' and origins.from_key = deals.deal_key
    left join quotes on origins.from_entity = 'quotes' and origins.from_key = quotes.quote_key
    -- A duplicate or a lost deal has a claim to an order only where no other deal has one.
    qualify
        max(case when deals.excluded_reason is null and coalesce(deals.status, '') <> 'lost' then 1 else 0 end)
            over (partition by origins.from_entity, origins.order_key)
        = case when deals.excluded_reason is null and coalesce(deals.status, '') <> 'lost' then 1 else 0 end

)

select
    from_entity || ' ' || from_key || ' ' || order_key as order_origin_key,
    from_key,
    order_key,
    from_entity,
    link_method,
    link_confidence,
    {{ exact_ratio('weight', 'sum(weight) over (partition by from_entity, order_key)') }} as share,
    is_guessed
from weighed
