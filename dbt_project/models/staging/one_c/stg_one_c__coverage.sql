{{ covered('one_c') }}
