{#-
    A probability as a part of 1. A source that states any above 1 states all of them in percent, so that its 1 is one
    percent; in a source that states none above 1, a 1 is certain. What is no probability either way is none.
-#}
{% macro probability(stated) -%}
    case
        when {{ stated }} < 0 or {{ stated }} > 100 then null
        when max({{ stated }}) over (partition by source) > 1 then cast({{ stated }} / 100.0 as decimal(9, 6))
        else {{ stated }}
    end
{%- endmacro %}
