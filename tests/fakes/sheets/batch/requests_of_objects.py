"""Requests about what lies over the cells: names, charts, rules, protection, metadata, banding, filters."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from tests.fakes.sheets.batch.requests import area, bounds, by_id, fresh_id, handles, mask, without_zeros
from tests.fakes.sheets.book import RefusedError
from tests.fakes.sheets.description.masks import written

if TYPE_CHECKING:
    from tests.fakes.sheets.book import Book, Sheet

Json = dict[str, Any]
NAME, LIKE_A_CELL = (
    re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,249}"),
    re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d+[Cc]\d+|true|false", re.IGNORECASE),
)


@handles("addNamedRange")
def add_named_range(book: Book, body: Json) -> Json:
    """Name a range."""
    name = dict(body.get("namedRange", {}))
    _check_name(book, name)
    name["namedRangeId"] = fresh_id(book, name.get("namedRangeId"), (other["namedRangeId"] for other in book.names))
    book.names.append(name)
    return {"namedRange": copy.deepcopy(name)}


def _check_name(book: Book, name: Json) -> None:
    text = name.get("name", "")
    if not NAME.fullmatch(text) or LIKE_A_CELL.fullmatch(text):
        raise RefusedError(f'The name "{text}" is not valid for a named range.')
    taken = [other for other in book.names if other["name"].lower() == text.lower()]
    if any(other["namedRangeId"] != name.get("namedRangeId") for other in taken):
        raise RefusedError(f'A named range with the name "{text}" already exists.')
    bounds(book, name.get("range", {}))
    name["range"] = without_zeros(name.get("range", {}))


@handles("updateNamedRange")
def update_named_range(book: Book, body: Json) -> None:
    """Rename a named range, or let it mean another one."""
    fields, wanted = mask(body, "NamedRange"), body.get("namedRange", {})
    held = by_id(book.names, "namedRangeId", wanted.get("namedRangeId"), "named range")
    then = written(held, wanted, fields) | {"namedRangeId": held["namedRangeId"]}
    _check_name(book, then)
    book.names[book.names.index(held)] = then


@handles("deleteNamedRange")
def delete_named_range(book: Book, body: Json) -> None:
    """Forget a name."""
    book.names.remove(by_id(book.names, "namedRangeId", body.get("namedRangeId"), "named range"))


@handles("createDeveloperMetadata")
def create_developer_metadata(book: Book, body: Json) -> Json:
    """Tie a key and value to the spreadsheet, a sheet, one row or one column."""
    tag = copy.deepcopy(body.get("developerMetadata", {}))
    if not tag.get("metadataKey"):
        raise RefusedError("developerMetadata.metadataKey is required")
    if tag.get("visibility") not in {"DOCUMENT", "PROJECT"}:
        raise RefusedError("developerMetadata.visibility is required")
    tag["metadataId"] = int(fresh_id(book, tag.get("metadataId"), (other["metadataId"] for other in book.tags)))
    tag["location"] = _located(book, tag.get("location", {}))
    book.tags.append(tag)
    return {"developerMetadata": copy.deepcopy(tag)}


def _located(book: Book, location: Json) -> Json:
    if location.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "dimensionRange" not in location:
        sheet = book.sheet(location.get("sheetId", 0))
        return {"locationType": "SHEET", "sheetId": sheet.id}
    line = location["dimensionRange"]
    sheet = book.sheet(line.get("sheetId", 0))
    start, end = line.get("startIndex", 0), line.get("endIndex", 0)
    if end - start != 1 or end > sheet.count(line["dimension"]):
        raise RefusedError("developerMetadata.location.dimensionRange must represent a single row or column")
    return {"locationType": line["dimension"].removesuffix("S"), "dimensionRange": line | {"startIndex": start}}


@handles("updateDeveloperMetadata")
def update_developer_metadata(book: Book, body: Json) -> Json:
    """Change the metadata that filters match."""
    fields, wanted = mask(body, "DeveloperMetadata"), body.get("developerMetadata", {})
    found = [tag for one in body.get("dataFilters", []) for tag in matching(book, one)]
    for tag in found:
        then = written(tag, wanted, fields) | {"metadataId": tag["metadataId"]}
        book.tags[book.tags.index(tag)] = then | ({"location": _located(book, then["location"])} if "location" in fields else {})
    ids = {tag["metadataId"] for tag in found}
    return {"developerMetadata": [copy.deepcopy(tag) for tag in book.tags if tag["metadataId"] in ids]}


@handles("deleteDeveloperMetadata")
def delete_developer_metadata(book: Book, body: Json) -> Json:
    """Delete the metadata that a filter matches."""
    found = matching(book, body.get("dataFilter", {}))
    book.tags = [tag for tag in book.tags if tag not in found]
    return {"deletedDeveloperMetadata": found}


def matching(book: Book, data_filter: Json) -> list[Json]:
    """Return the metadata that a DataFilter's lookup matches. Raises: RefusedError, for filters by range."""
    lookup = data_filter.get("developerMetadataLookup")
    if lookup is None:
        raise RefusedError("This server of the tests looks metadata up by developerMetadataLookup only.", 501)
    wanted = {key: lookup[key] for key in ("metadataId", "metadataKey", "metadataValue", "visibility") if key in lookup}
    found = [tag for tag in book.tags if all(tag.get(key) == value for key, value in wanted.items())]
    if "locationType" in lookup:
        found = [tag for tag in found if tag["location"]["locationType"] == lookup["locationType"]]
    if "metadataLocation" in lookup:
        found = [tag for tag in found if tag["location"] == _located(book, lookup["metadataLocation"])]
    return found


