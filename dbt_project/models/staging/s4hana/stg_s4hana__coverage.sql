{{ covered('s4hana') }}
