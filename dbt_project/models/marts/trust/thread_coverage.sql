{#- Which documents should have gone on to the next step, and which should have come from the one before. -#}
{%- set populations = [
    ('leads', 'deals', 'earlier', 'documents.should_lead_on'),
    ('leads', 'deals', 'later', 'documents.should_come_from'),
    ('deals', 'quotes', 'earlier', 'documents.should_lead_on'),
    ('deals', 'quotes', 'later', 'documents.should_come_from'),
    ('quotes', 'orders', 'earlier', 'documents.should_lead_on'),
    ('deals', 'orders', 'earlier', 'documents.should_lead_on'),
    ('deals', 'orders', 'later', 'documents.should_come_from'),
    ('orders', 'shipments', 'earlier', 'documents.should_lead_on and documents.has_goods'),
    ('orders', 'shipments', 'later', 'documents.should_come_from'),
    ('orders', 'invoices', 'earlier', 'documents.should_lead_on'),
    ('orders', 'invoices', 'later', 'documents.should_come_from'),
    ('invoices', 'payments', 'earlier', 'documents.should_lead_on'),
    ('invoices', 'payments', 'later', 'documents.should_come_from'),
] -%}
with

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

thread as (

    select * from {{ ref('thread') }}

),

fed as (

    select
        source,
        entity
    from {{ ref('coverage') }}
    where is_fed

),

goods as (

    select distinct order_key
    from {{ ref('order_lines') }}
    where coalesce(kind, 'goods') = 'goods'

),

dated as (

    select
        'leads' as entity,
        lead_key as document_key,
        source,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as decimal(18, 2)) as document_amount,
        converted_at is not null or deal_key is not null as should_lead_on,
        true as should_come_from,
        cast(null as date) as priced_date
    from {{ ref('leads') }}
    union all
    select
        'deals' as entity,
        deal_key as document_key,
        source,
        currency_code,
        amount as document_amount,
        status = 'won' and excluded_reason is null as should_lead_on,
        excluded_reason is null as should_come_from,
        coalesce({{ local_date('closed_at') }}, {{ as_of() }}) as priced_date
    from {{ ref('deals') }}
    union all
    -- Salesforce keeps no time of acceptance, only the status.
    select
        'quotes' as entity,
        quote_key as document_key,
        source,
        currency_code,
        net_amount as document_amount,
        accepted_at is not null or lower(coalesce(status, '')) = 'accepted' as should_lead_on,
        true as should_come_from,
        {{ local_date('created_at') }} as priced_date
    from {{ ref('quotes') }}
    union all
    select
        'payments' as entity,
        payment_key as document_key,
        source,
        currency_code,
        amount as document_amount,
        false as should_lead_on,
        amount > 0 as should_come_from,
        paid_date as priced_date
    from {{ ref('payments') }}

),

documents as (

    select
        dated.entity,
        dated.document_key,
        dated.source,
        dated.document_amount * reporting_rates.exchange_rate as amount,
        dated.should_lead_on,
        dated.should_come_from,
        false as has_goods
    from dated
    left join reporting_rates
        on dated.currency_code = reporting_rates.currency_code and dated.priced_date = reporting_rates.priced_date
    union all
    select
        'orders' as entity,
        orders.order_key as document_key,
        orders.source,
        orders.order_amount as amount,
        not orders.is_cancelled as should_lead_on,
        not orders.is_cancelled as should_come_from,
        goods.order_key is not null as has_goods
    from {{ ref('order_cycle_time') }} as orders
    left join goods on orders.order_key = goods.order_key
    union all
    select
        'shipments' as entity,
        shipment_key as document_key,
        source,
        cast(null as decimal(18, 4)) as amount,
        true as should_lead_on,
        true as should_come_from,
        true as has_goods
    from {{ ref('shipments') }}
    union all
    select
        'invoices' as entity,
        invoice_key as document_key,
        source,
        net_reporting_amount as amount,
        invoice_kind = 'invoice' and gross_amount > 0 as should_lead_on,
        invoice_kind = 'invoice' as should_come_from,
        false as has_goods
    from {{ ref('invoice_values') }}

),

