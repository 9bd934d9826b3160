with

leads as (

    select * from {{ ref('leads') }}

),

deals as (

    select * from {{ ref('deals') }}

),

quotes as (

    select * from {{ ref('quotes') }}

),

thread as (

    select * from {{ ref('thread') }}

),

document_shares as (

    select * from {{ ref('document_shares') }}

),

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where issued_date <= {{ as_of() }}

),

receivables as (

    select * from {{ ref('receivables') }}

),

settlements as (

    select * from {{ ref('settlements') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

people as (

    select * from {{ ref('people') }}

),

returned_values as (

    select * from {{ ref('returned_values') }}

),

-- What a reason for losing says of the deal: that nobody won it, or that it never was one.
lost_reasons as (

    select * from {{ ref('lost_reasons') }}

),

-- A step that no system feeds is unknown, not zero.
steps as (

    select
        max(case when entity = 'deals' and is_fed then 1 else 0 end) = 1 as is_deal_known,
        max(case when entity = 'orders' and is_fed then 1 else 0 end) = 1 as is_order_known,
        max(case when entity = 'shipment_lines' and is_fed then 1 else 0 end) = 1 as is_shipment_known,
        max(case when entity = 'invoices' and is_fed then 1 else 0 end) = 1 as is_invoice_known,
        max(case when entity = 'payment_allocations' and is_fed then 1 else 0 end) = 1 as is_payment_known
    from {{ ref('coverage') }}

),

-- A document of a source that feeds no payments is not unpaid.
payment_sources as (

    select
        source,
        max(case when is_fed then 1 else 0 end) as is_payment_known
    from {{ ref('coverage') }}
    where entity = 'payment_allocations'
    group by 1

),

deal_leads as (

    select
        deal_key,
        lead_key
    from deals
    where lead_key is not null
    union distinct
    select
        leads.deal_key,
        leads.lead_key
    from leads
    inner join deals on leads.deal_key = deals.deal_key

),

-- The lead that came first began the deal.
first_leads as (

    select
        deal_leads.deal_key,
        leads.lead_key,
        leads.channel,
        {{ local_date('leads.created_at') }} as lead_created_date,
        row_number() over (partition by deal_leads.deal_key order by leads.created_at, leads.lead_key) as place
    from deal_leads
    inner join leads on deal_leads.lead_key = leads.lead_key

),

anchors as (

    select
        'deal:' || deals.deal_key as anchor_key,
        'deal' as anchor_kind,
        deals.deal_key,
        first_leads.lead_key,
        cast(null as {{ dbt.type_string() }}) as order_key,
        cast(null as {{ dbt.type_string() }}) as invoice_key,
        deals.name as anchor_name,
        deals.account_key,
        deals.owner_key,
        coalesce(deals.channel, first_leads.channel) as channel,
        deals.pipeline,
        deals.stage,
        deals.status,
        case
            when deals.excluded_reason is not null or lost_reasons.outcome = 'excluded' then 'excluded'
            when lost_reasons.outcome = 'derailed' then 'derailed'
            else deals.status
        end as outcome,
        deals.lost_reason,
        coalesce(deals.excluded_reason, case when lost_reasons.outcome = 'excluded' then lost_reasons.kind end)
            as excluded_reason,
        deals.currency_code,
        deals.source_url,
        deals.amount as document_amount,
        case when deals.status = 'open' then deals.probability end as probability,
        deals.excluded_reason is not null or coalesce(lost_reasons.outcome = 'excluded', false) as is_excluded,
        first_leads.lead_created_date,
        {{ local_date('deals.created_at') }} as deal_created_date,
        deals.expected_close_date,
        case when deals.status <> 'open' then {{ local_date('deals.closed_at') }} end as closed_date,
        coalesce({{ local_date('deals.closed_at') }}, {{ as_of() }}) as priced_date
    from deals
    left join first_leads on deals.deal_key = first_leads.deal_key and first_leads.place = 1
    left join lost_reasons
        on deals.status = 'lost' and lower(trim(deals.lost_reason)) = lost_reasons.word
    union all
    select
        'lead:' || leads.lead_key as anchor_key,
        'lead' as anchor_kind,
        cast(null as {{ dbt.type_string() }}) as deal_key,
        leads.lead_key,
        cast(null as {{ dbt.type_string() }}) as order_key,
        cast(null as {{ dbt.type_string() }}) as invoice_key,
        leads.company_name as anchor_name,
        leads.account_key,
        leads.owner_key,
        leads.channel,
        cast(null as {{ dbt.type_string() }}) as pipeline,
        leads.status as stage,
        case
            when leads.disqualified_at is not null then 'disqualified'
            else coalesce(leads.status, 'open')
        end as status,
        cast(null as {{ dbt.type_string() }}) as outcome,
        cast(null as {{ dbt.type_string() }}) as lost_reason,
        cast(null as {{ dbt.type_string() }}) as excluded_reason,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        leads.source_url,
        cast(null as decimal(18, 2)) as document_amount,
        cast(null as decimal(9, 6)) as probability,
        false as is_excluded,
        {{ local_date('leads.created_at') }} as lead_created_date,
        cast(null as date) as deal_created_date,
        cast(null as date) as expected_close_date,
        {{ local_date('leads.disqualified_at') }} as closed_date,
        cast(null as date) as priced_date
    from leads
    left join deal_leads on leads.lead_key = deal_leads.lead_key
    where deal_leads.lead_key is null
    union all
    select
        'order:' || order_cycle_time.order_key as anchor_key,
        'order' as anchor_kind,
        cast(null as {{ dbt.type_string() }}) as deal_key,
        cast(null as {{ dbt.type_string() }}) as lead_key,
        order_cycle_time.order_key,
        cast(null as {{ dbt.type_string() }}) as invoice_key,
        order_cycle_time.order_number,
        order_cycle_time.account_key,
        order_cycle_time.owner_key,
        order_cycle_time.channel,
        cast(null as {{ dbt.type_string() }}) as pipeline,
        order_cycle_time.current_stage,
        cast(null as {{ dbt.type_string() }}) as status,
        cast(null as {{ dbt.type_string() }}) as outcome,
        cast(null as {{ dbt.type_string() }}) as lost_reason,
        cast(null as {{ dbt.type_string() }}) as excluded_reason,
        order_cycle_time.currency_code,
        order_cycle_time.source_url,
        cast(null as decimal(18, 2)) as document_amount,
        cast(null as decimal(9, 6)) as probability,
        false as is_excluded,
        cast(null as date) as lead_created_date,
        cast(null as date) as deal_created_date,
        cast(null as date) as expected_close_date,
        cast(null as date) as closed_date,
        cast(null as date) as priced_date
    from document_shares
    inner join order_cycle_time on document_shares.to_key = order_cycle_time.order_key
    where document_shares.to_entity = 'orders' and document_shares.from_key is null
    union all
    select distinct
        'invoice:' || first_documents.invoice_key as anchor_key,
        'invoice' as anchor_kind,
        cast(null as {{ dbt.type_string() }}) as deal_key,
        cast(null as {{ dbt.type_string() }}) as lead_key,
        cast(null as {{ dbt.type_string() }}) as order_key,
        first_documents.invoice_key,
        first_documents.invoice_number,
        first_documents.account_key,
        cast(null as {{ dbt.type_string() }}) as owner_key,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as pipeline,
        cast(null as {{ dbt.type_string() }}) as stage,
        cast(null as {{ dbt.type_string() }}) as status,
        cast(null as {{ dbt.type_string() }}) as outcome,
        cast(null as {{ dbt.type_string() }}) as lost_reason,
        cast(null as {{ dbt.type_string() }}) as excluded_reason,
        first_documents.currency_code,
        first_documents.source_url,
        cast(null as decimal(18, 2)) as document_amount,
        cast(null as decimal(9, 6)) as probability,
        false as is_excluded,
        cast(null as date) as lead_created_date,
        cast(null as date) as deal_created_date,
        cast(null as date) as expected_close_date,
        cast(null as date) as closed_date,
        cast(null as date) as priced_date
    from document_shares
    inner join invoice_values on document_shares.to_key = invoice_values.invoice_key
    inner join invoice_values as first_documents
        on coalesce(invoice_values.corrects_invoice_key, invoice_values.invoice_key) = first_documents.invoice_key
    where document_shares.to_entity = 'invoices' and document_shares.from_key is null

),

anchor_orders as (

    select
        case
            when document_shares.from_key is null then 'order:' || document_shares.to_key
            else 'deal:' || document_shares.from_key
        end as anchor_key,
        document_shares.to_key as order_key,
        document_shares.share
    from document_shares
    where document_shares.to_entity = 'orders'

),

anchor_invoices as (

    select
        anchor_orders.anchor_key,
        document_shares.to_key as invoice_key,
        cast(sum(anchor_orders.share * document_shares.share) as decimal(28, 12)) as share
    from anchor_orders
    inner join document_shares
        on document_shares.to_entity = 'invoices' and anchor_orders.order_key = document_shares.from_key
    group by 1, 2
    union all
    select
        'invoice:' || coalesce(invoice_values.corrects_invoice_key, invoice_values.invoice_key) as anchor_key,
        invoice_values.invoice_key,
        document_shares.share
    from document_shares
    inner join invoice_values on document_shares.to_key = invoice_values.invoice_key
    where document_shares.to_entity = 'invoices' and document_shares.from_key is null

),

-- A draft belongs to its deal, but nothing is ordered by it yet.
placed_orders as (

    select
        *,
        case when coalesce(status, '') <> 'draft' then order_amount end as placed_amount,
        case when coalesce(status, '') <> 'draft' then cancelled_amount end as called_off_amount,
        case when coalesce(status, '') <> 'draft' then ordered_date end as placed_date
    from order_cycle_time

),

ordered as (

    select
        anchor_orders.anchor_key,
        sum(anchor_orders.share * placed_orders.placed_amount) as ordered_amount,
        sum(anchor_orders.share * placed_orders.called_off_amount) as cancelled_amount,
        sum(anchor_orders.share * placed_orders.undelivered_amount) as undelivered_amount,
        count(*) as orders_counted,
        count(case when coalesce(placed_orders.status, '') <> 'draft' then 1 end) as placed_orders_counted,
        min(placed_orders.placed_date) as first_ordered_date,
        min(placed_orders.first_shipped_date) as first_shipped_date,
        max(case when placed_orders.is_open then 1 else 0 end) as has_open_orders
    from anchor_orders
    inner join placed_orders on anchor_orders.order_key = placed_orders.order_key
    group by 1

),

invoiced as (

    select
        anchor_invoices.anchor_key,
        sum(
            case
                when invoice_values.invoice_kind = 'invoice'
                    then anchor_invoices.share * invoice_values.net_reporting_amount
            end
        ) as invoiced_amount,
        sum(
            case
                when invoice_values.is_revenue and invoice_values.invoice_kind in ('credit_note', 'correction')
                    then anchor_invoices.share * invoice_values.net_reporting_amount
            end
        ) as credited_amount,
        sum(
            case
                when invoice_values.is_revenue and invoice_values.invoice_kind in ('credit_note', 'correction')
                    then anchor_invoices.share * returned_values.returned_reporting_amount
            end
        ) as returned_amount,
        sum(
            case
                when invoice_values.invoice_kind = 'prepayment'
                    then anchor_invoices.share * invoice_values.net_reporting_amount
            end
        ) as prepayment_amount,
        min(payment_sources.is_payment_known) = 1 as is_payment_known,
        sum(anchor_invoices.share * receivables.open_net_amount) as open_amount,
        sum(case when receivables.days_overdue > 0 then anchor_invoices.share * receivables.open_net_amount end)
            as overdue_amount,
        count(case when invoice_values.invoice_kind = 'invoice' then 1 end) as invoices_counted,
        count(case when receivables.open_amount is null or receivables.open_amount <> 0 then 1 end) as documents_open,
        min(case when invoice_values.invoice_kind = 'invoice' then invoice_values.issued_date end)
            as first_invoiced_date,
        max(case when invoice_values.invoice_kind = 'invoice' then invoice_values.issued_date end)
            as last_invoiced_date
    from anchor_invoices
    inner join invoice_values on anchor_invoices.invoice_key = invoice_values.invoice_key
    left join receivables on anchor_invoices.invoice_key = receivables.invoice_key
    left join returned_values on anchor_invoices.invoice_key = returned_values.invoice_key
    left join payment_sources on invoice_values.source = payment_sources.source
    group by 1

),

-- A receivable sold to a factor is money on the day the factor paid.
paid as (

    select
        *,
        case when kind = 'factoring' then coalesce(paid_date, settled_date) else paid_date end as money_date
    from settlements

),

-- Days are numbered, so that they can be weighted.
cash_days as (

    select distinct
        money_date,
        {{ days_between("cast('2000-01-01' as date)", 'money_date') }} as day_number
    from paid
    where money_date is not null

),

settled as (

    select
        anchor_invoices.anchor_key,
        sum(
            case
                when paid.kind in ('payment', 'factoring')
                    then anchor_invoices.share * paid.net_reporting_amount
            end
        ) as collected_amount,
        sum(
            case
                when paid.kind not in ('payment', 'factoring', 'credit', 'advance')
                    then anchor_invoices.share * paid.net_reporting_amount
            end
        ) as written_off_amount,
        sum(case when paid.kind = 'advance' then anchor_invoices.share * paid.net_reporting_amount end)
            as advance_amount,
        sum(case when paid.kind = 'credit' then anchor_invoices.share * paid.net_reporting_amount end)
            as set_off_amount,
        sum(anchor_invoices.share * paid.net_reporting_amount * cash_days.day_number) as amount_days,
        min(case when paid.amount > 0 then paid.money_date end)
            as first_cash_date,
        max(case when paid.amount > 0 then paid.money_date end)
            as last_cash_date,
        max(case when paid.kind = 'factoring' then 1 else 0 end) = 1 as is_factored
    from anchor_invoices
    inner join paid on anchor_invoices.invoice_key = paid.invoice_key
    left join cash_days on paid.money_date = cash_days.money_date
    group by 1

),

-- Where a deal reached its orders in several ways, the least sure one is named.
order_links as (

    select
        'deal:' || from_key as anchor_key,
        link_method,
        is_guessed,
        row_number() over (partition by from_key order by link_confidence, link_method) as place
    from thread
    where from_entity = 'deals' and to_entity = 'orders'

),

-- What was offered is what the customer accepted; until then, the newest offer.
offers as (

    select
        thread.from_key as deal_key,
        quotes.quote_key,
        quotes.currency_code,
        quotes.net_amount,
        {{ local_date('quotes.created_at') }} as created_date,
        {{ local_date('coalesce(quotes.sent_at, quotes.created_at)') }} as quoted_date,
        quotes.accepted_at is not null as is_accepted,
        max(case when quotes.accepted_at is not null then 1 else 0 end) over (partition by thread.from_key)
            as has_accepted,
        row_number() over (partition by thread.from_key order by quotes.created_at desc, quotes.quote_key asc) as place
    from thread
    inner join quotes on thread.to_key = quotes.quote_key
    where thread.from_entity = 'deals' and thread.to_entity = 'quotes'

),

quoted as (

    select
        'deal:' || offers.deal_key as anchor_key,
        sum(
            case
                when offers.is_accepted or (offers.has_accepted = 0 and offers.place = 1)
                    then offers.net_amount * reporting_rates.exchange_rate
            end
        ) as quoted_amount,
        min(offers.quoted_date) as quoted_date
    from offers
    left join reporting_rates
        on offers.currency_code = reporting_rates.currency_code and offers.created_date = reporting_rates.priced_date
    group by 1

),

followed as (

    select
        anchors.*,
        case
            when anchors.anchor_kind = 'lead' and anchors.status = 'disqualified' then 'disqualified_lead'
            when anchors.anchor_kind = 'lead' and anchors.status = 'converted' then 'converted_lead'
            when anchors.anchor_kind = 'lead' then 'open_lead'
            when anchors.anchor_kind = 'order' then 'order_without_deal'
            when anchors.anchor_kind = 'invoice' then 'invoice_without_order'
            when anchors.status = 'lost' then 'lost_deal'
            when anchors.status = 'open' then 'open_deal'
            when ordered.placed_orders_counted > 0 then 'won_ordered'
            when steps.is_order_known then 'won_not_ordered'
            else 'won_deal'
        end as bucket,
        order_links.link_method as order_link_method,
        coalesce(order_links.is_guessed, false) as is_order_link_guessed,
        anchors.document_amount * reporting_rates.exchange_rate as deal_amount,
        quoted.quoted_amount,
        case when steps.is_order_known and anchors.anchor_kind <> 'invoice' then coalesce(ordered.ordered_amount, 0) end
            as ordered_amount,
        case
            when steps.is_order_known and anchors.anchor_kind <> 'invoice' then coalesce(ordered.cancelled_amount, 0)
        end as cancelled_amount,
        case
            when steps.is_order_known and steps.is_shipment_known and anchors.anchor_kind <> 'invoice'
                then coalesce(ordered.undelivered_amount, 0)
        end as undelivered_amount,
        case when steps.is_invoice_known then coalesce(invoiced.invoiced_amount, 0) end as invoiced_amount,
        case when steps.is_invoice_known then coalesce(invoiced.returned_amount, 0) end as returned_amount,
        case when steps.is_invoice_known then coalesce(invoiced.credited_amount, 0) end as credited_amount,
        case
            when coalesce(invoiced.is_payment_known, steps.is_payment_known) then coalesce(settled.collected_amount, 0)
        end as collected_amount,
        case
            when coalesce(invoiced.is_payment_known, steps.is_payment_known)
                then coalesce(settled.written_off_amount, 0)
        end as written_off_amount,
        case
            when steps.is_invoice_known and coalesce(invoiced.is_payment_known, steps.is_payment_known)
                then coalesce(invoiced.prepayment_amount, 0) - coalesce(settled.advance_amount, 0)
        end as prepaid_amount,
        case
            when coalesce(invoiced.is_payment_known, steps.is_payment_known) then coalesce(settled.set_off_amount, 0)
        end as set_off_amount,
        case
            when invoiced.open_amount is not null then invoiced.open_amount
            when steps.is_payment_known and invoiced.anchor_key is null then 0
        end as open_amount,
        case
            when coalesce(invoiced.is_payment_known, steps.is_payment_known) then coalesce(invoiced.overdue_amount, 0)
        end as overdue_amount,
        case when steps.is_order_known then coalesce(ordered.orders_counted, 0) end as orders_counted,
        case when steps.is_order_known then coalesce(ordered.placed_orders_counted, 0) end as placed_orders_counted,
        case when steps.is_invoice_known then coalesce(invoiced.invoices_counted, 0) end as invoices_counted,
        quoted.quoted_date,
        ordered.first_ordered_date,
        ordered.first_shipped_date,
        invoiced.first_invoiced_date,
        invoiced.last_invoiced_date,
        settled.first_cash_date,
        settled.last_cash_date,
        coalesce(settled.is_factored, false) as is_factored,
        coalesce(invoiced.is_payment_known, steps.is_payment_known)
        and (ordered.placed_orders_counted > 0 or invoiced.invoices_counted > 0) as is_cash_expected,
        case
            when
                invoiced.documents_open = 0
                and coalesce(ordered.has_open_orders, 0) = 0
                and settled.collected_amount > 0
                then cast(round(settled.amount_days / settled.collected_amount) as integer)
        end as cash_day_number
    from anchors
    cross join steps
    left join reporting_rates
        on anchors.currency_code = reporting_rates.currency_code and anchors.priced_date = reporting_rates.priced_date
    left join quoted on anchors.anchor_key = quoted.anchor_key
    left join ordered on anchors.anchor_key = ordered.anchor_key
    left join order_links on anchors.anchor_key = order_links.anchor_key and order_links.place = 1
    left join invoiced on anchors.anchor_key = invoiced.anchor_key
    left join settled on anchors.anchor_key = settled.anchor_key

),

ends as (

    select
        *,
        case when status = 'won' then closed_date end as won_date,
        cast({{ dbt.dateadd('day', 'cash_day_number', "cast('2000-01-01' as date)") }} as date) as cash_date
    from followed

),

timed as (

    select
        *,
        {{ days_between('lead_created_date', 'deal_created_date') }} as days_lead_to_deal,
        {{ days_between('deal_created_date', 'won_date') }} as days_deal_to_won,
        {{ days_between('won_date', 'first_ordered_date') }} as days_won_to_order,
        {{ days_between('first_ordered_date', 'first_invoiced_date') }} as days_order_to_invoice,
        {{ days_between('first_invoiced_date', 'cash_date') }} as days_invoice_to_cash,
        {{ days_between('lead_created_date', 'cash_date') }} as days_lead_to_cash,
        {{ days_between('quoted_date', 'cash_date') }} as days_quote_to_cash,
        {{ days_between('first_ordered_date', 'cash_date') }} as days_order_to_cash,
        {{ days_between('lead_created_date', 'first_cash_date') }} as days_lead_to_first_cash,
        {{ days_between('quoted_date', 'first_cash_date') }} as days_quote_to_first_cash,
        {{ days_between('first_ordered_date', 'first_cash_date') }} as days_order_to_first_cash,
        case when cash_date is not null then {{ days_between('lead_created_date', 'last_cash_date') }} end
            as days_lead_to_last_cash,
        case when cash_date is not null then {{ days_between('quoted_date', 'last_cash_date') }} end
            as days_quote_to_last_cash,
        case when cash_date is not null then {{ days_between('first_ordered_date', 'last_cash_date') }} end
            as days_order_to_last_cash,
        coalesce(is_cash_expected and cash_date is null, false) as is_cash_awaited
    from ends

)

select
    timed.anchor_key,
    timed.anchor_kind,
    timed.bucket,
    timed.deal_key,
    timed.lead_key,
    timed.order_key,
    timed.invoice_key,
    timed.anchor_name,
    case when timed.anchor_kind = 'deal' then timed.anchor_name end as deal_name,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    coalesce(timed.owner_key, customers.owner_key) as owner_key,
    people.name as owner_name,
    timed.channel,
    customers.segment,
    timed.pipeline,
    timed.stage,
    timed.outcome,
    timed.lost_reason,
    timed.excluded_reason,
    timed.order_link_method,
    timed.currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    timed.source_url,
    cast(timed.deal_amount as decimal(18, 2)) as deal_amount,
    cast(case when timed.status = 'won' and not timed.is_excluded then timed.deal_amount end as decimal(18, 2))
        as won_amount,
    cast(case when timed.outcome = 'open' then timed.deal_amount * timed.probability end as decimal(18, 2))
        as weighted_amount,
    timed.probability,
    cast(timed.quoted_amount as decimal(18, 2)) as quoted_amount,
    cast(timed.ordered_amount as decimal(18, 2)) as ordered_amount,
    cast(timed.cancelled_amount as decimal(18, 2)) as cancelled_amount,
    cast(timed.undelivered_amount as decimal(18, 2)) as undelivered_amount,
    cast(timed.invoiced_amount as decimal(18, 2)) as invoiced_amount,
    cast(timed.credited_amount as decimal(18, 2)) as credited_amount,
    cast(timed.returned_amount as decimal(18, 2)) as returned_amount,
    cast(timed.collected_amount as decimal(18, 2)) as collected_amount,
    cast(timed.written_off_amount as decimal(18, 2)) as written_off_amount,
    cast(timed.prepaid_amount as decimal(18, 2)) as prepaid_amount,
    cast(timed.set_off_amount as decimal(18, 2)) as set_off_amount,
    cast(timed.open_amount as decimal(18, 2)) as open_amount,
    cast(timed.overdue_amount as decimal(18, 2)) as overdue_amount,
    timed.orders_counted,
    timed.placed_orders_counted,
    timed.invoices_counted,
    timed.days_lead_to_deal,
    timed.days_deal_to_won,
    timed.days_won_to_order,
    timed.days_order_to_invoice,
    timed.days_invoice_to_cash,
    timed.days_lead_to_cash,
    timed.days_quote_to_cash,
    timed.days_order_to_cash,
    timed.days_lead_to_first_cash,
    timed.days_quote_to_first_cash,
    timed.days_order_to_first_cash,
    timed.days_lead_to_last_cash,
    timed.days_quote_to_last_cash,
    timed.days_order_to_last_cash,
    coalesce(timed.anchor_kind = 'deal' and timed.status = 'won', false) as is_won,
    coalesce(timed.anchor_kind = 'deal' and timed.status in ('won', 'lost'), false) as is_closed,
    timed.is_excluded,
    coalesce(timed.outcome = 'open' and timed.expected_close_date < {{ as_of() }}, false) as is_past_close,
    timed.is_cash_awaited,
    timed.is_factored,
    timed.is_order_link_guessed,
    coalesce(
        timed.lead_created_date, timed.deal_created_date, timed.first_ordered_date, timed.first_invoiced_date
    ) as started_date,
    timed.lead_created_date,
    timed.deal_created_date,
    timed.expected_close_date,
    timed.closed_date,
    timed.quoted_date,
    timed.first_ordered_date,
    timed.first_shipped_date,
    timed.first_invoiced_date,
    timed.last_invoiced_date,
    timed.first_cash_date,
    timed.last_cash_date,
    timed.cash_date
from timed
left join account_matches on timed.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
left join people on coalesce(timed.owner_key, customers.owner_key) = people.person_key
-- Pages ask for days: in this order a reader passes over most of the file.
order by started_date -- noqa: AM06
