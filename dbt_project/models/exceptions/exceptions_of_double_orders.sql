with

order_items as (

    select
        order_lines.order_key,
        coalesce(product_matches.item_key, order_lines.product_key, '') || ' '
        || cast(coalesce(order_lines.quantity, 0) as {{ dbt.type_string() }}) as item
    from {{ ref('order_lines') }} as order_lines
    left join {{ ref('product_matches') }} as product_matches on order_lines.product_key = product_matches.product_key

),

order_contents as (

    select
        order_key,
        {{ dbt.listagg('item', "', '", 'order by item') }} as contents
    from order_items
    group by 1

),

candidate_orders as (

    select
        order_cycle_time.order_key as record_key,
        order_cycle_time.order_number as number,
        order_cycle_time.source,
        order_cycle_time.account_key,
        order_cycle_time.customer_key,
        order_cycle_time.owner_name,
        order_cycle_time.reporting_currency_code,
        order_cycle_time.source_url,
        order_cycle_time.order_amount as amount,
        order_cycle_time.ordered_date as dated,
        order_cycle_time.currency_code,
        order_cycle_time.document_amount,
        order_contents.contents,
        order_cycle_time.deal_key as belongs_to,
        {{ plain_text('orders.customer_reference') }} as customer_reference
    from {{ ref('order_cycle_time') }} as order_cycle_time
    inner join {{ ref('orders') }} as orders on order_cycle_time.order_key = orders.order_key
    left join order_contents on orders.order_key = order_contents.order_key
    where
        not coalesce(order_cycle_time.is_cancelled, false)
        and order_cycle_time.document_amount > 0
        and order_cycle_time.customer_key <> 'unknown'

),

double_orders as (

    select
        later.*,
        earlier.record_key as other_record_key,
        earlier.number as other_number,
        earlier.source_url as other_source_url,
        row_number() over (partition by later.record_key order by earlier.dated desc, earlier.record_key asc) as place
    from candidate_orders as later
    inner join candidate_orders as earlier
        on
            later.customer_key = earlier.customer_key
            and coalesce(later.currency_code, '') = coalesce(earlier.currency_code, '')
            and later.document_amount = earlier.document_amount
            and later.contents = earlier.contents
            and (
                later.dated > earlier.dated
                or (later.dated = earlier.dated and later.record_key > earlier.record_key)
            )
    where
        {{ days_between('earlier.dated', 'later.dated') }} <= {{ exception_limit('double_entry_days') }}
        and coalesce(later.customer_reference, '') = coalesce(earlier.customer_reference, '')
        and (later.belongs_to is null or earlier.belongs_to is null or later.belongs_to = earlier.belongs_to)

)

select
    'double_entry' as code,
    'order' as entity,
    record_key,
    other_record_key,
    cast(null as {{ dbt.type_string() }}) as detail,
    source,
    account_key,
    owner_name,
    reporting_currency_code as currency_code,
    {{ json_text({
        'number': 'number',
        'other': 'other_number',
        'customer_reference': 'customer_reference',
        'contents': 'contents'
    }) }} as parameters,
    source_url,
    other_source_url,
    amount,
    dated as since_date
from double_orders
where place = 1
