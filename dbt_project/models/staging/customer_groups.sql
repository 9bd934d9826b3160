-- The climb from each customer to the top of its parents. Parents that run in a circle have no top: the smallest key of
-- the circle stands for it. No group is a hundred levels deep; a climb that long is a circle.
{{ config(materialized='table') }}

with recursive

parents as (

    select
        customer_key,
        value as parent_customer_key
    from {{ ref('customer_fields') }}
    where field = 'parent_customer_key' and place = 1

),

climbed as (

    select
        customer_key,
        parent_customer_key as ancestor_key,
        1 as height
    from parents

    union all

    select
        climbed.customer_key,
        parents.parent_customer_key as ancestor_key,
        climbed.height + 1 as height
    from climbed
    inner join parents on climbed.ancestor_key = parents.customer_key
    where climbed.height < 100 and climbed.ancestor_key <> climbed.customer_key

),

in_a_circle as (

    select distinct customer_key
    from climbed
    where ancestor_key = customer_key

)

select
    climbed.customer_key,
    min(climbed.ancestor_key) as group_key
from climbed
left join parents on climbed.ancestor_key = parents.customer_key
left join in_a_circle on climbed.ancestor_key = in_a_circle.customer_key
where parents.customer_key is null or in_a_circle.customer_key is not null
group by 1
