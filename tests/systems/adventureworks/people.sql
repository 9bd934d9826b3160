-- The export names its salespeople by number only.
select distinct
    EmployeeKey as person_id,
    'Employee ' || EmployeeKey as name
from FactResellerSales
