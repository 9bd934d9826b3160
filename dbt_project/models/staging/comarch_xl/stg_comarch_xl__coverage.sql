{{ covered('comarch_xl') }}
