-- What should somebody look at in the data, most serious kinds first?
select
    severity,
    code,
    owner_role,
    count(*) as rows_counted
from marts.exceptions
group by severity, code, owner_role
order by case severity when 'error' then 1 when 'warning' then 2 else 3 end, rows_counted desc, code
