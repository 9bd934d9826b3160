-- A settlement pairs a payment due with money or with another payment due, each with its own amount in its own money.
-- Each of the two is looked at from the other: one row a side.
with

settlements as (

    select
        *,
        {{ enova_day('data') }} as settled_date
    from {{ raw('enova365', 'rozliczenia_sp') }}
    where not is_deleted

),

sides as (

    select
        source,
        id,
        1 as side,
        dokument_type as own_table,
        dokument as own_id,
        zaplata_type as other_table,
        zaplata as other_id,
        kwota_dokumentu_symbol as currency,
        kwota_dokumentu_value as amount,
        settled_date
    from settlements

    union all

    select
        source,
        id,
        2 as side,
        zaplata_type as own_table,
        zaplata as own_id,
        dokument_type as other_table,
        dokument as other_id,
        kwota_zaplaty_symbol as currency,
        kwota_zaplaty_value as amount,
        settled_date
    from settlements

),

payments_due as (

    select * from {{ ref('stg_enova365__payments_due') }}

),

renamed as (

    select
        sides.source,
        {{ key('sides.source', 'sides.id', 'sides.side') }} as settlement_side_key,
        payments_due.invoice_key,

        sides.other_table,
        sides.other_id,
        {{ enova_currency('sides.currency') }} as currency_code,

        payments_due.sign * abs(sides.amount) as amount,

        sides.settled_date
    from sides
    inner join payments_due
        on
            sides.own_table = 'Platnosci'
            and sides.source = payments_due.source
            and sides.own_id = payments_due.payment_due_id
    where sides.settled_date is not null and sides.amount != 0

)

select * from renamed
