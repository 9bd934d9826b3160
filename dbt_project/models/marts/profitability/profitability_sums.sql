with

profitability_lines as (

    select * from {{ ref('profitability_lines') }}

),

-- Whether an amount is known divides the rows: what is asked of lines where it is, the sums answer with the same rows.
known as (

    select
        *,
        quantity is not null as has_quantity,
        cm1_amount is not null as has_cm1,
        cm2_amount is not null as has_cm2,
        cm3_amount is not null as has_cm3
    from profitability_lines

),

sums as (

    select
        segment,
        product_key,
        category,
        ladder_step,
        cost_pool,
        currency_code,
        reporting_currency_code,
        has_quantity,
        has_cm1,
        has_cm2,
        has_cm3,
        has_contribution,
        posted_month,
        sum(quantity) as quantity,
        sum(document_amount) as document_amount,
        sum(revenue_amount) as revenue_amount,
        sum(cost_to_serve_amount) as cost_to_serve_amount,
        sum(cm1_amount) as cm1_amount,
        sum(cm2_amount) as cm2_amount,
        sum(cm3_amount) as cm3_amount,
        count(*) as lines_summed
    from known
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13

)

select
    product_key,
    segment,
    category,
    ladder_step,
    cost_pool,
    currency_code,
    reporting_currency_code,
    cast(quantity as decimal(18, 4)) as quantity,
    cast(document_amount as decimal(18, 4)) as document_amount,
    cast(revenue_amount as decimal(18, 4)) as revenue_amount,
    cast(cost_to_serve_amount as decimal(18, 4)) as cost_to_serve_amount,
    cast(cm1_amount as decimal(18, 4)) as cm1_amount,
    cast(cm2_amount as decimal(18, 4)) as cm2_amount,
    cast(cm3_amount as decimal(18, 4)) as cm3_amount,
    lines_summed,
    has_quantity,
    has_cm1,
    has_cm2,
    has_cm3,
    has_contribution,
    posted_month
from sums
