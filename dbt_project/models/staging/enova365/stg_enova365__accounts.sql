-- Nothing on the card says who is a customer: who has orders, offers or sales is. Suppliers are on the same cards.
with

customers as (

    select * from {{ raw('enova365', 'kontrahenci') }}

),

addresses as (

    select * from {{ raw('enova365', 'adresy') }}
    where host_type = 'Kontrahenci' and typ = 1 and not is_deleted
    qualify row_number() over (partition by source, host order by id) = 1

),

keepers as (

    select
        source,
        kontrahent as customer_id,
        {{ first_known('operator', 'id') }} as operator_id
    from {{ raw('enova365', 'opiekunowie') }}
    where
        typ = 0
        and operator > 0
        and not is_deleted
        and coalesce(aktywny, true)
        and coalesce({{ enova_day('data_od') }} <= {{ as_of() }}, true)
        and coalesce({{ enova_day('data_do') }} >= {{ as_of() }}, true)
    group by 1, 2

),

segments as (

    select
        source,
        parent as customer_id,
        {{ first_known(none_text('data'), 'lp') }} as segment
    from {{ raw('enova365', 'features') }}
    where parent_type = 'Kontrahenci' and {{ none_text('data') }} is not null and not is_deleted
    group by 1, 2

),

dealt_with as (

    select distinct account_key
    from {{ ref('stg_enova365__documents') }}
    where account_key is not null

),

renamed as (

    select
        customers.source,
        {{ key('customers.source', 'customers.id') }} as account_key,
        {{ key('keepers.source', "'operator'", 'keepers.operator_id') }} as owner_key,

        coalesce(
            {{ none_text('customers.nazwa') }},
            {{ none_text('customers.kod') }},
            cast(customers.id as {{ dbt.type_string() }})
        ) as name,
        coalesce({{ none_text('customers.eu_vat') }}, {{ none_text('customers.nip') }}) as tax_id,
        {{ country_code('coalesce(' ~ none_text('addresses.adres_kod_kraju') ~ ', addresses.adres_kraj)') }}
            as country_code,
        {{ enova_voivodeship('addresses.adres_wojewodztwo') }} as region,
        {{ website_domain(none_text('customers.kontakt_www')) }} as website_domain,
        {{ email_domain('customers.kontakt_email') }} as email_domain,
        coalesce({{ none_text('addresses.adres_telefon') }}, {{ none_text('customers.kontakt_telefon_komorkowy') }})
            as phone,
        {{ none_text(
            "concat_ws(' ', addresses.adres_ulica, addresses.adres_nr_domu || coalesce('/' || "
            ~ none_text('addresses.adres_nr_lokalu') ~ ", ''))"
        ) }} as street,
        coalesce(
            {{ none_text('addresses.adres_zagraniczny_kod_pocztowy') }},
            {{ enova_postcode('addresses.adres_kod_pocztowy') }}
        ) as postcode,
        {{ none_text('addresses.adres_miejscowosc') }} as city,
        segments.segment,
        {{ enova_currency('customers.limit_kredytu_symbol') }} as currency_code,

        case when customers.typ_limitu_kredytowego = 0 then nullif(customers.limit_kredytu_value, 0) end
            as credit_limit_amount,
        nullif(customers.termin, 0) as payment_terms_days,

        dealt_with.account_key is not null as is_customer,
        coalesce(customers.blokada_sprzedazy, false) as is_blocked
    from customers
    left join addresses on customers.source = addresses.source and customers.id = addresses.host
    left join keepers on customers.source = keepers.source and customers.id = keepers.customer_id
    left join segments on customers.source = segments.source and customers.id = segments.customer_id
    left join dealt_with on {{ key('customers.source', 'customers.id') }} = dealt_with.account_key
    where not customers.is_deleted

)

select * from renamed
