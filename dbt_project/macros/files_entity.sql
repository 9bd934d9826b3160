{#-
    An entity as files give it. The columns are those its YAML lists: raw has them under the same names, but for keys,
    which are ids there. Several instances of `files` are several systems, so the source comes first in each key.
-#}
{% macro files_entity(entity, words={}) %}
    select
        {%- for column in model.columns.values() %}
        {% if column.name in words -%}
            {{ words[column.name] }} as {{ column.name }}
        {%- elif column.name.endswith('_key') -%}
            {{ key('source', column.name[:-4] ~ '_id') }} as {{ column.name }}
        {%- else -%}
            {{ column.name }}
        {%- endif -%}
        {{ "," if not loop.last }}
        {%- endfor %}
        {%- if not model.columns %} 1 as nothing{% endif %}
    from {{ raw('files', entity) }} as {{ entity }}
{% endmacro %}
