with

customers as (

    select * from {{ raw('comarch_xl', 'knt_karty') }}

),

-- Its first group: a row of type 32 names the group, rows of type -32 are the groups.
segments as (

    select
        members.source,
        members.kgd_gid_numer as customer_id,
        {{ none_text('named.kgd_kod') }} as segment
    from {{ raw('comarch_xl', 'knt_grupy_dom') }} as members
    inner join {{ raw('comarch_xl', 'knt_grupy_dom') }} as named
        on
            members.source = named.source
            and members.kgd_gr_o_numer = named.kgd_gid_numer
            and named.kgd_gid_typ = -32
    where members.kgd_gid_typ = 32 and not members.is_deleted and not named.is_deleted

),

-- The newest limit that holds today; a limit in foreign money at the rate it was given at.
limits as (

    select
        source,
        klk_knt_numer as customer_id,
        cast(klk_max_limit_wart * {{ xl_rate('klk_waluta', 'klk_kurs_l', 'klk_kurs_m') }} as decimal(18, 2))
            as credit_limit_amount
    from {{ raw('comarch_xl', 'knt_limity_k') }}
    where
        klk_knt_typ = 32
        and not is_deleted
        and coalesce(klk_data_od <= {{ as_of() }}, true)
        and coalesce(klk_data_do >= {{ as_of() }}, true)
    qualify row_number() over (
        partition by source, klk_knt_numer order by klk_data_od desc nulls last, klk_id desc
    ) = 1

),

renamed as (

    select
        customers.source,
        {{ key('customers.source', 'customers.knt_gid_numer') }} as account_key,
        case
            when customers.knt_akw_typ in (128, 944) and customers.knt_akw_numer > 0
                then {{ key('customers.source', 'customers.knt_akw_typ', 'customers.knt_akw_numer') }}
        end as owner_key,
        case
            when
                customers.knt_kn_p_typ = 32
                and customers.knt_kn_p_numer > 0
                and customers.knt_kn_p_numer != customers.knt_gid_numer
                then {{ key('customers.source', 'customers.knt_kn_p_numer') }}
        end as payer_account_key,

        coalesce(
            {{ none_text("concat_ws(' ', customers.knt_nazwa1, customers.knt_nazwa2, customers.knt_nazwa3)") }},
            {{ none_text('customers.knt_akronim') }},
            cast(customers.knt_gid_numer as {{ dbt.type_string() }})
        ) as name,
        case
            when upper({{ none_text('customers.knt_nip_prefiks') }}) != 'PL'
                then upper({{ none_text('customers.knt_nip_prefiks') }}) || {{ none_text('customers.knt_nip') }}
            else {{ none_text('customers.knt_nip') }}
        end as tax_id,
        {{ country_code('customers.knt_kraj') }} as country_code,
        {{ none_text('customers.knt_wojewodztwo') }} as region,
        {{ website_domain(none_text('customers.knt_url')) }} as website_domain,
        {{ email_domain('customers.knt_e_mail') }} as email_domain,
        {{ none_text('customers.knt_telefon1') }} as phone,
        {{ none_text('customers.knt_ulica') }} as street,
        {{ none_text('customers.knt_kod_p') }} as postcode,
        {{ none_text('customers.knt_miasto') }} as city,
        segments.segment,
        {{ xl_local_currency() }} as currency_code,

        nullif(coalesce(limits.credit_limit_amount, customers.knt_max_limit_wart), 0) as credit_limit_amount,
        coalesce(nullif(customers.knt_limit_okres, 0), nullif(customers.knt_sp_termin_pl_spr, 0)) as payment_terms_days,

        mod(customers.knt_typ, 32) >= 16 as is_customer,
        mod(customers.knt_typ, 16) >= 8 as is_supplier,
        coalesce(customers.knt_blokada_transakcji, 0) != 0 or coalesce(customers.knt_blokada_zam, 0) != 0 as is_blocked,

        customers.knt_data_utworzenia as created_at,
        customers.last_mod as updated_at
    from customers
    left join segments on customers.source = segments.source and customers.knt_gid_numer = segments.customer_id
    left join limits on customers.source = limits.source and customers.knt_gid_numer = limits.customer_id
    where not customers.is_deleted

)

select * from renamed
