{{ files_entity('tickets') }}
