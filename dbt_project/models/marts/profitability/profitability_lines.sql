with

ladder_rows as (

    select
        *,
        {{ month_of('posted_date') }} as posted_month,
        {{ month_of('cohort_date') }} as cohort_month
    from {{ ref('ladder_rows') }}

),

contribution_steps as (

    select * from {{ ref('contribution_steps') }}

),

covered_months as (

    select * from {{ ref('covered_months') }}

),

accounts as (

    select * from {{ ref('accounts') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

orders as (

    select * from {{ ref('orders') }}

),

people as (

    select * from {{ ref('people') }}

),

products as (

    select * from {{ ref('products') }}

),

-- Cost of goods is taken off somewhere even where a firm's own ladder forgets to say so.
ladder as (

    select
        coalesce(max(case when step = 'cost_of_goods' then level end), 1) as level_of_goods,
        count(case when level = 2 and is_known then 1 end) > 0 as has_level_two
    from contribution_steps

),

levelled as (

    select
        ladder_rows.*,
        case
            when ladder_rows.ladder_step = 'cost_of_goods' then ladder.level_of_goods else contribution_steps.level
        end as step_level,
        ladder.level_of_goods,
        ladder.has_level_two,
        posted.month is not null as is_posted_month_covered,
        cohort.month is not null as is_cohort_month_covered
    from ladder_rows
    cross join ladder
    left join contribution_steps on ladder_rows.ladder_step = contribution_steps.step
    left join covered_months as posted on ladder_rows.posted_month = posted.month
    left join covered_months as cohort on ladder_rows.cohort_month = cohort.month

),

contributing as (

    select
        *,
        {{ contribution_of_row(1) }} as cm1,
        case when has_level_two then {{ contribution_of_row(2) }} end as cm2,
        case when has_level_two then {{ contribution_of_row(3) }} end as cm3
    from levelled

),

lines as (

    select
        contributing.profitability_line_key,
        contributing.line_kind,
        contributing.ladder_step,
        contributing.source,
        coalesce(account_matches.customer_key, 'unknown') as customer_key,
        coalesce(customers.name, 'unknown') as customer_name,
        customers.segment,
        contributing.account_key,
        contributing.invoice_key,
        contributing.invoice_number,
        contributing.invoice_kind,
        contributing.order_key,
        contributing.product_key,
        products.name as product_name,
        products.category,
        contributing.cost_pool,
        coalesce(orders.owner_key, accounts.owner_key, customers.owner_key) as owner_key,
        people.name as owner_name,
        orders.channel,
        contributing.currency_code,
        {{ reporting_currency() }} as reporting_currency_code,
        contributing.exchange_rate_source,
        contributing.source_url,
        cast(contributing.quantity as decimal(18, 4)) as quantity,
        cast(contributing.document_amount as decimal(18, 4)) as document_amount,
        cast(contributing.document_cost_amount as decimal(18, 4)) as document_cost_amount,
        contributing.exchange_rate,
        cast(contributing.gross_amount as decimal(18, 4)) as gross_amount,
        cast(contributing.discount_amount as decimal(18, 4)) as discount_amount,
        cast(contributing.credited_amount as decimal(18, 4)) as credited_amount,
        cast(contributing.revenue_amount as decimal(18, 4)) as revenue_amount,
        cast(
            case
                when not contributing.is_cost_missing and not contributing.is_rate_missing
                    then contributing.revenue_amount
            end as decimal(18, 4)
        ) as revenue_with_cost_amount,
        cast(contributing.cost_amount as decimal(18, 4)) as cost_amount,
        {%- for step, column in ladder_amounts().items() %}
            cast(
                case
                    when contributing.ladder_step = '{{ step }}' then contributing.step_amount
                end as decimal(18, 4)
            ) as {{ column }},
        {%- endfor %}
        cast(contributing.cm1 as decimal(18, 4)) as cm1_amount,
        cast(contributing.cm2 as decimal(18, 4)) as cm2_amount,
        cast(case when contributing.is_posted_month_covered then contributing.cm3 end as decimal(18, 4)) as cm3_amount,
        cast(
            case when contributing.is_cohort_month_covered then contributing.cm3 end as decimal(18, 4)
        ) as cohort_cm3_amount,
        contributing.is_cost_missing,
        contributing.is_rate_missing,
        contributing.posted_date,
        contributing.posted_month,
        contributing.cohort_date,
        contributing.cohort_month,
        contributing.exchange_rate_date
    from contributing
    left join account_matches on contributing.account_key = account_matches.account_key
    left join customers on account_matches.customer_key = customers.customer_key
    left join accounts on contributing.account_key = accounts.account_key
    left join orders on contributing.order_key = orders.order_key
    left join people on coalesce(orders.owner_key, accounts.owner_key, customers.owner_key) = people.person_key
    left join products on contributing.product_key = products.product_key

),

customer_months as (

    select
        customer_key,
        posted_month,
        count(case when line_kind = 'invoice_line' then 1 end) as lines_counted,
        count(case when is_cost_missing then 1 end) as lines_missing_cost,
        sum(revenue_with_cost_amount) as revenue_with_cost_amount
    from lines
    group by customer_key, posted_month

)

select
    lines.*,
    not {{ has_no_known_cost('customer_months.') }} as has_contribution
from lines
left join customer_months
    on lines.customer_key = customer_months.customer_key and lines.posted_month = customer_months.posted_month
-- Pages ask for days: in this order a reader passes over most of the file.
order by lines.posted_date
