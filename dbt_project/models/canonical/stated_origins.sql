with

companies as (

    select * from {{ ref('companies') }}

),

deals as (

    select
        deals.*,
        companies.company as group_company,
        upper({{ vendor_id('deals.deal_key') }}) as plain_id
    from {{ ref('deals') }} as deals
    left join companies on deals.source = companies.source

),

orders as (

    select
        orders.*,
        companies.company as group_company,
        upper(trim(orders.order_number)) as plain_number,
        upper(trim(orders.deal_reference)) as plain_deal_reference
    from {{ ref('orders') }} as orders
    left join companies on orders.source = companies.source

),

quotes as (

    select
        quotes.*,
        companies.company as group_company
    from {{ ref('quotes') }} as quotes
    left join companies on quotes.source = companies.source

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

thread_rules as (

    select * from {{ ref('thread_rules') }}

),

-- What a CRM says about an order in the ERP; several numbers may stand in one field, and one of them twice.
numbers_given as (

    select distinct
        'deals' as from_entity,
        deal_key as from_key,
        account_key,
        group_company,
        'order_number_in_deal' as link_method,
        {{ each_word('order_reference') }} as plain_number
    from deals
    where order_reference is not null

    union all

    select distinct
        'quotes' as from_entity,
        quote_key as from_key,
        account_key,
        group_company,
        'order_number_in_quote' as link_method,
        {{ each_word('order_reference') }} as plain_number
    from quotes
    where order_reference is not null

),

-- Two systems may both have an order of this number: then the company must agree, or else the customer.
by_order_number as (

    select
        numbers_given.from_entity,
        numbers_given.from_key,
        orders.order_key,
        numbers_given.link_method
    from numbers_given
    inner join orders
        on
            numbers_given.plain_number = orders.plain_number
            and {{ one_company('numbers_given.group_company', 'orders.group_company') }}
    left join account_matches as from_matches on numbers_given.account_key = from_matches.account_key
    left join account_matches as order_matches on orders.account_key = order_matches.account_key
    qualify
        count(*)
            over (
                partition by numbers_given.from_entity, numbers_given.from_key, numbers_given.plain_number
            )
        = 1
        or (
            from_matches.customer_key = order_matches.customer_key
            and count(case when from_matches.customer_key = order_matches.customer_key then 1 end)
                over (
                    partition by numbers_given.from_entity, numbers_given.from_key, numbers_given.plain_number
                )
            = 1
        )

),

-- Salesforce shows ids of 15 characters and stores 18; an ERP may have put either into upper case.
deal_numbers as (

    select
        plain_id as plain_number,
        deal_key,
        group_company
    from deals
    union
    select
        left(plain_id, 15) as plain_number,
        deal_key,
        group_company
    from deals
    where length(plain_id) = 18

),

by_deal_number as (

    select
        'deals' as from_entity,
        deal_numbers.deal_key as from_key,
        orders.order_key,
        'deal_number_in_order' as link_method
    from orders
    inner join deal_numbers
        on
            orders.plain_deal_reference = deal_numbers.plain_number
            and {{ one_company('orders.group_company', 'deal_numbers.group_company') }}
    qualify count(*) over (partition by orders.order_key) = 1

),

by_quote_key as (

    select
        'quotes' as from_entity,
        quote_key as from_key,
        order_key,
        'order_of_quote' as link_method
    from quotes
    where order_key is not null

),

of_deals_and_quotes as (

    select * from by_order_number
    union all
    select * from by_deal_number
    union all
    select * from by_quote_key

),

through_quotes as (

    select
        'deals' as from_entity,
        quotes.deal_key as from_key,
        of_deals_and_quotes.order_key,
        of_deals_and_quotes.link_method
    from of_deals_and_quotes
    inner join quotes on of_deals_and_quotes.from_key = quotes.quote_key
    inner join deals on quotes.deal_key = deals.deal_key
    where of_deals_and_quotes.from_entity = 'quotes'

),

origins as (

    select * from of_deals_and_quotes
    union all
    select * from through_quotes

)

select
    origins.from_entity || ' ' || origins.from_key || ' ' || origins.order_key as stated_origin_key,
    origins.from_key,
    origins.order_key,
    origins.from_entity,
    origins.link_method,
    thread_rules.confidence as link_confidence
from origins
inner join thread_rules on origins.link_method = thread_rules.link_method
-- The surest way counts where several say the same.
qualify
    row_number() over (
        partition by origins.from_entity, origins.from_key, origins.order_key
        order by thread_rules.place
    ) = 1
