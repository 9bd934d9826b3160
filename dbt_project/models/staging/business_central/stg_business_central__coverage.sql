{{ covered('business_central') }}