-- What one system writes down within itself it must itself feed; from the CRM to the ERP any pair of systems will do.
steps as (
    {% for from_entity, to_entity, side, condition in populations %}
        {%- set counted, other = (from_entity, to_entity) if side == 'earlier' else (to_entity, from_entity) %}
        select
            counted.source,
            '{{ from_entity }}' as from_entity,
            '{{ to_entity }}' as to_entity,
            '{{ side }}' as side,
            '{{ counted }}' as entity
        from fed as counted
        where
            counted.entity = '{{ counted }}'
            and exists (
                select 1
                from fed as other
                where
                    other.entity = '{{ 'payment_allocations' if to_entity == 'payments' else other }}'
                    {% if not (from_entity in ('deals', 'quotes') and to_entity == 'orders') -%}
                        and counted.source = other.source
                    {%- endif %}
            )
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

expected as (
    {% for from_entity, to_entity, side, condition in populations %}
        select
            documents.document_key,
            documents.source,
            documents.amount,
            '{{ from_entity }}' as from_entity,
            '{{ to_entity }}' as to_entity,
            '{{ side }}' as side
        from documents
        where documents.entity = '{{ from_entity if side == 'earlier' else to_entity }}' and {{ condition }}
        {{ "union all" if not loop.last }}
    {%- endfor %}

),

-- A quote leads on through its deal too, and money paid on an order is not without a document.
links as (

    select
        from_entity,
        to_entity,
        'earlier' as side,
        from_key as document_key,
        is_guessed
    from thread
    union all
    select
        'quotes' as from_entity,
        deal_orders.to_entity,
        'earlier' as side,
        deal_quotes.to_key as document_key,
        deal_orders.is_guessed
    from thread as deal_orders
    inner join thread as deal_quotes
        on
            deal_quotes.to_entity = 'quotes'
            and deal_orders.from_entity = deal_quotes.from_entity
            and deal_orders.from_key = deal_quotes.from_key
    where deal_orders.from_entity = 'deals' and deal_orders.to_entity = 'orders'
    union all
    select
        case when to_entity = 'payments' then 'invoices' else from_entity end as from_entity,
        to_entity,
        'later' as side,
        to_key as document_key,
        is_guessed
    from thread

),

linked as (

    select
        from_entity,
        to_entity,
        side,
        document_key,
        max(case when is_guessed then 0 else 1 end) as is_stated
    from links
    group by 1, 2, 3, 4

),

counted as (

    select
        steps.source,
        steps.from_entity,
        steps.to_entity,
        steps.side,
        steps.entity,
        count(expected.document_key) as documents_counted,
        count(linked.document_key) as linked_counted,
        count(case when linked.is_stated = 1 then 1 end) as stated_counted,
        count(case when linked.is_stated = 0 then 1 end) as guessed_counted,
        count(expected.document_key) - count(expected.amount) as without_amount_counted,
        coalesce(sum(expected.amount), 0) as amount,
        coalesce(sum(case when linked.document_key is not null then expected.amount end), 0) as linked_amount,
        coalesce(sum(case when linked.is_stated = 0 then expected.amount end), 0) as guessed_amount
    from steps
    left join expected
        on
            steps.source = expected.source
            and steps.from_entity = expected.from_entity
            and steps.to_entity = expected.to_entity
            and steps.side = expected.side
    left join linked
        on
            expected.from_entity = linked.from_entity
            and expected.to_entity = linked.to_entity
            and expected.side = linked.side
            and expected.document_key = linked.document_key
    group by 1, 2, 3, 4, 5

),

-- Leads and shipments have no amount: their sums are empty, not nothing.
valued as (

    select
        *,
        cast(case when entity not in ('leads', 'shipments') then amount end as decimal(18, 2)) as known_amount,
        cast(case when entity not in ('leads', 'shipments') then linked_amount end as decimal(18, 2))
            as known_linked_amount,
        cast(case when entity not in ('leads', 'shipments') then guessed_amount end as decimal(18, 2))
            as known_guessed_amount
    from counted

)

select
    source || ':' || from_entity || ':' || to_entity || ':' || side as thread_coverage_key,
    source,
    from_entity || '_to_' || to_entity as step,
    side,
    entity,
    from_entity,
    to_entity,
    {{ reporting_currency() }} as reporting_currency_code,
    documents_counted,
    linked_counted,
    stated_counted,
    guessed_counted,
    documents_counted - linked_counted as orphans_counted,
    without_amount_counted,
    known_amount as amount,
    known_linked_amount as linked_amount,
    known_guessed_amount as guessed_amount,
    cast(known_amount - known_linked_amount as decimal(18, 2)) as orphan_amount
from valued
