{{ covered('enova365') }}
