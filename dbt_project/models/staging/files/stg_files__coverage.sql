{{ covered('files') }}
