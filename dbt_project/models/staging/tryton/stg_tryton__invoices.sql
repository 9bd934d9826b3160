-- Credit notes are invoices with a negative total. A posted invoice that was cancelled has another entry that takes its
-- own back: neither counts.
with

documents as (

    select * from {{ raw('tryton', 'invoices') }}
    where not is_deleted and state in ('posted', 'paid', 'cancelled') and number is not null

),

lines as (

    select
        invoice_key,
        case when min(order_key) = max(order_key) then min(order_key) end as order_key,
        case when min(corrects_invoice_key) = max(corrects_invoice_key) then min(corrects_invoice_key) end
            as corrects_invoice_key
    from {{ ref('stg_tryton__invoice_lines') }}
    group by 1

),

entries as (

    select
        invoice_key,
        max(due_date) as due_date,
        sum(amount) as amount,
        sum(local_amount) as local_amount
    from {{ ref('stg_tryton__ledger_entries') }}
    where invoice_key is not null
    group by 1

),

renamed as (

    select
        documents.source,
        {{ key('documents.source', 'documents.company_id', 'documents.id') }} as invoice_key,
        {{ key('documents.source', 'documents.company_id', 'documents.party') }} as account_key,
        lines.order_key,
        case when documents.total_amount < 0 then lines.corrects_invoice_key end as corrects_invoice_key,
        {{ source_url('tryton', "'/model/account.invoice/' || documents.id", 'documents.source') }} as source_url,

        documents.company_name as company,
        documents.number as invoice_number,
        case when documents.total_amount < 0 then 'credit_note' else 'invoice' end as kind,
        coalesce({{ none_text('documents.currency_code') }}, documents.company_currency) as currency_code,
        documents.company_currency as booked_rate_currency_code,

        documents.untaxed_amount as net_amount,
        documents.tax_amount,
        documents.total_amount as gross_amount,
        case
            when documents.currency_code = documents.company_currency then 1
            else {{ exact_ratio('entries.local_amount', 'entries.amount') }}
        end as booked_rate,

        documents.state = 'cancelled' as is_cancelled,

        documents.invoice_date as issued_date,
        entries.due_date
    from documents
    left join lines
        on {{ key('documents.source', 'documents.company_id', 'documents.id') }} = lines.invoice_key
    left join entries
        on {{ key('documents.source', 'documents.company_id', 'documents.id') }} = entries.invoice_key
    where documents.invoice_date is not null

)

select * from renamed
