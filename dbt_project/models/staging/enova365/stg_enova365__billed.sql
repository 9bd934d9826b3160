-- Which invoice lines bill a line of an issue or a return, and from where to where each share of it goes, from 0 to 1.
-- A return that no correction names goes to the invoice of what it takes back.
with

invoices as (

    select * from {{ ref('stg_enova365__documents') }}
    where role in ('invoice', 'correction') and not is_draft and not is_cancelled

),

links as (

    select
        lower_line_key as line_key,
        upper_line_key as invoice_line_key,
        upper_document_key as invoice_key,
        quantity
    from {{ ref('stg_enova365__links') }}
    where lower_role in ('delivery', 'return') and upper_role in ('invoice', 'correction') and not is_correction

    union all

    select
        upper_line_key as line_key,
        lower_line_key as invoice_line_key,
        lower_document_key as invoice_key,
        quantity
    from {{ ref('stg_enova365__links') }}
    where upper_role in ('delivery', 'return') and lower_role in ('invoice', 'correction') and not is_correction

),

direct as (

    select
        links.line_key,
        links.invoice_line_key,
        sum(links.quantity) as quantity
    from links
    inner join invoices on links.invoice_key = invoices.document_key
    group by 1, 2

),

named as (

    select distinct line_key from direct

),

every as (

    select * from direct

    union all

    select
        corrected.line_key,
        direct.invoice_line_key,
        direct.quantity
    from {{ ref('stg_enova365__corrected') }} as corrected
    inner join direct on corrected.first_line_key = direct.line_key
    left join named on corrected.line_key = named.line_key
    where named.line_key is null

),

counted as (

    select
        every.*,
        sum(coalesce(every.quantity, 0)) over (partition by every.line_key) as billed
    from every

),

-- What is not billed yet keeps its share. Where relations carry no quantity, each has the same part of the whole.
weighted as (

    select
        counted.line_key,
        counted.invoice_line_key,
        case when counted.billed > 0 then coalesce(counted.quantity, 0) else 1 end as weight,
        case
            when counted.billed > 0 then greatest(counted.billed, abs(lines.quantity))
            else count(*) over (partition by counted.line_key)
        end as whole
    from counted
    inner join {{ ref('stg_enova365__lines') }} as lines on counted.line_key = lines.line_key

),

renamed as (

    select
        line_key,
        invoice_line_key,
        {{ exact_ratio(
            'sum(weight) over (partition by line_key order by invoice_line_key) - weight', 'whole'
        ) }} as share_from,
        {{ exact_ratio(
            'sum(weight) over (partition by line_key order by invoice_line_key)', 'whole'
        ) }} as share_to
    from weighted

)

select * from renamed
