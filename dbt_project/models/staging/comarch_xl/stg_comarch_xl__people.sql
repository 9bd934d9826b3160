-- Operators are who writes documents, employees who sells: documents name either, by type and number.
with

people as (

    select
        source,
        128 as person_type,
        ope_gid_numer as person_id,
        coalesce({{ none_text('ope_nazwisko') }}, {{ none_text('ope_ident') }}) as name,
        coalesce(ope_zablokowane, 0) = 0 as is_active
    from {{ raw('comarch_xl', 'ope_karty') }}
    where not is_deleted

    union all

    select
        source,
        944 as person_type,
        prc_gid_numer as person_id,
        coalesce({{ none_text("concat_ws(' ', prc_imie1, prc_nazwisko)") }}, {{ none_text('prc_akronim') }}) as name,
        coalesce(prc_archiwalny, 0) = 0 as is_active
    from {{ raw('comarch_xl', 'prc_karty') }}
    where not is_deleted

),

renamed as (

    select
        source,
        {{ key('source', 'person_type', 'person_id') }} as person_key,

        name,

        is_active
    from people
    where name is not null

)

select * from renamed
