with

receivables as (

    select * from {{ ref('receivables') }}
    where invoice_kind = 'invoice' and gross_amount > 0 and open_amount is not null

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

settlements as (

    select * from {{ ref('settlements') }}
    where kind = 'payment'

),

invoice_instalments as (

    select
        invoice_key,
        max(due_date) as last_due_date
    from {{ ref('invoice_instalments') }}
    group by 1

),

customers as (

    select * from {{ ref('customers') }}

),

paid as (

    select
        settlements.invoice_key,
        max(case when settlements.amount > 0 then settlements.paid_date end) as last_paid_date,
        sum(settlements.amount * invoice_values.exchange_rate) as paid_amount,
        sum(
            settlements.amount * invoice_values.exchange_rate
            * {{ days_between('invoice_values.issued_date', 'settlements.paid_date') }}
        ) as paid_amount_days
    from settlements
    inner join invoice_values on settlements.invoice_key = invoice_values.invoice_key
    group by 1

),

-- An invoice in instalments is paid late when it is paid after the last of them; one that credit alone settled says
-- nothing about paying.
followed as (

    select
        receivables.invoice_key,
        receivables.customer_key,
        receivables.customer_name,
        case
            when receivables.open_amount > 0 then 'open'
            when paid.last_paid_date is null then 'credited'
            else 'settled'
        end as state,
        paid.paid_amount,
        paid.paid_amount_days,
        paid.last_paid_date,
        {{ days_between(
            'receivables.issued_date', 'coalesce(invoice_instalments.last_due_date, receivables.due_date)'
        ) }} as terms_days,
        case
            when receivables.open_amount > 0 then {{ days_between('receivables.due_date', as_of()) }}
            else
                {{ days_between(
                    'coalesce(invoice_instalments.last_due_date, receivables.due_date)', 'paid.last_paid_date'
                ) }}
        end as days_late
    from receivables
    left join paid on receivables.invoice_key = paid.invoice_key
    left join invoice_instalments on receivables.invoice_key = invoice_instalments.invoice_key

),

counted as (

    select
        customer_key,
        customer_name,
        count(case when state = 'settled' then 1 end) as invoices_settled,
        count(case when state = 'credited' then 1 end) as invoices_credited,
        count(case when state = 'open' then 1 end) as invoices_open,
        count(case when state = 'open' and days_late > 0 then 1 end) as invoices_overdue,
        count(case when state <> 'credited' and days_late > 0 then 1 end) as invoices_late,
        count(case when state = 'settled' or (state = 'open' and days_late > 0) then 1 end) as invoices_judged,
        max(case when state = 'open' and days_late > 0 then days_late end) as longest_overdue_days,
        sum(paid_amount) as paid_amount,
        sum(paid_amount_days) as paid_amount_days,
        {%- for name, sign in [('recent', '>'), ('earlier', '<=')] %}
            count(
                case
                    when
                        state = 'settled' and last_paid_date {{ sign }} {{ dbt.dateadd('month', -6, as_of()) }}
                        then 1
                end
            ) as {{ name }}_invoices,
            sum(
                case
                    when
                        state = 'settled' and last_paid_date {{ sign }} {{ dbt.dateadd('month', -6, as_of()) }}
                        then days_late
                end
            ) as {{ name }}_days_late,
        {%- endfor %}
        percentile_disc(0.5) within group (order by terms_days) as usual_terms_days
    from followed
    group by 1, 2

),

-- Of invoices still open it is known that they take longer than until today: they stay in the count until then.
ending as (

    select
        customer_key,
        days_late,
        count(case when state = 'settled' then 1 end) as settled,
        count(*) as leaving
    from followed
    where state <> 'credited'
    group by 1, 2

),

at_risk as (

    select
        *,
        sum(leaving) over (partition by customer_key order by days_late desc rows unbounded preceding) as waiting
    from ending

),

surviving as (

    select
        customer_key,
        days_late,
        settled,
        exp(
            sum(
                case
                    when settled < waiting
                        then ln(1 - cast(settled as double) / cast(waiting as double))
                    else -1000
                end
            ) over (partition by customer_key order by days_late rows unbounded preceding)
        ) as share_left
    from at_risk

),

percentiles as (

    select
        customer_key,
        min(case when share_left < 0.900000001 then days_late end) as p10_days_late,
        min(case when share_left < 0.500000001 then days_late end) as median_days_late,
        min(case when share_left < 0.100000001 then days_late end) as p90_days_late
    from surviving
    where settled > 0
    group by 1

),

judged as (

    select
        counted.*,
        counted.invoices_settled < {{ figure_limit('too_few') }} as is_too_few,
        counted.recent_invoices >= {{ figure_limit('too_few') }}
        and counted.earlier_invoices >= {{ figure_limit('too_few') }} as has_trend
    from counted

)

select
    judged.customer_key,
    judged.customer_name,
    {{ reporting_currency() }} as reporting_currency_code,
    case when customers.payment_terms_days is not null then 'account' else 'invoices' end as terms_from,
    cast(coalesce(customers.payment_terms_days, judged.usual_terms_days) as integer) as agreed_terms_days,
    judged.invoices_settled,
    judged.invoices_credited,
    judged.invoices_open,
    judged.invoices_overdue,
    judged.invoices_late,
    judged.invoices_judged,
    cast(judged.longest_overdue_days as bigint) as longest_overdue_days,
    case when not judged.is_too_few then cast(percentiles.p10_days_late as bigint) end as p10_days_late,
    case when not judged.is_too_few then cast(percentiles.median_days_late as bigint) end as median_days_late,
    case when not judged.is_too_few then cast(percentiles.p90_days_late as bigint) end as p90_days_late,
    judged.recent_invoices,
    cast(judged.recent_days_late as bigint) as recent_days_late,
    judged.earlier_invoices,
    cast(judged.earlier_days_late as bigint) as earlier_days_late,
    cast(
        case
            when judged.has_trend
                then
                    cast(judged.recent_days_late as double) / judged.recent_invoices
                    - cast(judged.earlier_days_late as double) / judged.earlier_invoices
        end
        as decimal(18, 2)
    ) as days_late_change,
    cast(judged.paid_amount as decimal(18, 2)) as paid_amount,
    cast(judged.paid_amount_days as decimal(18, 2)) as paid_amount_days,
    judged.is_too_few
from judged
left join percentiles on judged.customer_key = percentiles.customer_key
left join customers on judged.customer_key = customers.customer_key
