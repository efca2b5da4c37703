"""Why files are refused, and why a file's figures may be wrong, each reason with what to do: one record per reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter
from typing import Any

from core.answer import group_digits
from core.errors import ExportError

NAMED_SETTING = re.compile(r"\bwallet\.(\w+)")


class _GroupedNumbers(Formatter):
    """Formats `{count:,}` in the number format of app.yaml."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 -- as the base class says
        """Return a fact as text."""
        return group_digits(value) if format_spec == "," else str(super().format_field(value, format_spec))


_FORMATTER = _GroupedNumbers()


@dataclass(frozen=True, slots=True)
class FileReason:
    """A problem with a file, and its solution.

    key: the reason's permanent name. sentence: what was found; remedy: what to do. Both have placeholders for facts, as `{name}`.
    """

    key: str
    sentence: str
    remedy: str

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings of `wallet` that the remedy names."""
        return tuple(NAMED_SETTING.findall(self.remedy))

    def tell(self, **facts: object) -> str:
        """Return the reason and its remedy for a file."""
        return _FORMATTER.vformat(f"{self.sentence} {self.remedy}", (), facts)

    def refusal(self, **facts: object) -> ExportError:
        """Return the error that refuses a file for this reason."""
        return ExportError(self.tell(**facts))


# The kind of file: determined before anything is read from it.

FOREIGN_KIND = FileReason("foreign_kind", "{name} is not an export: it is {what}.", "Import the export itself.")
PACKED_OTHERWISE = FileReason(
    "packed_otherwise", "{name} is not an export: it is {what}.", "Unpack it and import what is inside."
)
WEB_ARCHIVE = FileReason("web_archive", "{name} is not an export: it is {what}.", "Open it in Excel and save it as .xlsx or CSV.")
EMPTY = FileReason("empty", "{name} is empty.", "Export it again.")
XML = FileReason("xml", "{name} is XML, and no known export is.", "Open it in Excel and save it as .xlsx or CSV.")
DAMAGED_ARCHIVE = FileReason(
    "damaged_archive", "{name} is a damaged {kind}: {trouble}.", "Get it again, or import what is inside."
)
DAMAGED_DATA = FileReason(
    "damaged_data", "{name} is damaged: its compressed data {breaks}.", "Get it again, or import what is inside."
)
LOCKED_ARCHIVE = FileReason("locked_archive", "{name} is locked with a password.", "Unpack it and import what is inside.")
TOO_DEEP = FileReason("too_deep", "{name} is an archive inside archives, {depth} deep.", "Unpack it and import what is inside.")
TOO_MANY_FILES = FileReason(
    "too_many_files",
    "{name} holds {count:,} files; {most:,} is the most I take from one archive.",
    "Unpack it and import the folder.",
)
NO_FILE_INSIDE = FileReason("no_file_inside", "{name} holds no file.", "Import the export itself.")
POINTS_OUTSIDE = FileReason(
    "points_outside",
    "{name} holds a file named {member!r}, which points outside the archive. I read none of it.",
    "Unpack it with care, and import the exports.",
)
EXPANDS_TOO_FAR = FileReason(
    "expands_too_far",
    "{name} expands to more than the {most:,} bytes I take from one archive.",
    "If it is what it should be, raise wallet.max_expanded_bytes.",
)
TOO_LARGE = FileReason(
    "too_large",
    "{name} expands to more than wallet.max_expanded_bytes allows.",
    "If it is what it should be, raise wallet.max_expanded_bytes.",
)
DAMAGED_FILE = FileReason("damaged_file", "{name} is a damaged {kind}: {trouble}.", "Save it again, or save it as CSV.")
LOCKED_WORKBOOK = FileReason("locked_workbook", "{name} is locked with a password.", "Save it without one.")
NEVER_CALCULATED = FileReason(
    "never_calculated",
    "{name} holds formulas that were never calculated, for example in cell {cell}.",
    "Open it in Excel or LibreOffice, save it, and import it again.",
)
TOO_MANY_CELLS = FileReason(
    "too_many_cells", "{name} spans {rows:,} rows and {columns:,} columns, more than I take from a workbook.", "Save it as CSV."
)
LONG_JSON = FileReason(
    "long_json", "{name} is one JSON document of over {most:,} bytes.", "Export JSON lines, Parquet or CSV instead."
)
BROKEN_JSON = FileReason("broken_json", "{name} looks like JSON but is broken, perhaps cut off.", "Export it again.")
LONG_PAGE = FileReason("long_page", "{name} is a web page of over {most:,} bytes.", "Export it as CSV instead.")
PAGE_WITHOUT_TABLE = FileReason(
    "page_without_table", "{name} is not an export: it is a web page, perhaps a log-in page.", "Log in and export it again."
)
JSON_WITHOUT_ROWS = FileReason(
    "json_without_rows", "{name} is JSON without a list of rows in it.", "Export the answer of a query, with its rows."
)
TOO_MANY_COLUMNS = FileReason(
    "too_many_columns",
    "{name} has {count:,} columns; a wallet export has about thirty, and I take {most:,} at most.",
    "Leave out what is no part of the export.",
)
NUL_BYTE = FileReason("nul_byte", "{name} is not a text file: it has a NUL byte at byte {place:,}.", "Export it again as CSV.")
LONG_LINE = FileReason(
    "long_line",
    "{name} has a line of more than a mebibyte at byte {place:,}: no wallet export has one.",
    "Export it again as CSV.",
)

# The table, and how it is written.

NO_HEADER = FileReason(
    "no_header", "{name} has no header that I know in its first {rows} rows.", "See how it could be read: {learning}."
)
DAYS_AS_COLUMNS = FileReason(
    "days_as_columns",
    "{name} has a column for each day ({first}, {second}).",
    "Give it a row for each day instead, with the columns Date, Agent and Credits, and import that.",
)
TWO_COLUMNS = FileReason(
    "two_columns",
    "{name} has two columns for {label}, {first} and {second}, which differ (line {line}: {first_value} and {second_value}).",
    "Leave one out, or say which one it is: {learning} --map {word}=…",
)
OTHER_ENCODING = FileReason(
    "other_encoding",
    "{name} is not written in {encoding}, as wallet.encoding says.",
    "Correct the setting wallet.encoding, or export it as UTF-8.",
)
TIMES_WITHOUT_ZONE = FileReason(
    "times_without_zone",
    "The times in {name} carry no zone: they may be UTC or {time_zone}.",
    "Set wallet.export_time_zone to the zone of the person who ran the report.",
)
OTHER_DATE_ORDER = FileReason(
    "other_date_order",
    "wallet.date_order is {order}, but the dates in {name} cannot be read that way (for example {example}).",
    "Correct the setting wallet.date_order.",
)
TWO_DATE_ORDERS = FileReason(
    "two_date_orders",
    "The dates in {name} can be read in two ways (for example {example}).",
    "Set wallet.date_order to day_first or month_first.",
)
BOTH_MARKS = FileReason(
    "both_marks",
    "{name} writes some numbers with a decimal comma and some with a point.",
    "Set wallet.decimal to the one that is meant.",
)
TWO_MARKS = FileReason(
    "two_marks", "The numbers in {name} can be read in two ways (for example {example}).", "Set wallet.decimal to ',' or '.'."
)
OTHER_MARK = FileReason(
    "other_mark",
    "wallet.decimal is {mark} but most numbers in {name} are written the other way.",
    "Correct the setting wallet.decimal.",
)

# Doubts: the file was imported, but its figures may be wrong.

SEVERAL_ENCODINGS = FileReason(
    "several_encodings",
    "{word}, as it is read in {encoding}, may be {others}: the file is not Unicode and nothing in it decides.",
    "Set wallet.encoding to {choices}, or export it as UTF-8, and import it again.",
)
ENCODED_TWICE_IN_PART = FileReason(
    "encoded_twice_in_part",
    "{word} may be {meant}, encoded twice ({taken_for}), but not all of the file is: it was left as it is.",
    "If that name looks wrong, import the file as it was exported, not as a spreadsheet saved it.",
)
HIDDEN_SHEET = FileReason(
    "hidden_sheet",
    "{names} is a hidden sheet and is left out.",
    "Unhide it to have it counted, or delete it, and import that.",
)
PART_OF_AN_ANSWER = FileReason(
    "part_of_an_answer",
    "It is a part of an answer (it says {said}).",
    "Fetch what follows, or export fewer days, and import that too.",
)
ENDS_IN_A_SUM = FileReason(
    "ends_in_a_sum",
    "Its last row holds as much as all others together and says less: it counts as use.",
    "If it is a total, delete it and import the file again, after taking this import back.",
)
OTHER_TOTAL = FileReason(
    "other_total",
    "Its own total says {stated:,} credits, its rows come to {total:,}.",
    "Export it again, with all details shown, and import that.",
)
CONTRADICTION = FileReason(
    "contradiction",
    "{rows} an earlier import ({said} where {file_name} says {known}) and nothing in either says which is newer: the larger"
    " counts.",
    "Export both again with Processed Time, or {or_else}.",
)
LATE_FOR_THE_TRUTH = FileReason(
    "late_for_the_truth",
    "{rows} in days that import {import_id} ({file_name}) is authoritative for, which does not have {them}: {credits} credits "
    "do not"
    " count.",
    "If they should, take that back (agentcost import --undo {import_id}), or replace the days with a file that has all.",
)
UNCLEAR_IDS = FileReason(
    "unclear_ids",
    "{ids} on rows of different amounts or agents, and nothing says which is newer: the larger counts.",
    "Export with Processed Time, or, if it is not a key, without that column.",
)
ROWS_WITHOUT_ID = FileReason(
    "rows_without_id",
    "{rows} what a row with one says: treated as the same usage, they count once.",
    "If they are additional usage, export them with Id in every row and import that.",
)
NUMBERED_ROWS = FileReason(
    "numbered_rows",
    "{ids} with another time in an earlier import, such as {example}: of each only one row counts.",
    "If {header} numbers rows and is not a key, take both back (agentcost import --undo N), and import both without {header}.",
)
RENAMED_KEYS = FileReason(
    "renamed_keys",
    "{rows} what rows of an earlier import say under other ids, and both count.",
    "If they are the same usage, take one or the other back (agentcost import --undo N).",
)
DIFFERING_DAY_SUMS = FileReason(
    "differing_day_sums",
    "{days} to other credits in sums by agent and day than in single events: of each agent the larger counts.",
    "If that is wrong, take one or the other back (agentcost import --undo N).",
)
ROWS_CUT_OFF = FileReason(
    "rows_cut_off",
    "{rows} alike at the first or last minute of the file, and in an earlier one: counted as often as the fuller of them has it.",
    "Export whole days, or with Id, to be sure.",
)
SAME_GRANT = FileReason(
    "same_grant",
    "{rows} of {credits} credits without an id, but with card, day and amount of another delivery's: treated as the same grant, "
    "counted once.",
    "If it is another one, export the ledger with Id.",
)
UNKNOWN_TRANSACTION_TYPE = FileReason(
    "unknown_transaction_type",
    "{kind} is not a transaction type that I know: {rows} of {credits} credits not counted.",
    "Say in app.yaml what it does: wallet: {{transaction_types: {{{kind}: adds}}}}, or takes_away, or ignored.",
)

# All of the above, so that the remedy of each is reviewed.
FILE_REASONS = tuple(reason for reason in tuple(globals().values()) if isinstance(reason, FileReason))
