-- Cost is not on the card: it is what lies in the warehouses by what lies there costs.
with

items as (

    select * from {{ raw('comarch_xl', 'twr_karty') }}

),

categories as (

    select
        members.source,
        members.tgd_gid_numer as item_id,
        {{ none_text('named.tgd_kod') }} as category
    from {{ raw('comarch_xl', 'twr_grupy_dom') }} as members
    inner join {{ raw('comarch_xl', 'twr_grupy_dom') }} as named
        on
            members.source = named.source
            and members.tgd_gr_o_numer = named.tgd_gid_numer
            and named.tgd_gid_typ = -16
    where members.tgd_gid_typ = 16 and not members.is_deleted and not named.is_deleted

),

stock as (

    select
        source,
        tw_z_twr_numer as item_id,
        {{ exact_ratio('sum(tw_z_ksiegowa_netto)', 'sum(tw_z_il_mag)') }} as unit_cost
    from {{ raw('comarch_xl', 'twr_zasoby') }}
    where not is_deleted
    group by 1, 2
    having sum(tw_z_il_mag) > 0

),

renamed as (

    select
        items.source,
        {{ key('items.source', 'items.twr_gid_numer') }} as product_key,

        coalesce({{ none_text('items.twr_kod') }}, cast(items.twr_gid_numer as {{ dbt.type_string() }})) as sku,
        {{ none_text('items.twr_nazwa') }} as name,
        categories.category,
        {{ none_text('items.twr_jm') }} as unit_of_measure,
        {{ xl_local_currency() }} as currency_code,

        stock.unit_cost
    from items
    left join categories on items.source = categories.source and items.twr_gid_numer = categories.item_id
    left join stock on items.source = stock.source and items.twr_gid_numer = stock.item_id
    where not items.is_deleted

)

select * from renamed
