{{ covered('hubspot') }}
