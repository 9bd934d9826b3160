{{ covered('tryton') }}
