"""Headers in a normal form, so that API names, report labels, query aliases and translations match."""

from __future__ import annotations

import re

AFFIXES = re.compile(r"__(?:c|dlm|dll)\b|\b(?:std|ssot)__")
SUMMED = re.compile(
    r"^(?:sum of|sum|total|summe von|summe|somme de|suma de|soma de)[\s_:]+(?=\S)|^total(?=[A-Zuqr])|\s*\((?:sum|total)\)$"
)
INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060]")
UNIT = re.compile(r"\s*\((?:flex\s*)?credits?\)$", re.IGNORECASE)
ZONE = re.compile(r"\s*\((?P<zone>(?:utc|gmt)(?:\s?[+-]\d{1,2}(?::?\d{2})?)?|[a-z]+/[a-z_]+(?:/[a-z_]+)?)\)$", re.IGNORECASE)
OF_ITS_OBJECT = frozenset({"id", "department"})
OWN_OBJECT = re.compile(r"tenant|usage|entitlement|consumption|transaction|event|sfdw|^[a-z]$")


def normal_header(header: str) -> str:
    """Return unitsconsumed for `Units Consumed`, `unitsconsumed__c`, `std__UnitsConsumed__c` or `Sum of Units Consumed`.

    The id of another object, such as `User: Id`, keeps its object: it is not a key of these rows. So does its department.
    """
    text = UNIT.sub("", ZONE.sub("", INVISIBLE.sub("", header).strip())).lower()
    before, _, name = text.replace(": ", ".").rpartition(".")
    plain = re.sub(r"[\s_\-]+", "", AFFIXES.sub("", SUMMED.sub("", name)))
    if plain in OF_ITS_OBJECT and before and not OWN_OBJECT.search(before):
        return re.sub(r"[\s_\-.]+", "", text)
    return TRANSLATED_LABELS.get(plain, plain)


def zone_in(header: str) -> str:
    """Return the time zone that a header states, such as `GMT+02:00` for `Event Time (GMT+02:00)`; empty if it states none."""
    found = ZONE.search(INVISIBLE.sub("", header).strip())
    return found["zone"] if found else ""


# Labels of translated reports, in normal form: the German ones as in real reports, the others in our translation. They are not
# published; the import refuses a header that is missing here by name, and it can be mapped in app.yaml.
TRANSLATED_LABELS = {
    "ereigniszeit": "eventtime",
    "verarbeitungszeit": "processedtime",
    "verbrauchteeinheiten": "unitsconsumed",
    "nutzungswert": "usagevalue",
    "rohnutzung": "rawusage",
    "multiplikator": "multiplier",
    "stammressourcenidoderapiname": "rootresourceidorapiname",
    "ressourcenidoderapiname": "resourceidorapiname",
    "geschäftsumgebungstyp": "usagebusinessenvtype",
    "nutzungsberichtsorganisationsid": "usagereportingorgid",
    "kartenname": "cardname",
    "benutzerid": "userid",
    "nutzungsdatum": "utilizationdate",
    "heuredelévénement": "eventtime",
    "heuredetraitement": "processedtime",
    "unitésconsommées": "unitsconsumed",
    "valeurdutilisation": "usagevalue",
    "datedutilisation": "utilizationdate",
    "nomdelacarte": "cardname",
    "horadelevento": "eventtime",
    "horadeprocesamiento": "processedtime",
    "unidadesconsumidas": "unitsconsumed",
    "valordeuso": "usagevalue",
    "fechadeutilización": "utilizationdate",
    "horadoevento": "eventtime",
    "horadeprocessamento": "processedtime",
    "valordeutilização": "usagevalue",
    "datadeutilização": "utilizationdate",
    "イベント時間": "eventtime",
    "イベント時刻": "eventtime",
    "処理時間": "processedtime",
    "消費ユニット": "unitsconsumed",
    "消費単位数": "unitsconsumed",
    "使用量値": "usagevalue",
    "使用日": "utilizationdate",
    "カード名": "cardname",
    "이벤트시간": "eventtime",
    "처리시간": "processedtime",
    "소비된단위": "unitsconsumed",
    "사용량값": "usagevalue",
    "카드이름": "cardname",
}
