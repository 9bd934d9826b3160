with

receivable_balances as (

    select * from {{ ref('receivable_balances') }}
    where valid_to is null and kind <> 'cancelled'

),

receivables as (

    select * from {{ ref('receivables') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}
    where issued_date <= {{ as_of() }}

),

order_milestones as (

    select * from {{ ref('order_milestones') }}

),

order_lines as (

    select * from {{ ref('order_lines') }}

),

order_line_promises as (

    select * from {{ ref('order_line_promises') }}

),

reporting_rates as (

    select * from {{ ref('reporting_rates') }}
    where priced_date <= {{ as_of() }} and exchange_rate is not null

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

customers as (

    select * from {{ ref('customers') }}

),

credit_insurance as (

    select * from {{ ref('credit_insurance') }}
    where valid_from <= {{ as_of() }} and (valid_to is null or valid_to >= {{ as_of() }})

),

payers as (

    select distinct payer_customer_key as customer_key
    from customers
    where payer_customer_key is not null

),

-- Who answers for a customer's debts: its payer, who answers for itself, else its group, else the customer alone.
debtors as (

    select
        customers.customer_key,
        coalesce(customers.payer_customer_key, payers.customer_key, customers.group_key, customers.customer_key)
            as debtor_key,
        case
            when customers.payer_customer_key is not null or payers.customer_key is not null then 'payer'
            when customers.group_key <> customers.customer_key then 'group'
            else 'customer'
        end as role
    from customers
    left join payers on customers.customer_key = payers.customer_key

),

account_debtors as (

    select
        account_matches.account_key,
        debtors.debtor_key
    from account_matches
    inner join debtors on account_matches.customer_key = debtors.customer_key

),

rate_days as (

    select
        currency_code,
        max(priced_date) as priced_date
    from reporting_rates
    group by 1

),

-- What is owed and what may be owed is compared today: at today's rate, not at each document's.
latest_rates as (

    select
        rate_days.currency_code,
        max(reporting_rates.exchange_rate) as exchange_rate
    from rate_days
    inner join reporting_rates
        on
            rate_days.currency_code = reporting_rates.currency_code
            and rate_days.priced_date = reporting_rates.priced_date
    group by 1

),

account_taxes as (

    select
        account_key,
        cast(sum(gross_amount) as double) / nullif(cast(sum(net_amount) as double), 0) as gross_share
    from invoice_values
    where invoice_kind = 'invoice'
    group by 1

),

all_taxes as (

    select cast(sum(gross_amount) as double) / nullif(cast(sum(net_amount) as double), 0) as gross_share
    from invoice_values
    where invoice_kind = 'invoice'

),

shipped as (

    select
        order_lines.order_key,
        sum(
            cast(order_line_promises.quantity_shipped as double) * cast(order_lines.net_amount as double)
            / nullif(cast(order_lines.quantity as double), 0)
        ) as shipped_amount
    from order_line_promises
    inner join order_lines on order_line_promises.order_line_key = order_lines.order_line_key
    group by 1

),

-- A draft is no order yet; of a cancelled or completed one nothing more will be invoiced.
open_orders as (

    select
        order_milestones.account_key,
        order_milestones.currency_code,
        greatest(
            order_milestones.document_amount - coalesce(order_milestones.lines_cancelled_amount, 0)
            - coalesce(order_milestones.invoiced_document_amount, 0),
            0
        ) as remaining_amount,
        greatest(coalesce(shipped.shipped_amount, 0) - coalesce(order_milestones.invoiced_document_amount, 0), 0)
            as shipped_amount
    from order_milestones
    left join shipped on order_milestones.order_key = shipped.order_key
    where
        order_milestones.is_invoicing_known
        and not order_milestones.is_cancelled
        and coalesce(order_milestones.status, 'open') not in ('draft', 'completed', 'cancelled')
        and coalesce(order_milestones.ordered_date, {{ as_of() }}) <= {{ as_of() }}

),

-- Orders are kept without tax and invoices with it: the account's own invoices say how much to add.
taxed_orders as (

    select
        open_orders.account_key,
        open_orders.currency_code,
        least(open_orders.shipped_amount, open_orders.remaining_amount)
        * coalesce(account_taxes.gross_share, all_taxes.gross_share, 1) as shipped_amount,
        (open_orders.remaining_amount - least(open_orders.shipped_amount, open_orders.remaining_amount))
        * coalesce(account_taxes.gross_share, all_taxes.gross_share, 1) as ordered_amount
    from open_orders
    cross join all_taxes
    left join account_taxes on open_orders.account_key = account_taxes.account_key

),

-- What came in on prepayment invoices counts against the order until the final invoice takes it over.
prepaid as (

    select
        receivables.account_key,
        receivables.currency_code,
        receivables.gross_amount - receivables.open_amount as amount
    from receivables
    left join invoice_values as final on receivables.invoice_key = final.settles_invoice_key
    where
        receivables.invoice_kind = 'prepayment'
        and receivables.open_amount is not null
        and final.invoice_key is null

),

limits as (

    select
        debtors.debtor_key,
        customers.credit_limit_amount,
        customers.credit_limit_currency_code
    from debtors
    inner join customers on debtors.debtor_key = customers.customer_key
    where
        debtors.debtor_key = debtors.customer_key
        and customers.credit_limit_amount is not null
        and customers.credit_limit_currency_code is not null

),

parts as (

    select
        account_key,
        currency_code,
        case when kind in ('unapplied_cash', 'credit_note') or open_amount < 0 then 0 else open_amount end
            as open_invoices_amount,
        case when kind <> 'unapplied_cash' and (kind = 'credit_note' or open_amount < 0) then open_amount else 0 end
            as open_credit_amount,
        case when kind = 'unapplied_cash' then open_amount else 0 end as advances_amount,
        0 as shipped_amount,
        0 as ordered_amount,
        0 as insured_amount
    from receivable_balances
    where kind <> 'prepayment'
    union all
    select
        account_key,
        currency_code,
        0 as open_invoices_amount,
        0 as open_credit_amount,
        -amount as advances_amount,
        0 as shipped_amount,
        0 as ordered_amount,
        0 as insured_amount
    from prepaid
    union all
    select
        account_key,
        currency_code,
        0 as open_invoices_amount,
        0 as open_credit_amount,
        0 as advances_amount,
        shipped_amount,
        ordered_amount,
        0 as insured_amount
    from taxed_orders
    union all
    select
        account_key,
        currency as currency_code,
        0 as open_invoices_amount,
        0 as open_credit_amount,
        0 as advances_amount,
        0 as shipped_amount,
        0 as ordered_amount,
        insured_amount
    from credit_insurance

),

owed as (

    select
        coalesce(account_debtors.debtor_key, 'unknown') as debtor_key,
        coalesce(parts.currency_code, {{ reporting_currency() }}) as currency_code,
        sum(parts.open_invoices_amount) as open_invoices_amount,
        sum(parts.open_credit_amount) as open_credit_amount,
        sum(parts.advances_amount) as advances_amount,
        sum(parts.shipped_amount) as shipped_amount,
        sum(parts.ordered_amount) as ordered_amount,
        sum(parts.insured_amount) as insured_amount
    from parts
    left join account_debtors on parts.account_key = account_debtors.account_key
    group by 1, 2

),

-- A limit stands on the row of its own currency, once, whether anything is owed in it or not.
rows_needed as (

    select
        debtor_key,
        currency_code
    from owed
    union distinct
    select
        debtor_key,
        credit_limit_currency_code
    from limits

),

exposed as (

    select
        rows_needed.debtor_key,
        rows_needed.currency_code,
        {%- for name in ['open_invoices', 'open_credit', 'advances', 'shipped', 'ordered', 'insured'] %}
            cast(coalesce(owed.{{ name }}_amount, 0) as decimal(18, 2)) as {{ name }}_amount,
        {%- endfor %}
        limits.debtor_key is not null as has_limit,
        case when limits.credit_limit_currency_code = rows_needed.currency_code then limits.credit_limit_amount end
            as credit_limit_amount,
        case
            when rows_needed.currency_code = {{ reporting_currency() }} then cast(1 as decimal(28, 14))
            else latest_rates.exchange_rate
        end as exchange_rate
    from rows_needed
    left join owed on rows_needed.debtor_key = owed.debtor_key and rows_needed.currency_code = owed.currency_code
    left join limits on rows_needed.debtor_key = limits.debtor_key
    left join latest_rates on rows_needed.currency_code = latest_rates.currency_code

),

summed as (

    select
        *,
        cast(
            open_invoices_amount + open_credit_amount + advances_amount + shipped_amount
            + ordered_amount * {{ figure_limit('weighted_open_orders') }}
            as decimal(18, 2)
        ) as exposure_amount
    from exposed

),

roles as (

    select
        debtor_key,
        max(role) as role,
        count(*) as customers_counted
    from debtors
    group by 1

)

select
    summed.debtor_key || ':' || summed.currency_code as credit_exposure_key,
    summed.debtor_key,
    coalesce(customers.name, 'unknown') as debtor_name,
    coalesce(roles.role, 'customer') as debtor_role,
    summed.currency_code,
    {{ reporting_currency() }} as reporting_currency_code,
    case
        when not summed.has_limit then 'no_limit'
        when count(summed.exchange_rate) over one_debtor < count(*) over one_debtor then 'no_rate'
    end as unavailable_reason,
    coalesce(roles.customers_counted, 1) as customers_counted,
    summed.open_invoices_amount,
    summed.open_credit_amount,
    summed.advances_amount,
    summed.shipped_amount,
    summed.ordered_amount,
    summed.exposure_amount,
    summed.insured_amount,
    summed.credit_limit_amount,
    cast(summed.exposure_amount * summed.exchange_rate as decimal(18, 2)) as exposure_reporting_amount,
    cast(summed.insured_amount * summed.exchange_rate as decimal(18, 2)) as insured_reporting_amount,
    cast(
        case
            when summed.has_limit and count(summed.exchange_rate) over one_debtor = count(*) over one_debtor
                then summed.exposure_amount * summed.exchange_rate
        end
        as decimal(18, 2)
    ) as limited_exposure_reporting_amount,
    cast(
        case
            when count(summed.exchange_rate) over one_debtor = count(*) over one_debtor
                then summed.credit_limit_amount * summed.exchange_rate
        end
        as decimal(18, 2)
    ) as credit_limit_reporting_amount,
    summed.exchange_rate
from summed
left join customers on summed.debtor_key = customers.customer_key
left join roles on summed.debtor_key = roles.debtor_key
window one_debtor as (partition by summed.debtor_key)
