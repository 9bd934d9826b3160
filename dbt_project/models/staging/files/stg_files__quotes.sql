{{ files_entity('quotes') }}
