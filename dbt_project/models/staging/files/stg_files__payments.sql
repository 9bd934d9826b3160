{{ files_entity('payments') }}
