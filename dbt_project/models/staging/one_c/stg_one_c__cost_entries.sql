-- The register of sales tells what a sale cost, once more when the month is closed; its amounts are in the currency of
-- management accounting, which is the one reported in. What closing a month posts by itself belongs to no one sale.
with

costs as (

    select
        *,
        coalesce(stoimost_bez_nds, stoimost) as cost
    from {{ raw('one_c', 'sales_costs') }}
    where coalesce(active, true) and not is_deleted

),

documents as (

    select * from {{ ref('stg_one_c__sales_documents') }}

),

invoices as (

    select
        invoice_key,
        order_key
    from {{ ref('stg_one_c__invoices') }}

),

renamed as (

    select
        costs.source,
        {{ key('costs.source', 'costs.record_key') }} as cost_entry_key,
        invoices.order_key,
        documents.account_key,

        documents.company,
        case when documents.document_id is null then 'month_close' else 'direct_cost' end as kind,
        {{ reporting_currency() }} as currency_code,

        costs.cost as amount,

        {{ local_date('costs.period') }} as posted_date
    from costs
    left join documents on costs.source = documents.source and costs.recorder = documents.document_id
    left join invoices on documents.invoice_key = invoices.invoice_key
    where costs.cost != 0

)

select * from renamed
