{{ files_entity('people') }}
