{{ covered('pipedrive') }}
