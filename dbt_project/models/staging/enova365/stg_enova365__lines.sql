-- A correction says how its lines should be: what it changes is the difference to the lines it corrects, those of the
-- correction before it where it is not the first.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}

),

stated as (

    select
        lines.source,
        lines.id as line_id,
        {{ key('lines.source', 'lines.dokument', 'lines.ident') }} as line_key,
        documents.document_key,
        case when lines.towar > 0 then {{ key('lines.source', 'lines.towar') }} end as product_key,

        documents.role,
        {{ none_text('lines.ilosc_symbol') }} as unit_of_measure,

        coalesce(lines.ilosc_value, 0) as quantity,
        -- In the currency of the document; in the books' own money the books' own figure, which is without tax.
        case
            when documents.currency_code = {{ enova_local_currency() }} then lines.suma_netto
            when {{ enova_currency('lines.wartosc_cy_symbol') }} = documents.currency_code and documents.is_kept_net
                then lines.wartosc_cy_value
            else cast(lines.suma_netto / documents.booked_rate as decimal(18, 2))
        end as net_amount,
        lines.suma_netto as local_net_amount,
        lines.suma_vat as local_tax_amount,

        {{ enova_day('lines.dokument_dostawa_pozycja_termin') }} as promised_date
    from {{ raw('enova365', 'pozycje_dok_han') }} as lines
    inner join documents on lines.source = documents.source and lines.dokument = documents.document_id
    where not lines.is_deleted

),

corrected as (

    select
        links.lower_line_key as line_key,
        sum(stated.quantity) as quantity,
        sum(stated.net_amount) as net_amount,
        sum(stated.local_net_amount) as local_net_amount,
        sum(stated.local_tax_amount) as local_tax_amount
    from {{ ref('stg_enova365__links') }} as links
    inner join stated on links.upper_line_key = stated.line_key
    where links.is_correction
    group by 1

),

renamed as (

    select
        stated.source,
        stated.line_key,
        stated.document_key,
        stated.product_key,

        stated.line_id,
        stated.role,
        stated.unit_of_measure,

        stated.quantity - coalesce(corrected.quantity, 0) as quantity,
        stated.net_amount - coalesce(corrected.net_amount, 0) as net_amount,
        stated.local_net_amount - coalesce(corrected.local_net_amount, 0) as local_net_amount,
        stated.local_tax_amount - coalesce(corrected.local_tax_amount, 0) as local_tax_amount,

        stated.promised_date
    from stated
    left join corrected on stated.line_key = corrected.line_key

)

select * from renamed
