with

invoices as (

    select * from {{ ref('invoices') }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}

),

document_origins as (

    select * from {{ ref('document_origins') }}

),

cancelled as (

    {{ cancelled_documents() }}

),

lines as (

    select
        invoice_key,
        sum(net_amount) as net_amount,
        count(*) as lines_counted
    from invoice_lines
    group by 1

),

standing as (

    select
        invoices.*,
        coalesce(lines.lines_counted, 0) as lines_counted,
        coalesce(lines.net_amount, invoices.net_amount, 0) as worth,
        coalesce(invoices.gross_amount, lines.net_amount, invoices.net_amount, 0) as worth_with_tax
    from invoices
    left join lines on invoices.invoice_key = lines.invoice_key
    left join cancelled on invoices.invoice_key = cancelled.invoice_key
    where cancelled.invoice_key is null

),

-- The rate the ERP booked is the rate that counts; where it leads to a third currency, the day's rate does the rest.
-- A table whose rates count on the day after (NBP) counts from the tax point, which may lie before the document.
rated as (

    select
        standing.*,
        case
            when standing.currency_code = {{ reporting_currency() }} then 'same'
            when booked.exchange_rate is not null then 'booked'
            when of_the_day.is_of_day_before then coalesce(of_tax_point.exchange_rate_source, 'none')
            else coalesce(of_the_day.exchange_rate_source, 'none')
        end as rate_source,
        case
            when standing.currency_code = {{ reporting_currency() }} then cast(1 as decimal(28, 14))
            when booked.exchange_rate_source = 'same' then standing.booked_rate
            when booked.exchange_rate is not null
                then
                    cast(
                        cast(standing.booked_rate as double) * cast(booked.exchange_rate as double) as decimal(28, 14)
                    )
            when of_the_day.is_of_day_before then of_tax_point.exchange_rate
            else of_the_day.exchange_rate
        end as rate,
        case
            when standing.currency_code = {{ reporting_currency() }} or booked.exchange_rate is not null
                then standing.issued_date
            when of_the_day.is_of_day_before then of_tax_point.exchange_rate_date
            else of_the_day.exchange_rate_date
        end as rate_date
    from standing
    left join reporting_rates as booked
        on
            standing.booked_rate is not null
            and standing.booked_rate_currency_code = booked.currency_code
            and standing.issued_date = booked.priced_date
    left join reporting_rates as of_the_day
        on
            standing.currency_code = of_the_day.currency_code
            and standing.issued_date = of_the_day.priced_date
    left join reporting_rates as of_tax_point
        on
            standing.currency_code = of_tax_point.currency_code
            and {{ tax_point('standing.sale_date', 'standing.issued_date') }} = of_tax_point.priced_date

),

-- A correction is worth what the original was worth: it keeps the original's rate unless the ERP booked its own. The
-- original of a correction's correction is the document at the beginning, unless the ERP booked a rate on the way.
corrected as (

    select
        rated.*,
        coalesce(named.order_key, origin.order_key) as original_order_key,
        origin.kind as original_kind,
        case
            when rated.rate_source in ('same', 'booked') then 'own'
            when named.rate_source = 'booked' and named.currency_code = rated.currency_code then 'named'
            when origin.currency_code = rated.currency_code then 'origin'
            when named.currency_code = rated.currency_code then 'named'
            else 'own'
        end as rate_of,
        named.rate_source as named_rate_source,
        named.rate as named_rate,
        named.rate_date as named_rate_date,
        origin.rate_source as original_rate_source,
        origin.rate as original_rate,
        origin.rate_date as original_rate_date
    from rated
    left join rated as named on rated.corrects_invoice_key = named.invoice_key
    left join document_origins on rated.invoice_key = document_origins.invoice_key
    left join rated as origin on document_origins.origin_key = origin.invoice_key

),

settled_rates as (

    select
        *,
        case rate_of when 'own' then rate_source when 'named' then named_rate_source else original_rate_source end
            as exchange_rate_source,
        case rate_of when 'own' then rate when 'named' then named_rate else original_rate end
            as exchange_rate,
        case rate_of when 'own' then rate_date when 'named' then named_rate_date else original_rate_date end
            as exchange_rate_date
    from corrected

)

select
    invoice_key,
    account_key,
    coalesce(order_key, original_order_key) as order_key,
    corrects_invoice_key,
    settles_invoice_key,
    source,
    source_url,
    invoice_number,
    kind as invoice_kind,
    currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    coalesce(exchange_rate_source, 'none') as exchange_rate_source,
    cast(worth as decimal(18, 4)) as net_amount,
    cast(worth_with_tax as decimal(18, 2)) as gross_amount,
    cast(worth * exchange_rate as decimal(18, 4)) as net_reporting_amount,
    exchange_rate,
    cast(
        case when worth_with_tax = 0 then 1 else cast(worth as double) / cast(worth_with_tax as double) end
        as decimal(28, 12)
    ) as net_share,
    lines_counted,
    kind <> 'prepayment'
    and not (kind in ('credit_note', 'correction') and coalesce(original_kind, '') = 'prepayment') as is_revenue,
    exchange_rate is null as is_rate_missing,
    coalesce(is_disputed, false) as is_disputed,
    issued_date,
    due_date,
    exchange_rate_date
from settled_rates
