{{ files_entity('cost_entries') }}
