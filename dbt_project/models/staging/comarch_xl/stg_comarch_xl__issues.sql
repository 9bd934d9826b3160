-- From which lot a line took its goods, for which line of which order, and which line of an invoice collects it. One
-- delivery may serve many orders: only here they stand, the header names an order when there is one. What no lot is
-- kept of (services) is its line as a whole.
with

lots as (

    select
        *,
        {{ key('source', 'tr_s_gid_numer', 'tr_s_gid_lp') }} as line_key
    from {{ raw('comarch_xl', 'tra_s_elem') }}
    where not is_deleted

),

documents as (

    select * from {{ ref('stg_comarch_xl__documents') }}

),

lines as (

    select * from {{ ref('stg_comarch_xl__lines') }}

),

issues as (

    select
        lines.*,
        documents.order_key as order_key_of_header,
        documents.collected_by_key,
        coalesce(lots.tr_s_sub_gid_lp, 0) as lot_number,
        case
            when lots.tr_s_rez_typ = 960 and lots.tr_s_rez_numer > 0
                then {{ key('lots.source', 'lots.tr_s_rez_numer') }}
        end as reserved_order_key,
        case
            when lots.tr_s_rez_typ = 960 and lots.tr_s_rez_numer > 0 and lots.tr_s_rez_lp > 0
                then {{ key('lots.source', 'lots.tr_s_rez_numer', 'lots.tr_s_rez_lp') }}
        end as reserved_order_line_key,
        case
            when {{ xl_is_invoice('lots.tr_s_spi_typ', 'lots.tr_s_spi_numer') }} and lots.tr_s_spi_lp > 0
                then {{ key('lots.source', 'lots.tr_s_spi_numer', 'lots.tr_s_spi_lp') }}
        end as collecting_line_key,
        coalesce(lots.tr_s_ilosc, lines.quantity) as issued_quantity,
        case when lots.line_key is null then lines.local_cost_amount else lots.tr_s_koszt_ksiegowy end as issued_cost
    from lines
    inner join documents on lines.document_key = documents.document_key
    left join lots on lines.line_key = lots.line_key

),

-- Where the reservation is gone, an order's only line with the article.
only_lines as (

    select
        {{ key('source', 'za_e_gid_numer') }} as order_key,
        {{ key('source', 'za_e_twr_numer') }} as product_key,
        min({{ key('source', 'za_e_gid_numer', 'za_e_gid_lp') }}) as order_line_key
    from {{ raw('comarch_xl', 'zam_elem') }}
    where not is_deleted and za_e_twr_numer > 0
    group by 1, 2
    having count(*) = 1

),

-- Where a collecting invoice does not say by which line, its first line with the article.
first_lines as (

    select
        document_key,
        product_key,
        {{ first_known('line_key', 'line_number') }} as line_key
    from lines
    where product_key is not null
    group by 1, 2

),

renamed as (

    select
        issues.source,
        {{ key('issues.source', 'issues.line_key', 'issues.lot_number') }} as issue_key,
        issues.line_key,
        issues.document_key,
        coalesce(issues.reserved_order_key, issues.order_key_of_header) as order_key,
        coalesce(issues.reserved_order_line_key, only_lines.order_line_key) as order_line_key,
        issues.product_key,
        coalesce(issues.collecting_line_key, first_lines.line_key) as collecting_line_key,

        issues.role,

        issues.issued_quantity as quantity,
        issues.issued_cost as local_cost_amount
    from issues
    left join only_lines
        on
            coalesce(issues.reserved_order_key, issues.order_key_of_header) = only_lines.order_key
            and issues.product_key = only_lines.product_key
    left join first_lines
        on issues.collected_by_key = first_lines.document_key and issues.product_key = first_lines.product_key

)

select * from renamed
