{{ covered('nbp') }}
