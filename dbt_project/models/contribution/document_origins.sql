-- A correction may correct a correction: it goes back to the document at the beginning.
with recursive

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

corrections as (

    select
        invoice_key,
        corrects_invoice_key
    from invoice_values
    where corrects_invoice_key is not null and corrects_invoice_key <> invoice_key

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
    inner join invoice_values on going_back.origin_key = invoice_values.invoice_key

)

select
    invoice_key,
    origin_key
from origins
where place = 1
