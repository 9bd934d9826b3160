{{ files_entity('deductions') }}
