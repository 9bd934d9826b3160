{#-
    -1 for a credit note that its export writes with positive amounts, as most ERPs print them; 1 for all else. The
    document's total decides, so that a credit note keeps the opposite signs that single lines of it may have.
-#}
{% macro files_sign(entity) -%}
    case
        when
            exists (
                select 1 from {{ raw('files', 'invoices') }} as documents
                where
                    documents.source = {{ entity }}.source
                    and documents.invoice_id = {{ entity }}.invoice_id
                    and documents.kind = 'credit_note'
                    and coalesce(
                        documents.net_amount,
                        documents.gross_amount,
                        (
                            select sum(lines.net_amount) from {{ raw('files', 'invoice_lines') }} as lines
                            where lines.source = documents.source and lines.invoice_id = documents.invoice_id
                        )
                    ) > 0
            )
            then -1
        else 1
    end
{%- endmacro %}
