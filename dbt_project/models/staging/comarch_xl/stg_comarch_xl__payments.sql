-- Entries of bank and till: 2 is money in, 1 money out. Out goes money to suppliers as well: paid back is what settles
-- a document of a sale. An entry that is not to be settled is money on its way, and told by the entries that are.
with

entries as (

    select * from {{ raw('comarch_xl', 'zapisy') }}
    where
        not is_deleted
        and coalesce(kaz_anulowany, 0) = 0
        and coalesce(kaz_rozliczony, 0) != 2
        and kaz_gid_typ = 784

),

accounts as (

    select * from {{ ref('stg_comarch_xl__accounts') }}

),

settling as (

    select distinct
        source,
        other_id as entry_id
    from {{ ref('stg_comarch_xl__settlements') }}
    where other_type = 784 and {{ xl_is_invoice('document_type', 'document_id') }}

),

renamed as (

    select
        entries.source,
        {{ key('entries.source', 'entries.kaz_gid_numer') }} as payment_key,
        case
            when entries.kaz_knt_typ = 32 and entries.kaz_knt_numer > 0
                then {{ key('entries.source', 'entries.kaz_knt_numer') }}
        end as account_key,

        {{ xl_currency('entries.kaz_waluta') }} as currency_code,

        case when entries.kaz_rp = 1 then -1 else 1 end * entries.kaz_kwota as amount,

        coalesce(entries.kaz_data_zapisu, entries.kaz_data_dokumentu) as paid_date
    from entries
    left join settling
        on entries.source = settling.source and entries.kaz_gid_numer = settling.entry_id
    left join accounts
        on
            entries.kaz_knt_typ = 32
            and {{ key('entries.source', 'entries.kaz_knt_numer') }} = accounts.account_key
    where
        coalesce(entries.kaz_data_zapisu, entries.kaz_data_dokumentu) is not null
        and (settling.entry_id is not null or (entries.kaz_rp = 2 and accounts.is_customer))

)

select * from renamed
