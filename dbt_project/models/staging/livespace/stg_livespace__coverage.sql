{{ covered('livespace') }}
