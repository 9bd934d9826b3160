-- Deliveries, invoices and corrections lie in one table. States 0, 1 and 2 are drafts in the buffer; 6 is cancelled. A
-- till receipt that an invoice collects is told by that invoice.
with

documents as (

    select
        *,
        {{ xl_document_word('tr_n_gid_typ', 0) }} as role,
        {{ xl_document_word('tr_n_gid_typ', 1) }} as letters
    from {{ raw('comarch_xl', 'tra_nag') }}
    where not is_deleted

),

renamed as (

    select
        source,
        {{ key('source', 'tr_n_gid_numer') }} as document_key,
        case when tr_n_knt_numer > 0 then {{ key('source', 'tr_n_knt_numer') }} end as account_key,
        case
            when tr_n_za_n_typ = 960 and tr_n_za_n_numer > 0 then {{ key('source', 'tr_n_za_n_numer') }}
        end as order_key,
        case
            when {{ xl_is_invoice('tr_n_zwr_typ', 'tr_n_zwr_numer') }} then {{ key('source', 'tr_n_zwr_numer') }}
        end as corrects_document_key,
        -- An invoice may name itself.
        case
            when {{ xl_is_invoice('tr_n_spi_typ', 'tr_n_spi_numer') }} and tr_n_spi_numer != tr_n_gid_numer
                then {{ key('source', 'tr_n_spi_numer') }}
        end as collected_by_key,

        tr_n_gid_typ as document_type,
        tr_n_gid_numer as document_id,
        role,
        {{ xl_number('letters', 'tr_n_tr_n_numer', 'tr_n_tr_n_miesiac', 'tr_n_tr_n_rok', 'tr_n_tr_n_seria') }}
            as document_number,
        {{ none_text('tr_n_sposob_dostawy') }} as service_level,
        nullif(tr_n_mag_z_numer, 0) as warehouse_id,
        {{ xl_currency('tr_n_waluta') }} as currency_code,

        {{ xl_rate('tr_n_waluta', 'tr_n_kurs_l', 'tr_n_kurs_m') }} as booked_rate,
        tr_n_netto_r as local_net_amount,
        tr_n_vat_r as local_tax_amount,

        tr_n_stan < 3 as is_draft,
        tr_n_stan = 6 as is_cancelled,

        tr_n_data2 as issued_date,
        tr_n_data3 as sale_date,
        tr_n_termin as due_date,
        coalesce(tr_n_data_mag, tr_n_data3, tr_n_data2) as warehouse_date,
        {{ local_moment('tr_n_data2', 'tr_n_godzina_wystawienia') }} as created_at
    from documents
    where not (role = 'receipt' and {{ xl_is_invoice('tr_n_spi_typ', 'tr_n_spi_numer') }})

)

select * from renamed
