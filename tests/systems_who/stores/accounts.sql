-- Names as they are: four of them end in a blank. The territory is all that is known of the place.
select
    'store' || store.customer_id as account_id,
    store.store_name as name,
    territory.SalesTerritoryRegion as region,
    true as is_customer,
    store._file,
    store._line
from oltp_store_crm as store
left join DimSalesTerritory as territory on store.territory_id = territory.SalesTerritoryAlternateKey
