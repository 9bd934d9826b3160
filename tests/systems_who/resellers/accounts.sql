-- The region is the sales territory here too, so that the two systems speak of the same regions.
select
    reseller.ResellerAlternateKey as account_id,
    reseller.ResellerName as name,
    geography.CountryRegionCode as country_code,
    territory.SalesTerritoryRegion as region,
    reseller.Phone as phone,
    true as is_customer,
    reseller._file,
    reseller._line
from DimReseller as reseller
left join DimGeography as geography on reseller.GeographyKey = geography.GeographyKey
left join DimSalesTerritory as territory on geography.SalesTerritoryKey = territory.SalesTerritoryKey
