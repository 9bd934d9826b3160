{{ files_entity('accounts') }}
