-- Cost is in the books' own money, whatever the invoice is in. An invoice that collects deliveries repeats what they
-- cost: then their cost counts, on the day of the invoice, and not its own.
with

issues as (

    select * from {{ ref('stg_comarch_xl__issues') }}

),

documents as (

    select * from {{ ref('stg_comarch_xl__documents') }}
    where not is_draft and not is_cancelled

),

deliveries as (

    select * from documents
    where role in ('delivery', 'return')

),

invoices as (

    select * from documents
    where role in ('invoice', 'receipt', 'correction')

),

collecting as (

    select distinct collected_by_key as document_key
    from deliveries
    where collected_by_key is not null

),

costs as (

    select
        issues.source,
        issues.issue_key,
        issues.collecting_line_key as invoice_line_key,
        issues.order_key,
        issues.local_cost_amount,
        invoices.account_key,
        invoices.issued_date
    from issues
    inner join deliveries on issues.document_key = deliveries.document_key
    inner join invoices on deliveries.collected_by_key = invoices.document_key

    union all

    select
        issues.source,
        issues.issue_key,
        issues.line_key as invoice_line_key,
        issues.order_key,
        issues.local_cost_amount,
        invoices.account_key,
        invoices.issued_date
    from issues
    inner join invoices on issues.document_key = invoices.document_key
    where invoices.document_key not in (select collecting.document_key from collecting)

),

renamed as (

    select
        source,
        issue_key as cost_entry_key,
        invoice_line_key,
        order_key,
        account_key,

        'goods' as kind,
        {{ xl_local_currency() }} as currency_code,

        local_cost_amount as amount,

        issued_date as posted_date
    from costs
    where local_cost_amount != 0

)

select * from renamed
