-- Which part of an invoice, or of all invoices of an order, each product is: from where to where it lies, 0 to 1.
with

sold_lines as (

    select * from {{ ref('sold_lines') }}

),

weights as (

    select
        'invoice:' || invoice_key as document_key,
        coalesce(product_key, '') as product_key,
        sum(abs(revenue_amount)) as weight
    from sold_lines
    group by 1, 2
    union all
    select
        'order:' || order_key as document_key,
        coalesce(product_key, '') as product_key,
        sum(revenue_amount) as weight
    from sold_lines
    where order_key is not null and invoice_kind = 'invoice' and revenue_amount > 0
    group by 1, 2

),

laid as (

    select
        document_key,
        product_key,
        weight,
        sum(weight) over (partition by document_key order by product_key rows unbounded preceding) as weight_so_far,
        sum(weight) over (partition by document_key) as weight_of_all
    from weights
    where weight > 0

)

select
    document_key,
    nullif(product_key, '') as product_key,
    cast(weight_so_far - weight as double) / cast(weight_of_all as double) as begins,
    cast(weight_so_far as double) / cast(weight_of_all as double) as ends
from laid
