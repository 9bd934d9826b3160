{{ covered('salesforce') }}
