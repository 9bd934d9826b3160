-- The account's name is its only id. One country and one sector are misspelt in the export.
select
    accounts.account as account_id,
    nullif(accounts.subsidiary_of, '') as parent_account_id,
    accounts.account as name,
    countries.country_code,
    case accounts.sector when 'technolgy' then 'technology' else accounts.sector end as industry,
    accounts._file,
    accounts._line
from accounts
left join countries on accounts.office_location = countries.country
