-- What was open on a day, whatever became of it later: `valid_from <= day and (valid_to is null or valid_to > day)`.

with

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where issued_date <= {{ as_of() }}

),

invoices as (

    select * from {{ ref('invoices') }}
    where issued_date <= {{ as_of() }}

),

invoice_instalments as (

    select * from {{ ref('invoice_instalments') }}

),

settlements as (

    select * from {{ ref('settlements') }}

),

payments as (

    select * from {{ ref('payments') }}
    where paid_date <= {{ as_of() }}

),

payment_allocations as (

    select * from {{ ref('payment_allocations') }}
    where allocated_date <= {{ as_of() }}

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

-- Where nobody tells us what was paid, nothing is known to be open.
settling_sources as (

    {{ sources_feeding('payment_allocations') }}

),

-- A ledger keeps a cancelled document until its cancellation takes it off; no figure does.
left_out as (

    select
        invoices.*,
        case
            when invoices.currency_code = {{ reporting_currency() }} then cast(1 as decimal(28, 14))
            when invoices.booked_rate_currency_code = {{ reporting_currency() }} then invoices.booked_rate
            else reporting_rates.exchange_rate
        end as exchange_rate
    from invoices
    left join invoice_values on invoices.invoice_key = invoice_values.invoice_key
    left join reporting_rates
        on
            invoices.currency_code = reporting_rates.currency_code
            and invoices.issued_date = reporting_rates.priced_date
    where invoice_values.invoice_key is null

),

documents as (

    select
        invoice_key,
        account_key,
        source,
        source_url,
        invoice_number,
        invoice_kind as kind,
        currency_code,
        gross_amount,
        exchange_rate,
        net_share,
        is_disputed,
        issued_date,
        coalesce(due_date, issued_date) as due_date
    from invoice_values
    union all
    select
        invoice_key,
        account_key,
        source,
        source_url,
        invoice_number,
        'cancelled' as kind,
        currency_code,
        coalesce(gross_amount, net_amount, 0) as gross_amount,
        exchange_rate,
        cast(coalesce(cast(net_amount as double) / nullif(cast(gross_amount as double), 0), 1) as decimal(28, 12))
            as net_share,
        coalesce(is_disputed, false) as is_disputed,
        issued_date,
        coalesce(due_date, issued_date) as due_date
    from left_out

),

account_shares as (

    select
        source,
        account_key,
        sum(net_amount) as net_amount,
        sum(gross_amount) as gross_amount
    from invoice_values
    where invoice_kind = 'invoice'
    group by 1, 2

),

source_shares as (

    select
        source,
        sum(net_amount) as net_amount,
        sum(gross_amount) as gross_amount
    from account_shares
    group by 1

),

-- Money that pays for nothing yet has the share of tax that the account's invoices have, else the source's.
cash as (

    select
        payments.*,
        reporting_rates.exchange_rate,
        cast(
            coalesce(
                cast(account_shares.net_amount as double) / nullif(cast(account_shares.gross_amount as double), 0),
                cast(source_shares.net_amount as double) / nullif(cast(source_shares.gross_amount as double), 0),
                1
            )
            as decimal(28, 12)
        ) as net_share
    from payments
    left join reporting_rates
        on
            payments.currency_code = reporting_rates.currency_code
            and payments.paid_date = reporting_rates.priced_date
    left join account_shares
        on payments.source = account_shares.source and payments.account_key = account_shares.account_key
    left join source_shares on payments.source = source_shares.source

),

entries as (

    select
        'invoice:' || documents.invoice_key as entry_key,
        documents.invoice_key,
        cast(null as {{ dbt.type_string() }}) as payment_key,
        documents.account_key,
        documents.source,
        documents.source_url,
        documents.invoice_number,
        documents.kind,
        documents.currency_code,
        documents.gross_amount,
        documents.exchange_rate,
        documents.net_share,
        documents.is_disputed,
        documents.issued_date,
        documents.due_date
    from documents
    inner join settling_sources on documents.source = settling_sources.source
    union all
    select
        'payment:' || cash.payment_key as entry_key,
        cast(null as {{ dbt.type_string() }}) as invoice_key,
        cash.payment_key,
        cash.account_key,
        cash.source,
        cash.source_url,
        cast(null as {{ dbt.type_string() }}) as invoice_number,
        'unapplied_cash' as kind,
        cash.currency_code,
        -cash.amount as gross_amount,
        cash.exchange_rate,
        cash.net_share,
        false as is_disputed,
        cash.paid_date as issued_date,
        cash.paid_date as due_date
    from cash
    inner join settling_sources on cash.source = settling_sources.source

),

-- An advance that is older than its invoice settles it on the day the invoice is there.
settled as (

    select
        settlements.invoice_key,
        settlements.payment_key,
        {{ uses_up_payment('settlements') }} as is_paid,
        settlements.amount,
        case
            when cash.currency_code <> invoice_values.currency_code
                then
                    cast(
                        settlements.amount * cast(invoice_values.exchange_rate as double)
                        / nullif(cast(cash.exchange_rate as double), 0)
                        as decimal(18, 2)
                    )
            else settlements.amount
        end as paid_amount,
        greatest(settlements.settled_date, invoice_values.issued_date) as moved_date
    from settlements
    inner join invoice_values on settlements.invoice_key = invoice_values.invoice_key
    left join cash on settlements.payment_key = cash.payment_key

),

movements as (

    select
        entry_key,
        issued_date as moved_date,
        gross_amount as amount
    from entries
    union all
    select
        'invoice:' || invoice_key as entry_key,
        moved_date,
        -amount as amount
    from settled
    union all
    select
        'payment:' || payment_key as entry_key,
        moved_date,
        paid_amount
    from settled
    where is_paid
    -- Money that was put on a cancelled document is the customer's again; only the cancellation takes the document off.
    union all
    select
        'invoice:' || left_out.invoice_key as entry_key,
        greatest(payment_allocations.allocated_date, left_out.issued_date) as moved_date,
        -payment_allocations.amount as amount
    from payment_allocations
    inner join left_out on payment_allocations.invoice_key = left_out.invoice_key
    where not {{ uses_up_payment('payment_allocations') }}

),

changes as (

    select
        entry_key,
        moved_date,
        sum(amount) as amount
    from movements
    group by 1, 2
    having sum(amount) <> 0

),

standing as (

    select
        entry_key,
        sum(amount) over (partition by entry_key order by moved_date rows unbounded preceding) as open_amount,
        moved_date as valid_from
    from changes

),

instalment_sums as (

    select
        invoice_instalments.invoice_key,
        sum(invoice_instalments.amount) as amount
    from invoice_instalments
    group by 1

),

-- What the instalments leave out of an invoice is due with the invoice.
parts as (

    select
        entries.entry_key,
        invoice_instalments.invoice_instalment_key,
        invoice_instalments.amount,
        entries.gross_amount,
        0 as is_rest,
        invoice_instalments.due_date
    from invoice_instalments
    inner join entries on invoice_instalments.invoice_key = entries.invoice_key
    where entries.gross_amount > 0
    union all
    select
        entries.entry_key,
        cast(null as {{ dbt.type_string() }}) as invoice_instalment_key,
        entries.gross_amount - instalment_sums.amount as amount,
        entries.gross_amount,
        1 as is_rest,
        entries.due_date
    from instalment_sums
    inner join entries on instalment_sums.invoice_key = entries.invoice_key
    where entries.gross_amount > instalment_sums.amount

),

laid_parts as (

    select
        entry_key,
        invoice_instalment_key,
        due_date,
        gross_amount,
        least(sum(amount) over oldest_first - amount, gross_amount) as begins,
        least(sum(amount) over oldest_first, gross_amount) as ends,
        row_number() over oldest_first as place,
        count(*) over (partition by entry_key) as parts_counted
    from parts
    window
        oldest_first as (
            partition by entry_key order by is_rest, due_date, invoice_instalment_key rows unbounded preceding
        )

),

reached as (

    select
        laid_parts.*,
        standing.valid_from,
        case
            when laid_parts.place = 1 then laid_parts.gross_amount - standing.open_amount
            else greatest(laid_parts.begins, laid_parts.gross_amount - standing.open_amount)
        end as reached_amount
    from standing
    inner join laid_parts on standing.entry_key = laid_parts.entry_key

),

-- Payments cover the oldest instalment first; what is paid too much stands on the last one.
spread as (

    select
        entry_key,
        coalesce(invoice_instalment_key, 'rest') as part_key,
        invoice_instalment_key,
        case
            when place = parts_counted then ends - reached_amount
            else ends - least(ends, reached_amount)
        end as open_amount,
        due_date,
        valid_from
    from reached

),

compared as (

    select
        *,
        lag(open_amount) over (partition by entry_key, part_key order by valid_from) as amount_before
    from spread

),

every_balance as (

    select
        standing.entry_key,
        '' as part_key,
        cast(null as {{ dbt.type_string() }}) as invoice_instalment_key,
        standing.open_amount,
        cast(null as date) as due_date,
        standing.valid_from
    from standing
    left join laid_parts on standing.entry_key = laid_parts.entry_key and laid_parts.place = 1
    where laid_parts.entry_key is null
    union all
    select
        entry_key,
        part_key,
        invoice_instalment_key,
        open_amount,
        due_date,
        valid_from
    from compared
    where amount_before is null or amount_before <> open_amount

),

ended as (

    select
        *,
        lead(valid_from) over (partition by entry_key, part_key order by valid_from) as valid_to
    from every_balance

)

select
    ended.entry_key || ':' || ended.part_key || ':' || cast(ended.valid_from as {{ dbt.type_string() }})
        as receivable_balance_key,
    entries.invoice_key,
    ended.invoice_instalment_key,
    entries.payment_key,
    coalesce(account_matches.customer_key, 'unknown') as customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    entries.account_key,
    entries.source,
    entries.source_url,
    entries.invoice_number,
    entries.kind,
    entries.currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    cast(ended.open_amount as decimal(18, 2)) as open_amount,
    cast(ended.open_amount * entries.exchange_rate as decimal(18, 2)) as open_reporting_amount,
    cast(
        cast(ended.open_amount * entries.net_share as decimal(18, 4)) * entries.exchange_rate as decimal(18, 4)
    ) as open_net_amount,
    entries.net_share,
    entries.is_disputed,
    entries.issued_date,
    coalesce(ended.due_date, entries.due_date) as due_date,
    ended.valid_from,
    ended.valid_to
from ended
inner join entries on ended.entry_key = entries.entry_key
left join account_matches on entries.account_key = account_matches.account_key
left join customers on account_matches.customer_key = customers.customer_key
where ended.open_amount <> 0
