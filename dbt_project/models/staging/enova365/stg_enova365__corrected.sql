-- A second correction names the first, and so on: here each names the line it goes back to.
with recursive

links as (

    select
        lower_line_key as line_key,
        min(upper_line_key) as corrected_line_key,
        min(upper_document_key) as corrected_document_key,
        count(distinct upper_line_key) as corrected_lines
    from {{ ref('stg_enova365__links') }}
    where is_correction
    group by 1

),

steps as (

    select
        line_key,
        corrected_line_key as first_line_key,
        corrected_document_key as first_document_key,
        1 as steps_back
    from links
    where corrected_lines = 1

    union all

    select
        steps.line_key,
        links.corrected_line_key as first_line_key,
        links.corrected_document_key as first_document_key,
        steps.steps_back + 1 as steps_back
    from steps
    inner join links on steps.first_line_key = links.line_key
    where links.corrected_lines = 1 and steps.steps_back < 100

),

renamed as (

    select
        line_key,
        first_line_key,
        first_document_key
    from steps
    qualify row_number() over (partition by line_key order by steps_back desc) = 1

)

select * from renamed
