-- If this fails, revenue is lost or doubled between the invoices and the pages.
-- Counted from the lines alone, without the rates: what stands in the mart is what stands on the documents.
with

on_documents as (

    select
        invoice_values.invoice_key,
        coalesce(sum(invoice_lines.net_amount), max(invoice_values.net_amount)) as net_amount
    from {{ ref('invoice_values') }} as invoice_values
    left join {{ ref('invoice_lines') }} as invoice_lines on invoice_values.invoice_key = invoice_lines.invoice_key
    where invoice_values.is_revenue and invoice_values.issued_date <= {{ as_of() }}
    group by 1

),

in_the_mart as (

    select
        invoice_key,
        sum(document_amount) as net_amount
    from {{ ref('profitability_lines') }}
    where line_kind = 'invoice_line'
    group by 1

)

select
    coalesce(on_documents.invoice_key, in_the_mart.invoice_key) as invoice_key,
    on_documents.net_amount as amount_on_document,
    in_the_mart.net_amount as amount_in_mart
from on_documents
full outer join in_the_mart on on_documents.invoice_key = in_the_mart.invoice_key
where on_documents.net_amount is distinct from in_the_mart.net_amount
