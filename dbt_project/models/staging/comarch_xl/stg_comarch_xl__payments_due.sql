-- 2 is money to come and 1 money to give: a correction that lowers an invoice is the firm's debt.
with

due as (

    select * from {{ raw('comarch_xl', 'tra_plat') }}
    where not is_deleted

),

renamed as (

    select
        source,
        {{ key('source', 'tr_p_gid_numer', 'tr_p_gid_lp') }} as payment_due_key,
        {{ key('source', 'tr_p_gid_numer') }} as invoice_key,

        tr_p_gid_typ as document_type,
        tr_p_gid_numer as document_id,
        tr_p_gid_lp as instalment_number,
        {{ xl_currency('tr_p_waluta') }} as currency_code,

        case when tr_p_typ = 1 then -1 else 1 end as sign,
        case when tr_p_typ = 1 then -1 else 1 end * tr_p_kwota as amount,

        tr_p_termin as due_date
    from due

)

select * from renamed
