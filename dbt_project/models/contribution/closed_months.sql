-- A month is remembered by the first refresh that sees it closed, for the firm and for each of its customers.
with

remembered_months as (

    select * from {{ ref('remembered_months') }}
    where as_of_date < {{ as_of() }}

),

closing as (

    select
        customer_key,
        month,
        revenue_amount,
        cost_amount,
        cm1_amount,
        cm2_amount,
        cm3_amount
    from {{ ref('months_of_figures') }}
    where {{ is_closed('month') }} and month not in (select remembered_months.month from remembered_months)

)

select
    cast(month as {{ dbt.type_string() }}) || ':' || coalesce(customer_key, 'all') as closed_month_key,
    customer_key,
    revenue_amount,
    cost_amount,
    cm1_amount,
    cm2_amount,
    cm3_amount,
    month,
    {{ as_of() }} as as_of_date
from closing
union all
select
    closed_month_key,
    customer_key,
    revenue_amount,
    cost_amount,
    cm1_amount,
    cm2_amount,
    cm3_amount,
    month,
    as_of_date
from remembered_months
