-- What people or accounts say of two customers, and what their documents show: who gets the goods, who the invoice.
with

customer_fields as (

    select * from {{ ref('customer_fields') }}

),

account_matches as (

    select * from {{ ref('account_matches') }}

),

orders as (

    select * from {{ ref('orders') }}

),

shipments as (

    select * from {{ ref('shipments') }}

),

invoices as (

    select * from {{ ref('invoices') }}

),

-- A document may be for several orders, named in its lines.
orders_of as (

    select
        shipment_key as document_key,
        order_key
    from shipments
    union
    select
        shipment_key as document_key,
        order_key
    from {{ ref('shipment_lines') }}
    union
    select
        invoice_key as document_key,
        order_key
    from invoices
    union
    select
        invoice_key as document_key,
        order_key
    from {{ ref('invoice_lines') }}

),

documents as (

    select
        shipment_key as document_key,
        account_key,
        'ship_to' as relation,
        {{ local_date('coalesce(shipped_at, created_at)') }} as document_date
    from shipments
    union all
    select
        invoice_key as document_key,
        account_key,
        'bill_to' as relation,
        issued_date as document_date
    from invoices
    where not coalesce(is_cancelled, false)

),

stated as (

    select
        customer_key as from_customer_key,
        value as to_customer_key,
        replace(field, '_customer_key', '') as relation,
        case when is_decided = 1 then 'decision' else 'account' end as known_from,
        0 as documents_counted,
        cast(null as date) as first_date,
        cast(null as date) as last_date
    from customer_fields
    where field in ('parent_customer_key', 'payer_customer_key') and place = 1

),

shown as (

    select
        sold_to.customer_key as from_customer_key,
        given_to.customer_key as to_customer_key,
        documents.relation,
        'documents' as known_from,
        count(distinct documents.document_key) as documents_counted,
        min(documents.document_date) as first_date,
        max(documents.document_date) as last_date
    from documents
    inner join orders_of on documents.document_key = orders_of.document_key
    inner join orders on orders_of.order_key = orders.order_key
    inner join account_matches as sold_to on orders.account_key = sold_to.account_key
    inner join account_matches as given_to on documents.account_key = given_to.account_key
    where sold_to.customer_key <> given_to.customer_key
    group by 1, 2, 3

),

relations as (

    select * from stated
    union all
    select * from shown

)

select
    {{ dbt.hash("from_customer_key || ' ' || to_customer_key || ' ' || relation") }} as customer_relation_key,
    from_customer_key,
    to_customer_key,
    relation,
    known_from,
    documents_counted,
    first_date,
    last_date
from relations
