{{ files_entity('time_entries') }}
