{{ covered('cbr') }}
