with

due_days as (

    select
        *,
        count(*) over (partition by invoice_key) as parts
    from {{ ref('stg_one_c__due_days') }}

),

renamed as (

    select
        source,
        {{ key('source', 'due_date') }} || ':' || invoice_key as invoice_instalment_key,
        invoice_key,

        amount,

        due_date
    from due_days
    where parts > 1 and amount is not null

)

select * from renamed
