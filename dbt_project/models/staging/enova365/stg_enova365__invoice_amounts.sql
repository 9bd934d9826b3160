-- An invoice is worth what its header says, a correction what its lines change. Drafts are worth nothing yet.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where role in ('invoice', 'correction') and not is_draft

),

lines as (

    select
        document_key,
        sum(net_amount) as net_amount,
        sum(local_net_amount) as local_net_amount,
        sum(local_tax_amount) as local_tax_amount
    from {{ ref('stg_enova365__lines') }}
    group by 1

),

valued as (

    select
        documents.source,
        documents.document_key,
        lines.net_amount as net_amount_of_lines,
        case when documents.role = 'invoice' then documents.local_net_amount else lines.local_net_amount end
            as local_net_amount,
        case when documents.role = 'invoice' then documents.local_tax_amount else lines.local_tax_amount end
            as local_tax_amount
    from documents
    left join lines on documents.document_key = lines.document_key

),

amounts as (

    select
        documents.*,
        coalesce(valued.local_net_amount, 0) as booked_net_amount,
        case
            when documents.currency_code = {{ enova_local_currency() }} then coalesce(valued.local_net_amount, 0)
            else coalesce(
                valued.net_amount_of_lines, cast(valued.local_net_amount / documents.booked_rate as decimal(18, 2))
            )
        end as net_amount,
        cast(coalesce(valued.local_tax_amount, 0) / documents.booked_rate as decimal(18, 2)) as converted_tax_amount
    from documents
    left join valued on documents.document_key = valued.document_key

),

-- In foreign money tax is what is to be paid beyond the net value: converted back from zlotys it may miss a cent.
taxed as (

    select
        *,
        case
            when role = 'invoice' and currency_code != {{ enova_local_currency() }} and gross_amount != 0
                then gross_amount - net_amount
            else converted_tax_amount
        end as tax_amount
    from amounts

),

renamed as (

    select
        source,
        document_key,
        account_key,

        role,
        document_number,
        currency_code,

        net_amount,
        tax_amount,
        -- The rate as it was booked: by it a document is worth in the books, to the cent, what the books say.
        case
            when currency_code = {{ enova_local_currency() }} or net_amount = 0 then booked_rate
            else {{ exact_ratio('booked_net_amount', 'net_amount') }}
        end as booked_rate,

        is_cancelled,

        issued_date,
        operation_date
    from taxed

)

select * from renamed
