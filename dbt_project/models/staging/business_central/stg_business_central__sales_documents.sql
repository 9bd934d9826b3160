-- Invoices and credit memos in one shape, drafts left out. A credit memo's amounts are positive at the vendor: the sign
-- is set here. A cancelled invoice and the corrective credit memo that cancels it are both flagged.
with

sales_invoices as (

    select * from {{ raw('business_central', 'sales_invoices') }}

),

sales_credit_memos as (

    select * from {{ raw('business_central', 'sales_credit_memos') }}

),

-- A corrective credit memo cancels its invoice when it takes all of it back; one that takes back a part corrects it.
cancelling_memos as (

    select distinct
        memos.source,
        memos.company_id,
        memos.id,
        memos.invoice_number
    from sales_credit_memos as memos
    inner join sales_invoices as invoices
        on
            memos.source = invoices.source
            and memos.company_id = invoices.company_id
            and memos.invoice_number = invoices.number
    where
        {{ none_text('memos.status') }} = 'Corrective'
        and not memos.is_deleted
        and (
            {{ none_text('invoices.status') }} = 'Canceled'
            or memos.total_amount_including_tax = invoices.total_amount_including_tax
        )

),

cancelled_invoices as (

    select distinct
        source,
        company_id,
        invoice_number
    from cancelling_memos

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

documents as (

    select
        invoices.source,
        invoices.company_id,
        invoices.company_name,
        invoices.id,
        'invoice' as document_kind,
        1 as sign,
        invoices.number,
        invoices.customer_number,
        {{ none_text('invoices.order_number') }} as order_number,
        cast(null as {{ dbt.type_string() }}) as corrects_number,
        {{ none_text('invoices.status') }} as status,
        invoices.currency_code,
        invoices.total_amount_excluding_tax,
        invoices.total_tax_amount,
        invoices.total_amount_including_tax,
        (
            {{ none_text('invoices.status') }} in ('Canceled', 'Corrective')
            or cancelled_invoices.invoice_number is not null
        ) as is_cancelled,
        invoices.posting_date,
        invoices.invoice_date as document_date,
        invoices.due_date
    from sales_invoices as invoices
    left join cancelled_invoices
        on
            invoices.source = cancelled_invoices.source
            and invoices.company_id = cancelled_invoices.company_id
            and invoices.number = cancelled_invoices.invoice_number
    where not invoices.is_deleted

    union all

    select
        memos.source,
        memos.company_id,
        memos.company_name,
        memos.id,
        'credit_memo' as document_kind,
        -1 as sign,
        memos.number,
        memos.customer_number,
        {{ none_text('invoices.order_number') }} as order_number,
        {{ none_text('memos.invoice_number') }} as corrects_number,
        {{ none_text('memos.status') }} as status,
        memos.currency_code,
        memos.total_amount_excluding_tax,
        memos.total_tax_amount,
        memos.total_amount_including_tax,
        {{ none_text('memos.status') }} = 'Canceled' or cancelling_memos.id is not null as is_cancelled,
        memos.posting_date,
        memos.credit_memo_date as document_date,
        memos.due_date
    from sales_credit_memos as memos
    left join sales_invoices as invoices
        on
            memos.source = invoices.source
            and memos.company_id = invoices.company_id
            and memos.invoice_number = invoices.number
            and not invoices.is_deleted
    left join cancelling_memos
        on
            memos.source = cancelling_memos.source
            and memos.company_id = cancelling_memos.company_id
            and memos.id = cancelling_memos.id
    where not memos.is_deleted

),

renamed as (

    select
        documents.source,
        documents.company_id,
        documents.id as document_id,
        {{ key(
            'documents.source', 'documents.company_id', 'documents.document_kind', 'documents.number'
        ) }} as invoice_key,
        {{ key('documents.source', 'documents.company_id', 'documents.customer_number') }} as account_key,
        {{ key('documents.source', 'documents.company_id', 'documents.order_number') }} as order_key,
        {{ key(
            'documents.source', 'documents.company_id', "'invoice'", 'documents.corrects_number'
        ) }} as corrects_invoice_key,

        documents.company_name as company,
        documents.document_kind,
        documents.number as invoice_number,
        documents.order_number,
        coalesce({{ none_text('documents.currency_code') }}, companies.local_currency_code) as currency_code,
        companies.local_currency_code,

        documents.sign,
        documents.sign * documents.total_amount_excluding_tax as net_amount,
        documents.sign * documents.total_tax_amount as tax_amount,
        documents.sign * documents.total_amount_including_tax as gross_amount,

        documents.is_cancelled,
        documents.status = 'Corrective' as is_corrective,

        coalesce({{ none_date('documents.posting_date') }}, {{ none_date('documents.document_date') }}) as issued_date,
        {{ none_date('documents.document_date') }} as sale_date,
        {{ none_date('documents.due_date') }} as due_date
    from documents
    left join companies
        on documents.source = companies.source and documents.company_id = companies.company_id
    where coalesce(documents.status, 'Draft') not in ('Draft', 'In Review')

)

select * from renamed
