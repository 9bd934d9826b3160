{{ covered('ecb') }}
