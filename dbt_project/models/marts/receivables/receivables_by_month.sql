{%- set bases = ['gross', 'net'] -%}
{%- set buckets = ageing_buckets() -%}
{%- set closings = buckets + ['open_credit', 'unapplied_cash', 'disputed', 'disputed_overdue'] -%}
{%- set flows = ['sales', 'credited', 'prepaid', 'settled', 'written_off', 'discounted', 'other'] -%}
with

receivable_balances as (

    select
        *,
        open_reporting_amount as open_gross_amount
    from {{ ref('receivable_balances') }}
    where kind <> 'cancelled'

),

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where issued_date <= {{ as_of() }}

),

settlements as (

    select * from {{ ref('settlements') }}

),

payments as (

    select * from {{ ref('payments') }}

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

settling_sources as (

    {{ sources_feeding('payment_allocations') }}

),

months_back as ({{ dbt.generate_series(600) }}),

every_month as (

    select
        cast({{ dbt.dateadd('month', '1 - cast(generated_number as integer)', month_of(as_of())) }} as date) as month
    from months_back

),

-- Balances stand at the month's last day, and at the day of the refresh in the month that runs.
months as (

    select
        month,
        least({{ dbt.last_day('month', 'month') }}, {{ as_of() }}) as balance_date,
        {{ dbt.last_day('month', 'month') }} as last_date
    from every_month
    where month >= (select {{ month_of('min(valid_from)') }} from receivable_balances)

),

aged as (

    select
        receivable_balances.*,
        months.month,
        {{ ageing_bucket(days_overdue_on(
            'months.balance_date', 'receivable_balances.open_amount', 'receivable_balances.due_date'
        )) }} as bucket
    from receivable_balances
    inner join months
        on
            receivable_balances.valid_from <= months.balance_date
            and (receivable_balances.valid_to is null or receivable_balances.valid_to > months.balance_date)

),

closing as (

    select
        customer_key,
        month,
        {%- for basis in bases %}
            sum(open_{{ basis }}_amount) as closing_{{ basis }},
            {%- for bucket in buckets %}
                sum(
                    case
                        when kind <> 'unapplied_cash' and open_amount > 0 and bucket = '{{ bucket }}'
                            then open_{{ basis }}_amount
                        else 0
                    end
                ) as {{ bucket }}_{{ basis }},
            {%- endfor %}
            sum(case when kind <> 'unapplied_cash' and open_amount < 0 then open_{{ basis }}_amount else 0 end)
                as open_credit_{{ basis }},
            sum(case when kind = 'unapplied_cash' then open_{{ basis }}_amount else 0 end)
                as unapplied_cash_{{ basis }},
            sum(case when is_disputed and open_amount > 0 then open_{{ basis }}_amount else 0 end)
                as disputed_{{ basis }},
            sum(
                case
                    when is_disputed and open_amount > 0 and bucket <> 'not_due' then open_{{ basis }}_amount
                    else 0
                end
            ) as disputed_overdue_{{ basis }},
        {%- endfor %}
        count(case when open_reporting_amount is null then 1 end) as documents_without_rate
    from aged
    group by customer_key, month

),

documents as (

    select
        invoice_values.account_key,
        case when not invoice_values.is_revenue then 'prepayment' else invoice_values.invoice_kind end as invoice_kind,
        cast(invoice_values.gross_amount * invoice_values.exchange_rate as decimal(18, 2)) as gross_amount,
        invoice_values.net_reporting_amount as net_amount,
        {{ month_of('invoice_values.issued_date') }} as month
    from invoice_values
    inner join settling_sources on invoice_values.source = settling_sources.source

),

issued as (

    select
        account_key,
        {%- for basis in bases %}
            sum(case when invoice_kind = 'invoice' then {{ basis }}_amount end) as sales_{{ basis }},
            sum(case when invoice_kind in ('credit_note', 'correction') then {{ basis }}_amount end)
                as credited_{{ basis }},
            sum(case when invoice_kind = 'prepayment' then {{ basis }}_amount end) as prepaid_{{ basis }},
        {%- endfor %}
        month
    from documents
    group by account_key, month

),

-- Money counts at the rate of the day it came, the document at its own: the difference is exchange.
settled_amounts as (

    select
        invoice_values.account_key,
        settlements.kind,
        {{ month_of('greatest(settlements.settled_date, invoice_values.issued_date)') }} as month,
        cast(settlements.amount * invoice_values.exchange_rate as decimal(18, 4)) as settled_amount,
        case
            when settlements.kind <> 'payment' then 0
            when payments.currency_code = invoice_values.currency_code
                then cast(settlements.amount * reporting_rates.exchange_rate as decimal(18, 4))
            else cast(settlements.amount * invoice_values.exchange_rate as decimal(18, 4))
        end as paid_amount,
        invoice_values.net_share
    from settlements
    inner join invoice_values on settlements.invoice_key = invoice_values.invoice_key
    inner join settling_sources on invoice_values.source = settling_sources.source
    left join payments on settlements.payment_key = payments.payment_key
    left join reporting_rates
        on
            payments.currency_code = reporting_rates.currency_code
            and payments.paid_date = reporting_rates.priced_date

),

settled as (

    select
        account_key,
        {%- for basis in bases %}
            {%- set share = ' * net_share' if basis == 'net' else '' %}
            sum(paid_amount{{ share }}) as settled_{{ basis }},
            sum(case when kind = 'write_off' then settled_amount{{ share }} end) as written_off_{{ basis }},
            sum(case when kind = 'discount' then settled_amount{{ share }} end) as discounted_{{ basis }},
            sum(case when kind = 'advance' then settled_amount{{ share }} end) as advanced_{{ basis }},
            sum(
                case
                    when kind = 'payment' then (settled_amount - paid_amount){{ share }}
                    when kind not in ('write_off', 'discount', 'advance') then settled_amount{{ share }}
                end
            ) as other_{{ basis }},
        {%- endfor %}
        month
    from settled_amounts
    group by account_key, month

),

-- What is closing in one month is opening in the next.
everything as (

    select
        customer_key,
        month,
        {%- for basis in bases %}
            0 as opening_{{ basis }},
            closing_{{ basis }},
            {%- for name in closings %}
                {{ name }}_{{ basis }},
            {%- endfor %}
            0 as unapplied_before_{{ basis }},
            {%- for name in flows %}
                0 as {{ name }}_{{ basis }},
            {%- endfor %}
        {%- endfor %}
        documents_without_rate
    from closing
    union all
    select
        closing.customer_key,
        months.month,
        {%- for basis in bases %}
            closing.closing_{{ basis }} as opening_{{ basis }},
            0 as closing_{{ basis }},
            {%- for name in closings %}
                0 as {{ name }}_{{ basis }},
            {%- endfor %}
            closing.unapplied_cash_{{ basis }} as unapplied_before_{{ basis }},
            {%- for name in flows %}
                0 as {{ name }}_{{ basis }},
            {%- endfor %}
        {%- endfor %}
        0 as documents_without_rate
    from closing
    inner join months
        on months.month = cast({{ dbt.dateadd('month', 1, 'closing.month') }} as date)
    union all
    select
        coalesce(account_matches.customer_key, 'unknown') as customer_key,
        issued.month,
        {%- for basis in bases %}
            0 as opening_{{ basis }},
            0 as closing_{{ basis }},
            {%- for name in closings %}
                0 as {{ name }}_{{ basis }},
            {%- endfor %}
            0 as unapplied_before_{{ basis }},
            coalesce(issued.sales_{{ basis }}, 0) as sales_{{ basis }},
            coalesce(issued.credited_{{ basis }}, 0) as credited_{{ basis }},
            coalesce(issued.prepaid_{{ basis }}, 0) as prepaid_{{ basis }},
            0 as settled_{{ basis }},
            0 as written_off_{{ basis }},
            0 as discounted_{{ basis }},
            0 as other_{{ basis }},
        {%- endfor %}
        0 as documents_without_rate
    from issued
    left join account_matches on issued.account_key = account_matches.account_key
    union all
    select
        coalesce(account_matches.customer_key, 'unknown') as customer_key,
        settled.month,
        {%- for basis in bases %}
            0 as opening_{{ basis }},
            0 as closing_{{ basis }},
            {%- for name in closings %}
                0 as {{ name }}_{{ basis }},
            {%- endfor %}
            0 as unapplied_before_{{ basis }},
            0 as sales_{{ basis }},
            0 as credited_{{ basis }},
            -coalesce(settled.advanced_{{ basis }}, 0) as prepaid_{{ basis }},
            coalesce(settled.settled_{{ basis }}, 0) as settled_{{ basis }},
            coalesce(settled.written_off_{{ basis }}, 0) as written_off_{{ basis }},
            coalesce(settled.discounted_{{ basis }}, 0) as discounted_{{ basis }},
            coalesce(settled.other_{{ basis }}, 0) as other_{{ basis }},
        {%- endfor %}
        0 as documents_without_rate
    from settled
    left join account_matches on settled.account_key = account_matches.account_key

),

summed as (

    select
        customer_key,
        month,
        {%- for basis in bases %}
            {%- for name in ['opening', 'closing', 'unapplied_before'] + closings + flows %}
                coalesce(sum({{ name }}_{{ basis }}), 0) as {{ name }}_{{ basis }},
            {%- endfor %}
        {%- endfor %}
        sum(documents_without_rate) as documents_without_rate
    from everything
    group by customer_key, month

),

-- Credit of a customer covers what is longest overdue first, as a payment would.
netted as (

    select
        {%- for basis in bases %}
            not_due_{{ basis }} + least(
                {%- for bucket in buckets if bucket != 'not_due' %}
                    {{ bucket }}_{{ basis }} +
                {%- endfor %}
                open_credit_{{ basis }} + unapplied_cash_{{ basis }},
                0
            ) as current_{{ basis }},
            settled_{{ basis }} - (unapplied_cash_{{ basis }} - unapplied_before_{{ basis }})
                as collected_{{ basis }},
        {%- endfor %}
        *
    from summed

)

select
    netted.customer_key || ':' || cast(netted.month as {{ dbt.type_string() }}) as receivables_by_month_key,
    netted.customer_key,
    coalesce(customers.name, 'unknown') as customer_name,
    {{ reporting_currency() }} as reporting_currency_code,
    {%- for basis in bases %}
        {%- set decimals = 2 if basis == 'gross' else 4 %}
        {%- for name in [
            'opening', 'sales', 'credited', 'prepaid', 'collected', 'written_off', 'discounted', 'other', 'closing',
        ] + closings + ['current'] %}
            cast(netted.{{ name }}_{{ basis }} as decimal(18, {{ decimals }})) as {{ name }}_{{ basis }}_amount,
        {%- endfor %}
    {%- endfor %}
    cast(netted.documents_without_rate as bigint) as documents_without_rate,
    months.last_date <= {{ as_of() }} as is_month_over,
    {{ days_between('months.last_date', as_of()) }} >= {{ figure_limit('month_close_days') }} as is_closed,
    netted.month,
    months.balance_date
from netted
inner join months on netted.month = months.month
left join customers on netted.customer_key = customers.customer_key
