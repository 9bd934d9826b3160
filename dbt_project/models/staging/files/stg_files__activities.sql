{{ files_entity('activities') }}
