-- A correction states the difference, with its sign. Approved documents count; cancelled ones are flagged, drafts not
-- there.
with

documents as (

    select * from {{ ref('stg_comarch_xl__documents') }}
    where role in ('invoice', 'receipt', 'prepayment', 'correction') and not is_draft

),

lines as (

    select
        document_key,
        sum(net_amount) as net_amount
    from {{ ref('stg_comarch_xl__lines') }}
    group by 1

),

payments_due as (

    select
        {{ key('source', 'tr_p_gid_numer') }} as document_key,
        max(tr_p_termin) as due_date,
        max(coalesce(tr_p_czy_sprawa_sporna, 0)) > 0 as is_disputed
    from {{ raw('comarch_xl', 'tra_plat') }}
    where not is_deleted
    group by 1

),

advances as (

    select
        {{ key('source', 'trz_kon_numer') }} as document_key,
        min({{ key('source', 'trz_zal_numer') }}) as settles_invoice_key
    from {{ raw('comarch_xl', 'tra_rozlicz_zal') }}
    where not is_deleted
    group by 1

),

orders_of_lines as (

    select
        invoice_key,
        min(order_key) as order_key
    from {{ ref('stg_comarch_xl__invoice_lines') }}
    where order_key is not null
    group by 1
    having count(distinct order_key) = 1

),

amounts as (

    select
        documents.*,
        case
            when documents.currency_code = {{ xl_local_currency() }} then documents.local_net_amount
            else coalesce(lines.net_amount, cast(documents.local_net_amount / documents.booked_rate as decimal(18, 2)))
        end as net_amount,
        cast(documents.local_tax_amount / documents.booked_rate as decimal(18, 2)) as tax_amount
    from documents
    left join lines on documents.document_key = lines.document_key

),

renamed as (

    select
        amounts.source,
        amounts.document_key as invoice_key,
        amounts.account_key,
        coalesce(amounts.order_key, orders_of_lines.order_key) as order_key,
        case when amounts.role = 'correction' then amounts.corrects_document_key end as corrects_invoice_key,
        advances.settles_invoice_key,

        amounts.document_number as invoice_number,
        case
            when amounts.role in ('correction', 'prepayment') then amounts.role else 'invoice'
        end as kind,
        amounts.currency_code,
        {{ xl_local_currency() }} as booked_rate_currency_code,

        amounts.net_amount,
        amounts.tax_amount,
        amounts.net_amount + amounts.tax_amount as gross_amount,
        -- The rate as it was booked: by it a document is worth in the books, to the cent, what the books say.
        case
            when amounts.currency_code = {{ xl_local_currency() }} or amounts.net_amount = 0 then amounts.booked_rate
            else {{ exact_ratio('amounts.local_net_amount', 'amounts.net_amount') }}
        end as booked_rate,

        amounts.is_cancelled,
        coalesce(payments_due.is_disputed, false) as is_disputed,

        amounts.issued_date,
        amounts.sale_date,
        coalesce(payments_due.due_date, amounts.due_date) as due_date
    from amounts
    left join payments_due on amounts.document_key = payments_due.document_key
    left join advances on amounts.document_key = advances.document_key
    left join orders_of_lines on amounts.document_key = orders_of_lines.invoice_key

)

select * from renamed
