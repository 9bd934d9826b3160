with

thread as (

    select * from {{ ref('thread') }}

),

orders as (

    select * from {{ ref('orders') }}

),

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

documents as (

    select
        'orders' as entity,
        order_key as document_key,
        abs(coalesce(net_amount, 0)) as net_amount
    from orders
    union all
    select
        'invoices' as entity,
        invoice_key,
        abs(net_amount) as net_amount
    from invoice_values

),

stated as (

    select
        to_entity,
        to_key,
        from_entity,
        from_key,
        max(abs(attributed_amount)) as attributed_amount
    from thread
    where
        (from_entity = 'deals' and to_entity = 'orders')
        or (from_entity = 'orders' and to_entity = 'invoices')
    group by 1, 2, 3, 4

),

-- A credit note without an order of its own belongs where the invoice it corrects belongs, in the same proportions.
inherited as (

    select
        'invoices' as to_entity,
        credit.invoice_key as to_key,
        stated.from_entity,
        stated.from_key,
        cast(
            abs(credit.net_amount)
            * cast(stated.attributed_amount as double) / nullif(cast(abs(original.net_amount) as double), 0)
            as decimal(18, 4)
        ) as attributed_amount
    from invoice_values as credit
    inner join invoice_values as original on credit.corrects_invoice_key = original.invoice_key
    inner join stated on stated.to_entity = 'invoices' and original.invoice_key = stated.to_key
    where
        not exists (
            select 1
            from stated as own
            where own.to_entity = 'invoices' and own.to_key = credit.invoice_key
        )

),

links as (

    select * from stated
    union all
    select * from inherited

),

-- Two deals that both claim the whole order share it; what nobody claims stays with the document itself.
weighed as (

    select
        links.to_entity,
        links.to_key,
        links.from_entity,
        links.from_key,
        coalesce(links.attributed_amount, documents.net_amount / count(*) over one_document) as attributed_amount,
        count(*) over one_document as links_counted,
        greatest(
            documents.net_amount,
            sum(coalesce(links.attributed_amount, 0)) over one_document
        ) as whole_amount
    from links
    inner join documents on links.to_entity = documents.entity and links.to_key = documents.document_key
    window one_document as (partition by links.to_entity, links.to_key)

),

shared as (

    select
        to_entity,
        to_key,
        from_entity,
        from_key,
        case
            when whole_amount = 0 then cast(1.0 as double) / links_counted
            else cast(attributed_amount as double) / cast(whole_amount as double)
        end as share
    from weighed

),

unclaimed as (

    select
        documents.entity as to_entity,
        documents.document_key as to_key,
        cast(null as {{ dbt.type_string() }}) as from_entity,
        cast(null as {{ dbt.type_string() }}) as from_key,
        1 - coalesce(sum(shared.share), 0) as share
    from documents
    left join shared on documents.entity = shared.to_entity and documents.document_key = shared.to_key
    group by 1, 2
    having 1 - coalesce(sum(shared.share), 0) > 0.0001

)

select
    to_entity || ':' || to_key || ':' || coalesce(from_key, '') as document_share_key,
    to_entity,
    to_key,
    from_entity,
    from_key,
    cast(share as decimal(28, 12)) as share
from (
    select * from shared
    union all
    select * from unclaimed
) as everything
