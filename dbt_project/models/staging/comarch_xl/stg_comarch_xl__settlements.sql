-- A settlement pairs two documents, each with its own amount in its own money. Each of the two is looked at from the
-- other: one row a side.
with

settlements as (

    select
        *,
        coalesce(r2_data_rozliczenia, r2_data_rozrachunku) as settled_date
    from {{ raw('comarch_xl', 'rozliczenia') }}
    where not is_deleted

),

sides as (

    select
        source,
        r2_id,
        1 as side,
        r2_dok1_typ as document_type,
        r2_dok1_numer as document_id,
        r2_dok1_lp as document_part,
        r2_dok2_typ as other_type,
        r2_dok2_numer as other_id,
        r2_waluta1 as currency,
        r2_kwota_wal1 as amount,
        settled_date
    from settlements

    union all

    select
        source,
        r2_id,
        2 as side,
        r2_dok2_typ as document_type,
        r2_dok2_numer as document_id,
        r2_dok2_lp as document_part,
        r2_dok1_typ as other_type,
        r2_dok1_numer as other_id,
        r2_waluta2 as currency,
        r2_kwota_wal2 as amount,
        settled_date
    from settlements

),

renamed as (

    select
        source,
        {{ key('source', 'r2_id', 'side') }} as settlement_side_key,

        document_type,
        document_id,
        document_part,
        other_type,
        other_id,
        {{ xl_currency('currency') }} as currency_code,

        abs(amount) as amount,

        settled_date
    from sides

)

select * from renamed
