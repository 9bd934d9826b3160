with

companies as (

    select * from {{ ref('companies') }}

),

deals as (

    select
        deals.*,
        companies.company as group_company
    from {{ ref('deals') }} as deals
    left join companies on deals.source = companies.source

),

quotes as (

    select
        quotes.*,
        companies.company as group_company
    from {{ ref('quotes') }} as quotes
    left join companies on quotes.source = companies.source

),

orders as (

    select
        orders.*,
        companies.company as group_company
    from {{ ref('orders') }} as orders
    left join companies on orders.source = companies.source

),

stated_origins as (

    select * from {{ ref('stated_origins') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

thread_rules as (

    select
        *,
        -- Amounts are compared within buckets of equal ratio, each at least as wide as the tolerance.
        -ln(1 - greatest(cast(amount_tolerance_percent as double), 0.1) / 100) as bucket_width
    from {{ ref('thread_rules') }}

),

orders_left as (

    select
        orders.order_key,
        account_matches.customer_key,
        orders.group_company,
        orders.currency_code,
        orders.net_amount as order_amount,
        {{ local_date('orders.ordered_at') }} as ordered_date
    from orders
    inner join account_matches on orders.account_key = account_matches.account_key
    left join stated_origins on orders.order_key = stated_origins.order_key
    where stated_origins.order_key is null and orders.net_amount > 0 and not coalesce(orders.is_cancelled, false)

),

deals_left as (

    select
        deals.*,
        {{ local_date('deals.closed_at') }} as closed_date
    from deals
    left join stated_origins on deals.deal_key = stated_origins.from_key and stated_origins.from_entity = 'deals'
    where stated_origins.from_key is null and deals.status = 'won' and deals.excluded_reason is null

),

-- Of several accepted quotes of a deal the newest counts. Salesforce keeps no time of acceptance, only the status.
quotes_left as (

    select
        quotes.quote_key,
        quotes.deal_key,
        coalesce(quotes.account_key, deals_left.account_key) as account_key,
        quotes.group_company,
        quotes.currency_code,
        quotes.net_amount,
        coalesce({{ local_date('quotes.accepted_at') }}, deals_left.closed_date) as accepted_date
    from quotes
    left join deals_left on quotes.deal_key = deals_left.deal_key
    left join stated_origins on quotes.quote_key = stated_origins.from_key and stated_origins.from_entity = 'quotes'
    where
        stated_origins.from_key is null
        and (quotes.deal_key is null or deals_left.deal_key is not null)
        and (quotes.accepted_at is not null or lower(quotes.status) = 'accepted')
    qualify
        row_number() over (
            partition by coalesce(quotes.deal_key, quotes.quote_key)
            order by quotes.accepted_at desc, quotes.created_at desc, quotes.quote_key asc
        ) = 1

),

looking as (

    select
        'quotes' as from_entity,
        quotes_left.quote_key as from_key,
        quotes_left.deal_key,
        account_matches.customer_key,
        quotes_left.group_company,
        quotes_left.currency_code,
        quotes_left.net_amount as from_amount,
        quotes_left.accepted_date as agreed_date,
        'quote_amount_and_date' as link_method
    from quotes_left
    inner join account_matches on quotes_left.account_key = account_matches.account_key

    union all

    select
        'deals' as from_entity,
        deals_left.deal_key as from_key,
        deals_left.deal_key,
        account_matches.customer_key,
        deals_left.group_company,
        deals_left.currency_code,
        deals_left.amount as from_amount,
        deals_left.closed_date as agreed_date,
        'customer_amount_and_date' as link_method
    from deals_left
    inner join account_matches on deals_left.account_key = account_matches.account_key

),

neighbours as (

    select -1 as step
    union all
    select 0 as step
    union all
    select 1 as step

),

looking_in_buckets as (

    select
        looking.*,
        thread_rules.confidence,
        cast(looking.from_amount * thread_rules.amount_tolerance_percent / 100 as decimal(18, 4)) as tolerance_amount,
        thread_rules.days_before,
        thread_rules.days_after,
        cast(floor(ln(looking.from_amount) / thread_rules.bucket_width) as bigint) + neighbours.step as bucket
    from looking
    inner join thread_rules on looking.link_method = thread_rules.link_method
    cross join neighbours
    where looking.from_amount > 0

),

orders_in_buckets as (

    select
        orders_left.*,
        thread_rules.link_method,
        cast(floor(ln(orders_left.order_amount) / thread_rules.bucket_width) as bigint) as bucket
    from orders_left
    cross join thread_rules
    where thread_rules.amount_tolerance_percent is not null

),

fitting as (

    select
        looking.from_entity,
        looking.from_key,
        looking.deal_key,
        orders.order_key,
        looking.link_method,
        looking.confidence,
        looking.from_amount,
        orders.order_amount,
        {{ days_between('looking.agreed_date', 'orders.ordered_date') }} as days_after
    from looking_in_buckets as looking
    inner join orders_in_buckets as orders
        on
            looking.customer_key = orders.customer_key
            and {{ one_company('looking.group_company', 'orders.group_company') }}
            and looking.currency_code = orders.currency_code
            and looking.link_method = orders.link_method
            and looking.bucket = orders.bucket
    where
        abs(orders.order_amount - looking.from_amount) <= looking.tolerance_amount
        and {{ days_between('looking.agreed_date', 'orders.ordered_date') }}
        between -looking.days_before and looking.days_after

),

counted as (

    select
        *,
        count(*) over (partition by from_entity, from_key) as orders_counted,
        count(*) over (partition by from_entity, order_key) as rivals_counted
    from fitting

),

-- What a quote has found is not looked for again: neither for its deal, nor is its order offered to another.
found_by_quotes as (

    select
        deal_key,
        order_key
    from counted
    where from_entity = 'quotes' and orders_counted = 1 and rivals_counted = 1

),

left_over as (

    select counted.*
    from counted
    left join found_by_quotes as deals_found on counted.deal_key = deals_found.deal_key
    left join found_by_quotes as orders_found on counted.order_key = orders_found.order_key
    where counted.from_entity = 'quotes' or (deals_found.deal_key is null and orders_found.order_key is null)

),

recounted as (

    select
        *,
        count(*) over (partition by from_entity, from_key) as orders_left_counted,
        count(*) over (partition by from_entity, order_key) as rivals_left_counted
    from left_over

)

select
    from_entity || ' ' || from_key || ' ' || order_key as order_candidate_key,
    from_key,
    deal_key,
    order_key,
    from_entity,
    link_method,
    cast(confidence as decimal(5, 4)) as link_confidence,
    cast(from_amount as decimal(18, 2)) as from_amount,
    cast(order_amount as decimal(18, 2)) as order_amount,
    cast(days_after as bigint) as days_after,
    orders_left_counted as orders_counted,
    rivals_left_counted as rivals_counted,
    orders_left_counted = 1 and rivals_left_counted = 1 as is_only_candidate
from recounted
