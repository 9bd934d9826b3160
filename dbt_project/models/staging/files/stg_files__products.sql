{{ files_entity('products') }}
