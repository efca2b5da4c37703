"""Finds the tables in whatever a person delivers, JSON and web pages included, and cleans them to plain CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ingest.tables.csv_text import (
        DELIMITERS,
        MAX_COLUMNS,
        ReadableText,
        Record,
        delimiter_and_headers,
        readable_text,
        records,
        undo_double_encoding,
    )
    from core.wallet.ingest.tables.double_encoding import decode_again, find_double_encoding
    from core.wallet.ingest.tables.encodings import encoding_of_unicode
    from core.wallet.ingest.tables.finder import (
        MIN_IN_HEADER,
        NAMES,
        NULL_WORDS,
        TOTAL,
        Cleaned,
        Grid,
        Original,
        clean_table,
        find_header,
        is_total,
        matches_exactly,
        split_grid,
    )
    from core.wallet.ingest.tables.json_tables import cell_text, find_tables, keys_of, signs_of_more
    from core.wallet.ingest.tables.web_tables import looks_like_web_page, table_rows
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "csv_text": (
                "DELIMITERS MAX_COLUMNS ReadableText Record delimiter_and_headers readable_text records undo_double_encoding"
            ),
            "double_encoding": "decode_again find_double_encoding",
            "encodings": "encoding_of_unicode",
            "finder": (
                "Cleaned Grid MIN_IN_HEADER NAMES NULL_WORDS Original TOTAL clean_table find_header is_total matches_exactly"
                " split_grid"
            ),
            "json_tables": "cell_text find_tables keys_of signs_of_more",
            "web_tables": "looks_like_web_page table_rows",
        },
    )

__all__ = [
    "DELIMITERS",
    "MAX_COLUMNS",
    "MIN_IN_HEADER",
    "NAMES",
    "NULL_WORDS",
    "TOTAL",
    "Cleaned",
    "Grid",
    "Original",
    "ReadableText",
    "Record",
    "cell_text",
    "clean_table",
    "decode_again",
    "delimiter_and_headers",
    "encoding_of_unicode",
    "find_double_encoding",
    "find_header",
    "find_tables",
    "is_total",
    "keys_of",
    "looks_like_web_page",
    "matches_exactly",
    "readable_text",
    "records",
    "signs_of_more",
    "split_grid",
    "table_rows",
    "undo_double_encoding",
]
