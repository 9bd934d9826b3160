{%- set figures = ['revenue', 'cost', 'cm1', 'cm2', 'cm3'] -%}
with

closed_months as (

    select * from {{ ref('closed_months') }}

),

customers as (

    select * from {{ ref('customers') }}

),

-- Of a month that was remembered, a customer who is new in it is a change too.
remembered_months as (

    select
        month,
        max(as_of_date) as as_of_date
    from closed_months
    group by 1

),

today as (

    select
        months_of_figures.*,
        remembered_months.as_of_date
    from {{ ref('months_of_figures') }} as months_of_figures
    inner join remembered_months on months_of_figures.month = remembered_months.month

),

compared as (

    select
        {%- for figure in figures %}
            closed_months.{{ figure }}_amount as {{ figure }}_then,
            today.{{ figure }}_amount as {{ figure }}_now,
        {%- endfor %}
        coalesce(closed_months.month, today.month) as month,
        coalesce(closed_months.customer_key, today.customer_key) as customer_key,
        coalesce(closed_months.as_of_date, today.as_of_date) as as_of_date
    from closed_months
    full outer join today
        on
            closed_months.month = today.month
            and coalesce(closed_months.customer_key, '') = coalesce(today.customer_key, '')

),

figures as (
    {% for figure in figures %}
        select
            month,
            customer_key,
            '{{ figure }}' as figure,
            as_of_date,
            {{ figure }}_then as remembered_amount,
            {{ figure }}_now as amount
        from compared
        where {{ figure }}_then is distinct from {{ figure }}_now
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    figures.figure || ':' || cast(figures.month as {{ dbt.type_string() }}) || ':'
    || coalesce(figures.customer_key, 'all')
        as closed_month_change_key,
    figures.customer_key,
    case when figures.customer_key is not null then coalesce(customers.name, 'unknown') end as customer_name,
    figures.figure,
    {{ reporting_currency() }} as reporting_currency_code,
    cast(figures.remembered_amount as decimal(18, 4)) as remembered_amount,
    cast(figures.amount as decimal(18, 4)) as amount,
    cast(coalesce(figures.amount, 0) - coalesce(figures.remembered_amount, 0) as decimal(18, 4)) as difference_amount,
    figures.month,
    figures.as_of_date as remembered_date
from figures
left join customers on figures.customer_key = customers.customer_key
