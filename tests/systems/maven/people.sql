-- Managers are named beside their agents and have no row of their own.
select
    sales_agent as person_id,
    manager as manager_id,
    sales_agent as name,
    regional_office as team,
    _file,
    _line
from sales_teams
union all
select distinct
    manager as person_id,
    null as manager_id,
    manager as name,
    regional_office as team,
    null as _file,
    null as _line
from sales_teams
