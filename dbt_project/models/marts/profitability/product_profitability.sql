{%- set amounts = ladder_columns() + ['revenue_without_cost_amount'] -%}
{%- set counts = ['lines_counted', 'lines_missing_cost', 'lines_missing_rate'] -%}
with

profitability_lines as (

    select
        *,
        case
            when line_kind <> 'invoice_line' and product_key is null
                then coalesce('invoice:' || invoice_key, 'order:' || order_key)
        end as document_key
    from {{ ref('profitability_lines') }}

),

document_products as (

    select * from {{ ref('document_products') }}

),

products as (

    select * from {{ ref('products') }}

),

covered_months as (

    select * from {{ ref('covered_months') }}

),

-- Step by step, so that a contribution is rounded as the cost that it is less by.
documents as (

    select
        document_key,
        product_key,
        posted_month as month,
        ladder_step,
        {{- ladder_sums() }}
    from profitability_lines
    group by 1, 2, 3, 4

),

-- What belongs to a document and to none of its lines is spread over them by net value. Each part is the difference of
-- two rounded sums, so that the parts sum to the whole.
spread as (

    select
        case
            when document_products.document_key is null then documents.product_key
            else document_products.product_key
        end as product_key,
        {%- for column in amounts %}
            case
                when document_products.document_key is null then documents.{{ column }}
                else
                    cast(documents.{{ column }} * document_products.ends as decimal(18, 4))
                    - cast(documents.{{ column }} * document_products.begins as decimal(18, 4))
            end as {{ column }},
        {%- endfor %}
        {%- for column in counts %}
            case
                when coalesce(document_products.begins, 0) = 0 then documents.{{ column }}
                else 0
            end as {{ column }},
        {%- endfor %}
        documents.month
    from documents
    left join document_products on documents.document_key = document_products.document_key

),

months as (

    select
        product_key,
        month,
        {%- for column in amounts + counts[:-1] %}
            sum({{ column }}) as {{ column }},
        {%- endfor %}
        sum({{ counts[-1] }}) as {{ counts[-1] }}
    from spread
    group by 1, 2

)

select
    coalesce(months.product_key, '') || ':' || cast(months.month as {{ dbt.type_string() }})
        as product_profitability_key,
    months.product_key,
    products.sku,
    products.name as product_name,
    products.category,
    {{ reporting_currency() }} as reporting_currency_code,
    {%- for column in amounts %}
        {{- ladder_column('months', column) }}
    {%- endfor %}
    {%- for column in counts %}
        cast(months.{{ column }} as bigint) as {{ column }},
    {%- endfor %}
    covered_months.month is not null as has_cost_pools,
    months.month
from months
left join products on months.product_key = products.product_key
left join covered_months on months.month = covered_months.month