@handles("addChart")
def add_chart(book: Book, body: Json) -> Json:
    """Lay a chart over cells."""
    chart = copy.deepcopy(body.get("chart", {}))
    position = chart.get("position", {})
    if "overlayPosition" not in position:
        raise RefusedError("This server of the tests lays charts over cells only.", 501)
    sheet = _anchor(book, position)
    chart["chartId"] = _free_chart_id(book, chart.get("chartId"))
    _check_spec(book, chart.get("spec", {}))
    chart["position"] = {"overlayPosition": {"widthPixels": 600, "heightPixels": 371} | position["overlayPosition"]}
    sheet.objects["charts"].append(chart)
    return {"chart": copy.deepcopy(chart)}


def _anchor(book: Book, position: Json) -> Sheet:
    cell = position["overlayPosition"].get("anchorCell", {})
    sheet = book.sheet(cell.get("sheetId", 0))
    if cell.get("rowIndex", 0) >= sheet.rows or cell.get("columnIndex", 0) >= sheet.columns:
        raise RefusedError("The chart's anchor cell is beyond the grid.")
    return sheet


def _free_chart_id(book: Book, wanted: int | None) -> int:
    return int(fresh_id(book, wanted, (chart["chartId"] for _, chart in book.objects("charts"))))


def _check_spec(book: Book, spec: Json) -> None:
    kinds = {"basicChart", "pieChart", "scorecardChart", "bubbleChart", "histogramChart", "waterfallChart", "treemapChart"}
    if len(kinds & spec.keys()) != 1:
        raise RefusedError("A chart's spec must say which kind of chart it is, one of them.")
    for source in _ranges(spec):
        bounds(book, source)


def _ranges(value: Any) -> list[Json]:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [found for inner in value for found in _ranges(inner)]
    if not isinstance(value, dict):
        return []
    return [*value.get("sources", []), *(found for inner in value.values() for found in _ranges(inner))]


@handles("updateChartSpec")
def update_chart_spec(book: Book, body: Json) -> None:
    """Give a chart another spec, whole."""
    chart = _chart(book, body.get("chartId"))[1]
    _check_spec(book, body.get("spec", {}))
    chart["spec"] = copy.deepcopy(body["spec"])


def _chart(book: Book, chart_id: Any) -> tuple[Sheet, Json]:  # noqa: ANN401 - an id
    found = next(((sheet, chart) for sheet, chart in book.objects("charts") if chart["chartId"] == chart_id), None)
    if found is None:
        raise RefusedError(f"No embedded object with id: {chart_id}")
    return found


