{{ config(database='remembered', schema='main', materialized='incremental', full_refresh=false) }}

select distinct
    account_key,
    md5(account_key) as customer_key,
    cast('{{ env_var("AS_OF") }}' as timestamp) as given_at
from {{ ref('orders') }}
where account_key is not null and account_key not in (select account_key from {{ this }})
