-- Resellers and internet customers. Four store names end in a blank. The e-mail domain of every person is the shop's
-- own, which says nothing about who they are, so it is left out.
select
    reseller.ResellerAlternateKey as account_id,
    trim(reseller.ResellerName) as name,
    geography.CountryRegionCode as country_code,
    geography.StateProvinceName as region,
    reseller.Phone as phone,
    reseller.AddressLine1 as street,
    geography.PostalCode as postcode,
    geography.City as city,
    reseller.BusinessType as segment,
    true as is_customer,
    reseller._file,
    reseller._line
from DimReseller as reseller
left join DimGeography as geography on reseller.GeographyKey = geography.GeographyKey
union all
select
    customer.CustomerAlternateKey as account_id,
    concat_ws(' ', customer.FirstName, customer.MiddleName, customer.LastName) as name,
    geography.CountryRegionCode as country_code,
    geography.StateProvinceName as region,
    customer.Phone as phone,
    customer.AddressLine1 as street,
    geography.PostalCode as postcode,
    geography.City as city,
    'Individual' as segment,
    true as is_customer,
    customer._file,
    customer._line
from DimCustomer as customer
left join DimGeography as geography on customer.GeographyKey = geography.GeographyKey
