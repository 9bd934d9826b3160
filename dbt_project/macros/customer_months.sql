{#- Profitability of each customer in each month of one of the two clocks. -#}
{% macro customer_months(month, cm3) %}
with

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

customers as (

    select * from {{ ref('customers') }}

),

covered_months as (

    select * from {{ ref('covered_months') }}

),

months as (

    select
        customer_key,
        customer_name,
        {{ month }} as month,
        {{- ladder_sums(cm3) }}
    from profitability_lines
    group by 1, 2, 3

)

select
    months.customer_key || ':' || cast(months.month as {{ dbt.type_string() }}) as customer_profitability_key,
    months.customer_key,
    months.customer_name,
    customers.segment,
    customers.country_code,
    customers.owner_name,
    {{ reporting_currency() }} as reporting_currency_code,
    {{- ladder_shown('months') }},
    covered_months.month is not null as has_cost_pools,
    months.month
from months
left join customers on months.customer_key = customers.customer_key
left join covered_months on months.month = covered_months.month
-- Pages ask for months: in this order a reader passes over most of the file.
order by months.month
{% endmacro %}
