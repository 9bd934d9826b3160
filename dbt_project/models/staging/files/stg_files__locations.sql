{{ files_entity('locations') }}
