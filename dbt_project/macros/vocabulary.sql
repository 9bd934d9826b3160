{#- The channel a vendor's word means; a word the seed does not know is `other`, no word is null. -#}
{% macro channel(word) -%}
    case
        when nullif(trim({{ word }}), '') is not null
            then
                coalesce(
                    (
                        select min(channels.channel) from {{ ref('channels') }} as channels
                        where channels.word = lower(trim({{ word }}))
                    ),
                    'other'
                )
    end
{%- endmacro %}


{#- The ISO code of a country given by name or code; null where the seed does not know it. -#}
{% macro country_code(word) -%}
    (
        select min(countries.country_code) from {{ ref('countries') }} as countries
        where countries.word = lower(trim({{ word }}))
    )
{%- endmacro %}


{#- Why a name is no name (test, duplicate …); null for real ones. The words stand in a seed. -#}
{% macro junk_reason(name) -%}
    (
        select min(junk_words.excluded_reason) from {{ ref('junk_words') }} as junk_words
        where junk_words.word = lower(trim({{ name }}))
    )
{%- endmacro %}
