-- What goods had cost stands with the turnover of the document that took them out of stock: the invoice itself, or an
-- issue beside it, whose cost falls to the lines of its invoices by their quantities. Of what was revised the old
-- entry, its reversal and the new one sum to the new; 3 reverses stock, and no cost. It is in the books' own money.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where not is_draft and not is_cancelled

),

costs as (

    select
        turnover.source,
        documents.role,
        {{ key('turnover.source', 'turnover.rozchod_dokument', 'turnover.rozchod_pozycja_ident') }} as line_key,
        sum(turnover.przychod_wartosc) as amount
    from {{ raw('enova365', 'obroty') }} as turnover
    inner join documents
        on turnover.source = documents.source and turnover.rozchod_dokument = documents.document_id
    where not turnover.is_deleted and coalesce(turnover.korekta, 0) != 3
    group by 1, 2, 3

),

invoices as (

    select * from documents
    where role in ('invoice', 'correction')

),

billed as (

    select * from {{ ref('stg_enova365__billed') }}

),

charged as (

    select
        costs.source,
        costs.line_key,
        costs.line_key as invoice_line_key,
        costs.amount
    from costs
    where costs.role in ('invoice', 'correction')

    union all

    select
        costs.source,
        costs.line_key,
        billed.invoice_line_key,
        cast(round(costs.amount * billed.share_to, 4) - round(costs.amount * billed.share_from, 4) as decimal(18, 4))
            as amount
    from costs
    inner join billed on costs.line_key = billed.line_key
    where costs.role in ('delivery', 'return')

),

invoice_lines as (

    select * from {{ ref('stg_enova365__invoice_lines') }}

),

lines as (

    select * from {{ ref('stg_enova365__lines') }}

),

renamed as (

    select
        charged.source,
        {{ key('charged.line_key', 'charged.invoice_line_key') }} as cost_entry_key,
        charged.invoice_line_key,
        invoice_lines.order_key,
        invoices.account_key,

        'goods' as kind,
        {{ enova_local_currency() }} as currency_code,

        charged.amount,

        invoices.issued_date as posted_date
    from charged
    inner join lines on charged.invoice_line_key = lines.line_key
    inner join invoices on lines.document_key = invoices.document_key
    left join invoice_lines on charged.invoice_line_key = invoice_lines.invoice_line_key
    where charged.amount != 0

)

select * from renamed
