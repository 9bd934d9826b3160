-- 1 is money in, 2 money out. Out goes money to suppliers as well: paid back is what settles a document of a sale. What
-- is not to be settled is money on its way between accounts.
with

entries as (

    select * from {{ raw('enova365', 'zaplaty') }}
    where not is_deleted and podmiot_type = 'Kontrahenci' and {{ enova_day('data_dokumentu') }} is not null

),

accounts as (

    select * from {{ ref('stg_enova365__accounts') }}

),

settling as (

    select distinct
        source,
        other_id as entry_id
    from {{ ref('stg_enova365__settlements') }}
    where other_table = 'Zaplaty'

),

renamed as (

    select
        entries.source,
        {{ key('entries.source', 'entries.id') }} as payment_key,
        case when entries.podmiot > 0 then {{ key('entries.source', 'entries.podmiot') }} end as account_key,

        {{ enova_currency('entries.kwota_symbol') }} as currency_code,

        case when entries.kierunek = 2 then -1 else 1 end * entries.kwota_value as amount,

        {{ enova_day('entries.data_dokumentu') }} as paid_date
    from entries
    left join settling on entries.source = settling.source and entries.id = settling.entry_id
    left join accounts on {{ key('entries.source', 'entries.podmiot') }} = accounts.account_key
    where
        settling.entry_id is not null
        or (entries.kierunek = 1 and coalesce(entries.rozliczana, true) and accounts.is_customer)

)

select * from renamed
