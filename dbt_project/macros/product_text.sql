{#- Article numbers and names as far as they can be compared. DuckDB only. -#}

{#- An article number as two systems would both have it: letters and digits, without leading zeros. -#}
{% macro plain_sku(sku) -%}
    nullif(regexp_replace({{ letters_and_digits(sku) }}, '^0+', ''), '')
{%- endmacro %}


{#- The same with its parts kept apart: 1-23 and 12-3 are two numbers, though their digits are the same. -#}
{% macro sku_parts(sku) -%}
    regexp_replace(regexp_replace(trim(upper({{ sku }})), '[^\p{L}\p{N}]+', '-', 'g'), '^[0-]+|-+$', '', 'g')
{%- endmacro %}


{#- The words of a text as typed, one row each, and their places. -#}
{% macro numbered_words(text) -%}
    {%- set words = "regexp_split_to_array(trim(" ~ text ~ "), '[\\s,;:()\"]+')" -%}
    unnest({{ words }}) as word,
    generate_subscripts({{ words }}, 1) as place
{%- endmacro %}


{#- The different words of a name, as a list: upper case, two characters and more. -#}
{% macro name_words(name) -%}
    list_sort(list_distinct(list_filter(
        regexp_split_to_array(upper({{ name }}), '[^\p{L}\p{N}]+'), lambda word: length(word) > 1
    )))
{%- endmacro %}


{#-
    How alike two lists of words are, 0 to 1: the share of words, of both lists, that the other list has too. A word may
    be mistyped, unless it has a digit: 1002 and 1003 are two articles.
-#}
{% macro words_alike(some, others) -%}
    (
        1.0 * (len({{ words_found(some, others) }}) + len({{ words_found(others, some) }}))
        / nullif(len({{ some }}) + len({{ others }}), 0)
    )
{%- endmacro %}


{% macro words_found(some, others) -%}
    list_filter({{ some }}, lambda word: list_contains({{ others }}, word) or (
        not regexp_matches(word, '\d') and len(list_filter(
            {{ others }}, lambda other: not regexp_matches(other, '\d') and jaro_winkler_similarity(word, other) >= 0.93
        )) > 0
    ))
{%- endmacro %}


{#- Whether an article number is long enough not to stand in a text by accident: a year, a price, a quantity. -#}
{% macro is_telling_sku(plain) -%}
    (length({{ plain }}) >= 4 and regexp_matches({{ plain }}, '\d') and not regexp_full_match({{ plain }}, '\d{1,4}'))
{%- endmacro %}
