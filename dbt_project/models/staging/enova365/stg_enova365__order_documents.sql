-- An order is done when it says so, or when every line of it was delivered or invoiced.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where role in ('order', 'offer')

),

lines as (

    select * from {{ ref('stg_enova365__lines') }}
    where role in ('order', 'offer')

),

fulfilled as (

    select * from {{ ref('stg_enova365__fulfilled') }}

),

amounts as (

    select
        lines.document_key,
        sum(lines.net_amount) as net_amount,
        min(case
            when greatest(coalesce(fulfilled.delivered, 0), coalesce(fulfilled.invoiced, 0)) >= lines.quantity then 1
            else 0
        end) = 1 as is_fulfilled
    from lines
    left join fulfilled on lines.line_key = fulfilled.order_line_key
    group by 1

),

made_from as (

    select
        lower_document_key as document_key,
        min(upper_document_key) as made_from_key
    from {{ ref('stg_enova365__links') }}
    where upper_role = 'offer' and lower_role = 'order'
    group by 1
    having count(distinct upper_document_key) = 1

),

-- Who wrote the document, where the log tells.
authors as (

    select
        source,
        {{ none_text('source_guid') }} as document_guid,
        {{ first_known('operator', 'id') }} as operator_id
    from {{ raw('enova365', 'change_infos') }}
    where type = 1 and operator > 0 and not is_deleted
    group by 1, 2

),

accounts as (

    select * from {{ ref('stg_enova365__accounts') }}

),

renamed as (

    select
        documents.source,
        documents.document_key,
        documents.account_key,
        coalesce(
            documents.salesperson_key,
            {{ key('authors.source', "'operator'", 'authors.operator_id') }},
            accounts.owner_key
        ) as owner_key,
        made_from.made_from_key,

        documents.document_id,
        documents.role,
        documents.document_number,
        documents.customer_reference,
        case
            when documents.is_cancelled or documents.is_rejected or documents.is_given_up then 'cancelled'
            when documents.is_draft then 'draft'
            when documents.is_completed or amounts.is_fulfilled then 'completed'
            else 'open'
        end as status,
        documents.warehouse_id,
        documents.currency_code,

        amounts.net_amount,

        documents.requested_date,
        documents.created_at
    from documents
    left join amounts on documents.document_key = amounts.document_key
    left join made_from on documents.document_key = made_from.document_key
    left join authors
        on documents.source = authors.source and documents.document_guid = authors.document_guid
    left join accounts on documents.account_key = accounts.account_key

)

select * from renamed
