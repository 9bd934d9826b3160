{#- What is priced in a currency, and on which day. A figure that needs a rate adds its line here. -#}
{%- set priced = [
    ('invoices', 'currency_code', 'issued_date'),
    ('invoices', 'currency_code', tax_point()),
    ('invoices', 'currency_code', as_of()),
    ('invoices', 'booked_rate_currency_code', 'issued_date'),
    ('cost_entries', 'currency_code', 'posted_date'),
    ('marketing_costs', 'currency_code', 'cost_date'),
    ('deductions', 'currency_code', 'posted_date'),
    ('orders', 'currency_code', local_date('ordered_at')),
    ('deals', 'currency_code', 'coalesce(' ~ local_date('closed_at') ~ ', ' ~ as_of() ~ ')'),
    ('quotes', 'currency_code', local_date('created_at')),
    ('payments', 'currency_code', 'paid_date'),
    ('shipments', 'currency_code', local_date('shipped_at')),
    ('time_entries', 'currency_code', 'worked_date'),
    ('stock_levels', 'currency_code', 'as_of_date'),
    ('cost_pool_periods', 'currency_code', 'priced_date'),
    ('targets', 'currency', as_of()),
] -%}
-- A loop has the indentation of its own text, not of what it writes.
-- noqa: disable=LT02
{%- for entity, currency, day in priced %}
{{ "union distinct" if not loop.first }}
select
    {{ currency }} as currency_code,
    cast({{ day }} as date) as priced_date
from {{ ref(entity) }}
where {{ currency }} is not null and {{ day }} is not null
{%- endfor %}
-- An allocation is money of its invoice's currency, on the day it was paid or settled.
union distinct
select
    invoices.currency_code,
    coalesce(payments.paid_date, payment_allocations.allocated_date) as priced_date
from {{ ref('payment_allocations') }} as payment_allocations
inner join {{ ref('invoices') }} as invoices on payment_allocations.invoice_key = invoices.invoice_key
left join {{ ref('payments') }} as payments on payment_allocations.payment_key = payments.payment_key
where invoices.currency_code <> {{ reporting_currency() }}
-- Money paid in advance names only the order: it will be money of the order's invoices.
union distinct
select
    invoices.currency_code,
    coalesce(payments.paid_date, payment_allocations.allocated_date) as priced_date
from {{ ref('payment_allocations') }} as payment_allocations
inner join {{ ref('invoices') }} as invoices on payment_allocations.order_key = invoices.order_key
left join {{ ref('payments') }} as payments on payment_allocations.payment_key = payments.payment_key
where payment_allocations.invoice_key is null and invoices.currency_code <> {{ reporting_currency() }}
-- A line may state another currency than its order.
union distinct
select
    order_lines.currency_code,
    {{ local_date('orders.ordered_at') }} as priced_date
from {{ ref('order_lines') }} as order_lines
inner join {{ ref('orders') }} as orders on order_lines.order_key = orders.order_key
where order_lines.currency_code is not null and orders.ordered_at is not null
