with

orders as (

    select * from {{ ref('orders') }}
    where not coalesce(is_cancelled, false)

),

order_lines as (

    select * from {{ ref('order_lines') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

),

products as (

    select * from {{ ref('products') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

document_lines as (

    select
        'order_line' as entity,
        order_lines.order_line_key as line_key,
        order_lines.order_key as document_key,
        orders.order_number as document_number,
        orders.source,
        orders.account_key,
        orders.currency_code,
        coalesce(order_lines.currency_code, orders.currency_code) as price_currency_code,
        orders.source_url,
        order_lines.product_key,
        order_lines.quantity,
        order_lines.unit_price,
        order_lines.net_amount,
        coalesce(order_lines.discount_amount, 0) as discount_amount,
        -- Lines for different days are two deliveries.
        coalesce(cast(order_lines.requested_date as {{ dbt.type_string() }}), '') || ' '
        || coalesce(cast(order_lines.promised_date as {{ dbt.type_string() }}), '') as told_apart_by,
        {{ local_date('orders.ordered_at') }} as document_date
    from order_lines
    inner join orders on order_lines.order_key = orders.order_key
    union all
    select
        'invoice_line' as entity,
        invoice_lines.invoice_line_key as line_key,
        invoice_lines.invoice_key as document_key,
        invoice_values.invoice_number as document_number,
        invoice_values.source,
        invoice_values.account_key,
        invoice_values.currency_code,
        invoice_values.currency_code as price_currency_code,
        invoice_values.source_url,
        invoice_lines.product_key,
        invoice_lines.quantity,
        case
            when invoice_lines.quantity <> 0
                then
                    cast(
                        (invoice_lines.net_amount + coalesce(invoice_lines.discount_amount, 0)) / invoice_lines.quantity
                        as decimal(18, 2)
                    )
        end as unit_price,
        invoice_lines.net_amount,
        coalesce(invoice_lines.discount_amount, 0) as discount_amount,
        -- Lines of different order lines or deliveries are two deliveries on one invoice.
        coalesce(invoice_lines.order_key, '') || ' ' || coalesce(invoice_lines.order_line_key, '') || ' '
        || coalesce(invoice_lines.shipment_line_key, '') as told_apart_by,
        invoice_values.issued_date as document_date
    from invoice_lines
    inner join invoice_values on invoice_lines.invoice_key = invoice_values.invoice_key

),

numbered_lines as (

    select
        *,
        row_number() over one_line as place,
        min(line_key) over one_line as first_line_key
    from document_lines
    where product_key is not null and net_amount <> 0
    window one_line as (
        partition by
            entity, document_key, product_key, quantity, unit_price, net_amount, discount_amount, told_apart_by
        order by line_key
    )

),

currency_rates as (

    select
        currency_code,
        avg(cast(exchange_rate as double)) as rate
    from reporting_rates
    where exchange_rate is not null
    group by 1

),

prices as (

    select
        source,
        product_key,
        price_currency_code as currency_code,
        unit_price,
        min(document_date) as since_date
    from document_lines
    where unit_price > 0
    group by 1, 2, 3, 4
    union all
    select
        deals.source,
        deal_lines.product_key,
        deals.currency_code,
        deal_lines.unit_price,
        min({{ local_date('deals.created_at') }}) as since_date
    from {{ ref('deal_lines') }} as deal_lines
    inner join {{ ref('deals') }} as deals on deal_lines.deal_key = deals.deal_key
    where deal_lines.unit_price > 0
    group by 1, 2, 3, 4

),

rated_prices as (

    select
        prices.*,
        currency_rates.rate
    from prices
    inner join currency_rates on prices.currency_code = currency_rates.currency_code
    where prices.product_key is not null

),

-- Products sold in two currencies of different worth, and those of them with one price in both.
products_in_currencies as (

    select
        source,
        product_key
    from rated_prices
    group by 1, 2
    having max(rate) / min(rate) > 1 + {{ exception_limit('one_price_rate_share') }}

),

one_price as (

    select
        source,
        product_key,
        unit_price
    from rated_prices
    group by 1, 2, 3
    having max(rate) / min(rate) > 1 + {{ exception_limit('one_price_rate_share') }}

),

currencies_of_sources as (

    select
        rated_prices.source,
        rated_prices.currency_code,
        min(rated_prices.since_date) as since_date
    from rated_prices
    inner join one_price
        on
            rated_prices.source = one_price.source
            and rated_prices.product_key = one_price.product_key
            and rated_prices.unit_price = one_price.unit_price
    group by 1, 2

),

named_currencies as (

    select
        source,
        {{ dbt.listagg('currency_code', "', '", 'order by currency_code') }} as currencies,
        min(since_date) as since_date
    from currencies_of_sources
    group by 1

),

counted as (

    select
        products_in_currencies.source,
        count(distinct one_price.product_key) as products_counted,
        count(distinct products_in_currencies.product_key) as products_compared
    from products_in_currencies
    left join one_price
        on
            products_in_currencies.source = one_price.source
            and products_in_currencies.product_key = one_price.product_key
    group by 1

)

select
    'duplicate_line' as code,
    numbered_lines.entity,
    numbered_lines.line_key as record_key,
    numbered_lines.first_line_key as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    numbered_lines.source,
    numbered_lines.account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    numbered_lines.currency_code,
    {{ json_text({
        'number': 'numbered_lines.document_number',
        'product': 'products.name',
        'quantity': 'numbered_lines.quantity'
    }) }} as parameters,
    numbered_lines.source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    numbered_lines.net_amount as amount,
    numbered_lines.document_date as since_date
from numbered_lines
left join products on numbered_lines.product_key = products.product_key
where numbered_lines.place > 1
union all
select
    'one_price_in_all_currencies' as code,
    'source' as entity,
    counted.source as record_key,
    cast(null as {{ dbt.type_string() }}) as other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    counted.source,
    cast(null as {{ dbt.type_string() }}) as account_key,
    cast(null as {{ dbt.type_string() }}) as owner_name,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    {{ json_text({
        'currencies': 'named_currencies.currencies',
        'products': 'counted.products_counted',
        'compared': 'counted.products_compared'
    }) }} as parameters,
    cast(null as {{ dbt.type_string() }}) as source_url,
    cast(null as {{ dbt.type_string() }}) as other_source_url,
    cast(null as decimal(18, 2)) as amount,
    named_currencies.since_date
from counted
inner join named_currencies on counted.source = named_currencies.source
where
    counted.products_counted >= {{ exception_limit('one_price_products') }}
    and counted.products_counted >= {{ exception_limit('one_price_products_share') }} * counted.products_compared
