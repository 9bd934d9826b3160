-- Orders of customers and offers to them lie in one table. What the firm orders from itself is no order.
with

documents as (

    select * from {{ raw('comarch_xl', 'zam_nag') }}
    where not is_deleted and coalesce(za_n_rodzaj, 4) != 8

),

lines as (

    select
        source,
        za_e_gid_numer,
        sum({{ xl_net('za_e_wartosc_po_rabacie', 'za_e_flaga_nb', 'za_e_stawka_pod') }}) as net_amount
    from {{ raw('comarch_xl', 'zam_elem') }}
    where not is_deleted
    group by 1, 2

),

-- Who looks after the customer, else who sells to him, else who wrote the document.
owners as (

    select
        source,
        za_n_gid_numer,
        case
            when za_n_opi_typ in (128, 944) and za_n_opi_numer > 0
                then {{ key('source', 'za_n_opi_typ', 'za_n_opi_numer') }}
            when za_n_akw_typ in (128, 944) and za_n_akw_numer > 0
                then {{ key('source', 'za_n_akw_typ', 'za_n_akw_numer') }}
            when za_n_ope_numer_w > 0 then {{ key('source', '128', 'za_n_ope_numer_w') }}
        end as owner_key
    from documents

),

renamed as (

    select
        documents.source,
        {{ key('documents.source', 'documents.za_n_gid_numer') }} as document_key,
        case
            when documents.za_n_knt_numer > 0 then {{ key('documents.source', 'documents.za_n_knt_numer') }}
        end as account_key,
        owners.owner_key,
        case
            when documents.za_n_zrd_typ = 960 and documents.za_n_zrd_numer > 0
                then {{ key('documents.source', 'documents.za_n_zrd_numer') }}
        end as made_from_key,

        documents.za_n_gid_numer as document_id,
        case documents.za_n_zam_typ when 1280 then 'order' when 768 then 'offer' end as role,
        {{ xl_number(
            "case documents.za_n_zam_typ when 1280 then 'ZS' else 'OS' end",
            'documents.za_n_zam_numer',
            'documents.za_n_zam_miesiac',
            'documents.za_n_zam_rok',
            'documents.za_n_zam_seria',
        ) }} as document_number,
        {{ none_text('documents.za_n_dokument_obcy') }} as customer_reference,
        -- 19 is a rejected order: archived before anything was done.
        case
            when {{ xl_is_cancelled('documents.za_n_stan') }} then 'cancelled'
            when {{ xl_is_archived('documents.za_n_stan') }}
                then case when {{ xl_state('documents.za_n_stan') }} = 5 then 'completed' else 'cancelled' end
            when {{ xl_state('documents.za_n_stan') }} <= 2 then 'draft'
            else 'open'
        end as status,
        nullif(documents.za_n_mag_numer, 0) as warehouse_id,
        {{ xl_currency('documents.za_n_waluta') }} as currency_code,

        lines.net_amount,

        documents.za_n_data_realizacji as requested_date,
        documents.za_n_data_waznosci as valid_until_date,
        documents.za_n_data_potwierdz as confirmed_date,
        documents.za_n_data_akceptacji as accepted_date,
        {{ local_moment('documents.za_n_data_wystawienia', 'documents.za_n_godzina_wystawienia') }} as created_at,
        documents.za_n_last_mod as updated_at
    from documents
    left join lines
        on documents.source = lines.source and documents.za_n_gid_numer = lines.za_e_gid_numer
    left join owners
        on documents.source = owners.source and documents.za_n_gid_numer = owners.za_n_gid_numer

)

select * from renamed
