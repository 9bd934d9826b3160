-- If this fails, a customer is in no cell of the movement between tiers, or in two.
with

moved as (

    select
        coalesce(sum(customers_counted), 0) as customers_counted,
        coalesce(sum(revenue_amount), 0) as revenue_amount,
        coalesce(sum(contribution_amount), 0) as contribution_amount
    from {{ ref('customer_movement') }}

),

standing as (

    select
        count(*) as customers_counted,
        coalesce(sum(revenue_amount), 0) as revenue_amount,
        coalesce(sum(contribution_amount), 0) as contribution_amount
    from {{ ref('customer_standing') }}
    where tier is not null

)

select
    moved.customers_counted as customers_moved,
    standing.customers_counted as customers_standing
from moved
cross join standing
where
    moved.customers_counted <> standing.customers_counted
    or moved.revenue_amount <> standing.revenue_amount
    or moved.contribution_amount <> standing.contribution_amount
