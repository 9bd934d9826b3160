-- A month is remembered by the first refresh that sees it closed, for the firm and for each of its customers.
with

told as (

    select
        *,
        min(as_of_date) over (partition by month) as first_told_date
    from {{ ref('remembered_months') }}
    where as_of_date <= {{ as_of() }}

),

-- A month that was told twice, before and after a rollback, is as it was told first.
remembered_months as (

    select
        *,
        row_number() over (
            partition by closed_month_key
            order by revenue_amount, cost_amount, cm1_amount, cm2_amount, cm3_amount
        ) as place
    from told
    where as_of_date = first_told_date

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
where place = 1
