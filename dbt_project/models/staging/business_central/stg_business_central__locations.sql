with

locations as (

    select * from {{ raw('business_central', 'locations') }}

),

renamed as (

    select
        source,
        {{ key('source', 'company_id', 'code') }} as location_key,

        company_name as company,
        code as name,
        {{ country_code('country') }} as country_code
    from locations
    where not is_deleted

)

select * from renamed
