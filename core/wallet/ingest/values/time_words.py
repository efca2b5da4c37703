"""The words with which files write times: months, halves of the day, zones, and what comes between day and clock.

Source: the short, medium and long forms of the locales that Salesforce offers, in CLDR. A word that means two
months, such as `lip` (July in Polish, June in Croatian), is left out: it is refused, not guessed.
"""

from __future__ import annotations

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            """
            january jan januar jänner janvier janv enero ene janeiro gennaio gen januari tammikuuta tammi ledna leden
            január janua styczeń stycznia sty январь января янв січень січня січ януари яну oca ocak ιαν ιανουαρίου ian
            ianuarie siječnja sij มค มกราคม يناير ינואר בינואר
            """,
            """
            february feb februar février févr fevr febrero fevereiro fev febbraio febbr februari helmikuuta helmi února
            únor febr február luty lutego lut февраль февраля фев февр лютий лютого лют февруари şub şubat φεβ φεβρουαρίου
            februarie veljače velj กพ กุมภาพันธ์ فبراير פברואר בפברואר
            """,
            """
            march mar märz mär maerz mars marzo março marco mrt maart mrz marts maaliskuuta maalis března březen márc
            március marec marca marzec март марта мар березень березня бер mart μαρ μαρτίου martie ožujka ožu มีค มีนาคม
            مارس מרץ במרץ
            """,
            """
            april apr avril avr abril abr aprile huhtikuuta huhti dubna duben április ápr apríl kwiecień kwietnia kwi
            апрель апреля апр квітень квітня квіт април nis nisan απρ απριλίου aprilie travnja เมย เมษายน أبريل אפריל
            באפריל
            """,
            """
            may mai mayo maio maggio mag mei maj toukokuuta touko května květen május máj maja май мая травень травня трав
            mayıs μαΐ μαι μαΐου svibnja พค พฤษภาคม مايو מאי במאי
            """,
            """
            june jun juni juin junio junho giugno giu kesäkuuta kesä června červen június jún czerwiec czerwca cze июнь
            июня июн червень червня черв юни haz haziran ιουν ιουνίου iun iunie lipnja มิย มิถุนายน يونيو יוני ביוני
            """,
            """
            july jul juli juillet juil julio julho luglio lug heinäkuuta heinä července červenec július júl lipiec lipca
            июль июля июл липень липня лип юли tem temmuz ιουλ ιουλίου iul iulie srpnja กค กรกฎาคม يوليو יולי ביולי
            """,
            """
            august aug août aout agosto ago augustus elokuuta elo augusztus sierpień sierpnia sie август августа авг
            серпень серпня серп ağu ağustos αυγ αυγούστου agt agu kolovoza kol สค สิงหาคม أغسطس אוגוסט באוגוסט
            """,
            """
            september sep sept septembre septiembre setembro set settembre syyskuuta syys září szeptember szept wrzesień
            września wrz сентябрь сентября сен сент вересень вересня вер септември eyl eylül σεπ σεπτ σεπτεμβρίου
            septembrie rujna กย กันยายน سبتمبر ספטמבר בספטמבר
            """,
            """
            october oct oktober okt octobre octubre outubro out ottobre ott lokakuuta loka října říjen október październik
            października paź октябрь октября окт жовтень жовтня жовт октомври eki ekim οκτ οκτωβρίου octombrie ตค ตุลาคม
            أكتوبر אוקטובר באוקטובר
            """,
            """
            november nov novembre noviembre novembro marraskuuta marras ноябрь ноября ноя нояб листопад листопада лист
            ноември ное kas kasım νοε νοεμβρίου noiembrie พย พฤศจิกายน نوفمبر נובמבר בנובמבר
            """,
            """
            december dec dezember dez décembre decembre diciembre dic dezembro dicembre desember des joulukuuta prosince
            grudzień grudnia gru декабрь декабря дек грудень грудня груд декември ara aralık δεκ δεκεμβρίου decembrie
            prosinca ธค ธันวาคม ديسمبر דצמבר בדצמבר
            """,
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAY = re.compile(
    r"^(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?\b[.,]?\s*"
    r"|^(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b,?\s*"
    # `mar` is both a Tuesday and a March: without a comma, Tuesday only before a day whose month is a number.
    r"|^(?:mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom)(?:\.?,\s*|\.?\s+(?=\d{1,2}[./-]\d{1,2}[./-]))"
)
OFFSETS = {"z": 0, "utc": 0, "gmt": 0, "ut": 0, "edt": -4, "est": -5, "cdt": -5, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8}
OFFSETS |= {"cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "wet": 0, "west": 1, "jst": 9, "kst": 9, "aest": 10}
OFFSETS |= {"aedt": 11, "akdt": -8, "akst": -9, "hst": -10, "nzst": 12, "nzdt": 13}
LONG_ZONES = {
    "coordinated universal time": "utc",
    "greenwich mean time": "gmt",
    "eastern daylight time": "edt",
    "eastern standard time": "est",
    "central daylight time": "cdt",
    "mountain daylight time": "mdt",
    "mountain standard time": "mst",
    "pacific daylight time": "pdt",
    "pacific standard time": "pst",
    "central european summer time": "cest",
    "central european time": "cet",
    "japan standard time": "jst",
}
HALVES = (
    ("am", r"a\.?\s?m\.?|vorm\.?|上午|오전|午前|de\.|dop\.|öö|öğ|ص|π\.?μ\.?|sa|пр\.?\s?об\.?"),
    ("pm", r"p\.?\s?m\.?|nachm\.?|下午|오후|午後|du\.|odp\.|ös|م|μ\.?μ\.?|ch|сл\.?\s?об\.?"),
)
BEFORE_CLOCK = frozenset(
    "t um at à às a alle ore om v o kl klo la ora σε στις в г р год м ж lúc".split()  # noqa: SIM905
)
AFTER_CLOCK = frozenset({"uhr", "hod", "h", "ч", "น", "u"})