@handles("updateEmbeddedObjectPosition")
def update_embedded_object_position(book: Book, body: Json) -> Json:
    """Move or resize a chart."""
    if not body.get("fields"):
        raise RefusedError("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    sheet, chart = _chart(book, body.get("objectId"))
    overlay = body.get("newPosition", {}).get("overlayPosition", {})
    chart["position"] = {"overlayPosition": chart["position"]["overlayPosition"] | overlay}
    sheet.objects["charts"].remove(chart)
    _anchor(book, chart["position"]).objects["charts"].append(chart)
    return {"position": copy.deepcopy(chart["position"])}


@handles("deleteEmbeddedObject")
def delete_embedded_object(book: Book, body: Json) -> None:
    """Take a chart away."""
    sheet, chart = _chart(book, body.get("objectId"))
    sheet.objects["charts"].remove(chart)


@handles("addConditionalFormatRule")
def add_conditional_format_rule(book: Book, body: Json) -> None:
    """Add a rule at an index."""
    rule = copy.deepcopy(body.get("rule", {}))
    sheet = _rule_sheet(book, rule)
    sheet.objects["conditionalFormats"].insert(body.get("index", 0), rule)


def _rule_sheet(book: Book, rule: Json) -> Sheet:
    if not rule.get("ranges") or not {"booleanRule", "gradientRule"} & rule.keys():
        raise RefusedError("A conditional format rule needs ranges and a rule")
    sheets = [bounds(book, one)[0] for one in rule["ranges"]]
    if len({sheet.id for sheet in sheets}) > 1:
        raise RefusedError("All ranges of a conditional format must be on the same sheet.")
    return sheets[0]


@handles("updateConditionalFormatRule")
def update_conditional_format_rule(book: Book, body: Json) -> Json:
    """Replace or move the rule at an index."""
    sheet = book.sheet(body["rule"]["ranges"][0].get("sheetId", 0) if "rule" in body else body.get("sheetId", 0))
    rules, index = sheet.objects["conditionalFormats"], body.get("index", 0)
    old = _rule_at(rules, index)
    if "rule" in body:
        _rule_sheet(book, body["rule"])
        rules[index] = copy.deepcopy(body["rule"])
        return {"oldRule": old, "oldIndex": index, "newRule": copy.deepcopy(body["rule"]), "newIndex": index}
    rules.insert(body.get("newIndex", 0), rules.pop(index))
    return {"oldRule": old, "oldIndex": index, "newRule": old, "newIndex": body.get("newIndex", 0)}


@handles("deleteConditionalFormatRule")
def delete_conditional_format_rule(book: Book, body: Json) -> Json:
    """Delete the rule at an index."""
    rules = book.sheet(body.get("sheetId", 0)).objects["conditionalFormats"]
    rule = _rule_at(rules, body.get("index", 0))
    rules.remove(rule)
    return {"rule": rule}


def _rule_at(rules: list[Json], index: int) -> Json:
    if not 0 <= index < len(rules):
        raise RefusedError(f"No conditional format on sheet at index: {index}")
    return rules[index]


@handles("addProtectedRange")
def add_protected_range(book: Book, body: Json) -> Json:
    """Protect a range or a whole sheet."""
    protection = copy.deepcopy(body.get("protectedRange", {}))
    sheet = _protected_sheet(book, protection)
    if _is_of_sheet(protection) and any(_is_of_sheet(other) for other in sheet.objects["protectedRanges"]):
        raise RefusedError(f'Sheet "{sheet.title}" already has sheet protection.')
    taken = [other["protectedRangeId"] for _, other in book.objects("protectedRanges")]
    protection["protectedRangeId"] = int(fresh_id(book, protection.get("protectedRangeId"), taken))
    if not protection.get("warningOnly"):
        protection.setdefault("editors", {"users": ["owner@example.com"]})
    sheet.objects["protectedRanges"].append(protection)
    return {"protectedRange": copy.deepcopy(protection)}


def _is_of_sheet(protection: Json) -> bool:
    return "range" in protection and protection["range"].keys() <= {"sheetId"}


def _protected_sheet(book: Book, protection: Json) -> Sheet:
    if "namedRangeId" in protection:
        name = by_id(book.names, "namedRangeId", protection["namedRangeId"], "named range")
        return book.sheet(name["range"].get("sheetId", 0))
    if "range" not in protection:
        raise RefusedError("A protected range needs a range or a named range")
    if protection.get("warningOnly") and protection.get("editors"):
        raise RefusedError("A protected range with warningOnly has no editors")
    return bounds(book, protection["range"])[0]


@handles("updateProtectedRange")
def update_protected_range(book: Book, body: Json) -> None:
    """Change what is protected, or from whom."""
    fields, wanted = mask(body, "ProtectedRange"), body.get("protectedRange", {})
    sheet, held = _protection(book, wanted.get("protectedRangeId"))
    then = written(held, wanted, fields) | {"protectedRangeId": held["protectedRangeId"]}
    sheet.objects["protectedRanges"].remove(held)
    _protected_sheet(book, then).objects["protectedRanges"].append(then)


def _protection(book: Book, wanted: Any) -> tuple[Sheet, Json]:  # noqa: ANN401 - an id
    found = next((pair for pair in book.objects("protectedRanges") if pair[1]["protectedRangeId"] == wanted), None)
    if found is None:
        raise RefusedError(f"No protected range with id: {wanted}")
    return found


@handles("deleteProtectedRange")
def delete_protected_range(book: Book, body: Json) -> None:
    """Take protection away."""
    sheet, held = _protection(book, body.get("protectedRangeId"))
    sheet.objects["protectedRanges"].remove(held)


@handles("addBanding")
def add_banding(book: Book, body: Json) -> Json:
    """Colour alternating rows or columns."""
    banding = copy.deepcopy(body.get("bandedRange", {}))
    sheet = bounds(book, banding.get("range", {}))[0]
    banding["bandedRangeId"] = int(
        fresh_id(book, banding.get("bandedRangeId"), (one["bandedRangeId"] for _, one in book.objects("bandedRanges")))
    )
    sheet.objects["bandedRanges"].append(banding)
    return {"bandedRange": copy.deepcopy(banding)}


@handles("deleteBanding")
def delete_banding(book: Book, body: Json) -> None:
    """Take alternating colours away."""
    for sheet, banding in list(book.objects("bandedRanges")):
        if banding["bandedRangeId"] == body.get("bandedRangeId"):
            sheet.objects["bandedRanges"].remove(banding)
            return
    raise RefusedError(f"No banded range with id: {body.get('bandedRangeId')}")


@handles("setBasicFilter")
def set_basic_filter(book: Book, body: Json) -> None:
    """Put a filter on a sheet, in the place of the one it has."""
    basic = copy.deepcopy(body.get("filter", {}))
    sheet, rows, columns = bounds(book, basic.get("range", {}))
    sheet.objects["basicFilter"] = basic | {"range": area(sheet.id, rows, columns)}


@handles("clearBasicFilter")
def clear_basic_filter(book: Book, body: Json) -> None:
    """Take a sheet's filter away."""
    book.sheet(body.get("sheetId", 0)).objects.pop("basicFilter", None)
