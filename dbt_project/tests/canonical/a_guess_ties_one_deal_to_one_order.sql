-- A deal that could be one of two orders, or an order that could be of one of two deals, is guessed to be neither.
with

guesses as (

    select
        from_entity,
        from_key,
        order_key,
        count(*) over (partition by from_entity, from_key) as orders_counted,
        count(*) over (partition by from_entity, order_key) as origins_counted
    from {{ ref('order_origins') }}
    where is_guessed

)

select * from guesses
where orders_counted > 1 or origins_counted > 1
