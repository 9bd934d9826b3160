-- A correction may correct a correction: it goes back to the document at the beginning. It rests on the documents only:
-- what they are worth depends on it.
with recursive

invoices as (

    select * from {{ ref('invoices') }}

),

cancelled as (

    {{ cancelled_documents() }}

),

standing as (

    select invoices.invoice_key
    from invoices
    left join cancelled on invoices.invoice_key = cancelled.invoice_key
    where cancelled.invoice_key is null

),

corrections as (

    select
        invoices.invoice_key,
        invoices.corrects_invoice_key
    from invoices
    inner join standing on invoices.invoice_key = standing.invoice_key
    where invoices.corrects_invoice_key is not null and invoices.corrects_invoice_key <> invoices.invoice_key

),

going_back as (

    select
        invoice_key,
        corrects_invoice_key as origin_key,
        1 as steps
    from corrections
    union all
    select
        going_back.invoice_key,
        corrections.corrects_invoice_key as origin_key,
        going_back.steps + 1 as steps
    from going_back
    inner join corrections on going_back.origin_key = corrections.invoice_key
    where going_back.steps < 20

),

-- The farthest document back that stands.
origins as (

    select
        going_back.invoice_key,
        going_back.origin_key,
        row_number() over (partition by going_back.invoice_key order by going_back.steps desc) as place
    from going_back
    inner join standing on going_back.origin_key = standing.invoice_key

)

select
    invoice_key,
    origin_key
from origins
where place = 1
