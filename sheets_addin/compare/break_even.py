"""The Break-even worksheet: where plans cost the same, and the curves that cross there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Literal

from core.language import MOST
from core.pricing import CALENDAR_DAYS, WORKING_DAYS
from sheets_addin.compare import inputs
from sheets_addin.compare.columns import DASH
from sheets_addin.workbook import (
    LABEL,
    Area,
    Block,
    Cell,
    ChartLine,
    ChartSpec,
    Formula,
    Validation,
    Worksheet,
    join_blocks,
    relative,
    row_of,
    styles,
    text_in_formula,
)
from sheets_addin.worksheets.any_answer import scale_to_width

if TYPE_CHECKING:
    from sheets_addin.workbook import Place

TITLE = "Break-even"
FIRST = 2
WIDTHS = {0: 2, LABEL: 38} | dict.fromkeys(range(FIRST, FIRST + 10), 14.0)
ENDS = ("_low", "", "_high")
WAYS_ROW, SEATS_ROW, PICTURE_ROW, POINTS_ROW = 4, 12, 22, 44
MEET, MEET_PRICE, SEAT_MEET = FIRST + 4, FIRST + 6, FIRST + 3
MEETING_NAME_ROW = POINTS_ROW - 1
Style = Literal["solid", "dashed", "points"]
WAYS = (("flex", "Flex Credits"), ("precommit", "Pre-commit"), ("payg", "Pay-as-you-go"))
SEATS = (("add_on", "Agentforce Add-on", "usd_per_seat"), ("industries", "Industries Add-on", "industries_usd"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Costs by number of actions, and their chart. heights: formulas over {x}, one for each header."""

    title: str
    x_title: str
    column: int
    points: int
    step: str
    headers: tuple[str, ...]
    heights: tuple[str, ...]
    styles: tuple[Style, ...]
    number: str


def worksheet() -> Worksheet:
    """Return where conversations, credits and seats cost the same for the inputs of the Compare worksheet."""
    return Worksheet(
        title=TITLE,
        block=join_blocks(_top(), _ways(), _seats(), _points(INTERACTIONS), _points(USERS), _meeting_name()),
        widths=WIDTHS,
        heights={0: 30, WAYS_ROW: 30, SEATS_ROW: 44, POINTS_ROW + 1: 30},
        frozen=(2, 0),
        page_starts=(POINTS_ROW,),
        print_scale=scale_to_width(WIDTHS),
        pictures=(_interaction_picture(), _user_picture()),
    )


def _top() -> Block:
    said = "For the discount, tokens, shares and prices entered on Compare. Days and steps may be changed here."
    return Block({(0, LABEL): Cell("Where plans cost the same", styles.TITLE), (1, LABEL): Cell(said, styles.SUBTITLE)})


def _ways() -> Block:
    head = join_blocks(
        row_of(WAYS_ROW - 1, LABEL, ("Conversations against credits", *[None] * 10), styles.HEADING),
        row_of(WAYS_ROW, LABEL, ("Credits bought as",), styles.HEADER_LEFT),
        row_of(
            WAYS_ROW,
            FIRST,
            (
                "Action, at least",
                "Action",
                "Action, at most",
                "Meet at actions, at least",
                "Meet at actions per interaction",
                "Meet at actions, at most",
                "Conversation",
            ),
            styles.HEADER,
        ),
    )
    lines = [_way(WAYS_ROW + 1 + index, name, label) for index, (name, label) in enumerate(WAYS)]
    return join_blocks(head, *lines, _choice_block(WAYS_ROW + 1 + len(WAYS)))


def _way(row: int, name: str, label: str) -> Block:
    rates = {end: f"{name}_usd_per_credit{end}" for end in ENDS}
    return _price_line(row, label, rates, f"{name}_action_usd", f"{name}_meeting_actions")


def _choice_block(row: int) -> Block:
    payg, precommit, flex = ({end: f"{name}_usd_per_credit{end}" for end in ENDS} for name in ("payg", "precommit", "flex"))
    rates = {end: f'IF(buying="payg",{payg[end]},IF(buying="precommit",{precommit[end]},{flex[end]}))' for end in ENDS}
    return _price_line(row, "… the way chosen on Compare", rates, "action_usd", "meeting_actions")


def _price_line(row: int, label: str, rates: dict[str, str], price_name: str, meet_name: str) -> Block:
    cells = {(row, LABEL): Cell(label, styles.STRONG)}
    names: dict[str, tuple[Place, Place]] = {}
    for index, (end, rate) in enumerate(rates.items()):
        price, meet = (row, FIRST + index), (row, FIRST + 5 - index)
        cells[price] = Cell(
            Formula(
                f'IF(OR(any_input_wrong,{rate}="",credits_per_action="",billed_actions_per_action=""),"{DASH}",'
                f"credits_per_action*billed_actions_per_action*{rate})"
            ),
            styles.number_format(styles.USD_ACTION),
        )
        cells[meet] = Cell(Formula(_quotient("usd_per_conversation", relative(*price))), styles.number_format(styles.PLACES_2))
        other_end = {"_low": "_high", "_high": "_low"}.get(end, "")
        names |= {f"{price_name}{end}": (price, price), f"{meet_name}{other_end}": (meet, meet)}
    cells[row, MEET_PRICE] = Cell(
        Formula(f'IF(ISNUMBER(usd_per_conversation),usd_per_conversation,"{DASH}")'), styles.number_format(styles.USD_MILLS)
    )
    return Block(cells, names)


def _quotient(dividend: str, divisor: str) -> str:
    return f'IF(AND(ISNUMBER({dividend}),ISNUMBER({divisor})),IF({divisor}=0,"{DASH}",{dividend}/{divisor}),"{DASH}")'


def _product(*factors: str) -> str:
    return "IF(AND(" + ",".join(f"ISNUMBER({factor})" for factor in factors) + f'),{"*".join(factors)},"{DASH}")'


SEAT_HEADERS = (
    "Seat, per month",
    "All users, per month",
    "All users, per year",
    "Actions per user and month",
    "… per user and year",
    "… per user and working day",
    "… per user and calendar day",
    "Actions per month of all users",
    "Conversations per user and month",
)


def _seats() -> Block:
    head = join_blocks(
        row_of(SEATS_ROW - 1, LABEL, ("Seats against credits bought the way chosen", *[None] * 10), styles.HEADING),
        row_of(SEATS_ROW, LABEL, ("Seats cost as much as credits at",), styles.HEADER_LEFT),
        row_of(SEATS_ROW, FIRST, SEAT_HEADERS, styles.HEADER),
    )
    lines = [_seat(SEATS_ROW + 1 + index, *seat) for index, seat in enumerate(SEATS)]
    return join_blocks(head, *lines, _days(SEATS_ROW + 4))


def _seat(row: int, key: str, label: str, price: str) -> Block:
    at = [relative(row, FIRST + index) for index in range(len(SEAT_HEADERS))]
    formulas = (
        ("usd_per_user_month", f'IF(OR(any_input_wrong,NOT(ISNUMBER({price}))),"{DASH}",{price})', styles.USD_PRICE),
        ("seats_usd_per_month", _product("users", at[0]), styles.USD),
        ("seats_usd_per_year", _product(at[1], "months_per_year"), styles.USD),
        ("actions_per_user_month", _quotient(at[0], "action_usd"), styles.PLACE_1),
        ("actions_per_user_year", _product(at[3], "months_per_year"), styles.PLACE_1),
        ("actions_per_user_working_day", _unless_at_fault("working_days", _quotient(at[4], "working_days")), styles.PLACES_2),
        ("actions_per_user_calendar_day", _unless_at_fault("calendar_days", _quotient(at[4], "calendar_days")), styles.PLACES_2),
        ("break_even_actions_per_month", _product("users", at[3]), styles.PLACE_1),
        ("conversations_per_user_month", _quotient(at[0], "usd_per_conversation"), styles.PLACE_1),
    )
    cells = {
        (row, FIRST + index): Cell(Formula(text), styles.number_format(number))
        for index, (_, text, number) in enumerate(formulas)
    }
    names = {f"{key}_{name}": ((row, FIRST + index), (row, FIRST + index)) for index, (name, _, _) in enumerate(formulas)}
    return Block(cells | {(row, LABEL): Cell(label, styles.STRONG)}, names)


def _entry(row: int, column: int, label: str, name: str, value: int) -> Block:
    """Return an input; the cell beside it says what is wrong with it, and is empty if nothing is."""
    place, beside, rule = (row, column + 1), (row, column + 2), inputs.above_0(MOST["actions"])
    said = Formula(f'IF({rule.wrong_of(name, "most_actions_each")},{text_in_formula(rule.message)},"")')
    cells = {
        (row, column): Cell(label, styles.LABEL),
        place: Cell(Decimal(value), styles.input_format(styles.COUNT)),
        beside: Cell(said, replace(styles.HINT, color=styles.WARNING)),
    }
    checked = Validation(place=place, title=label, message=rule.message, formula=f"NOT({rule.wrong_of('{cell}')})")
    return Block(cells, {name: (place, place), f"{name}_fault": (beside, beside)}, (checked,))


def _unless_at_fault(name: str, formula: str) -> str:
    return f'IF({name}_fault<>"","{DASH}",{formula})'


def _days(row: int) -> Block:
    return join_blocks(
        _entry(row, LABEL, "Working days in a year", "working_days", WORKING_DAYS),
        _entry(row + 1, LABEL, "Calendar days in a year", "calendar_days", CALENDAR_DAYS),
        _entry(row + 2, LABEL, "Step of the curve: actions per interaction", "interaction_step", 1),
        _entry(row + 3, LABEL, "Step of the curve: actions per user", "user_step", 125),
    )


def _heights(*names: str) -> tuple[str, ...]:
    return tuple(_product("{x}", name) for name in names)


LICENCE = f'IF(AND(ISNUMBER(user_license_usd),ISNUMBER(flex_action_usd)),user_license_usd+{{x}}*flex_action_usd,"{DASH}")'
INTERACTIONS = Curves(
    title="Cost of an interaction by its actions",
    x_title="Actions per interaction",
    column=1,
    points=30,
    step="interaction_step",
    headers=("Conversation", "Flex Credits", "Pre-commit", "Pay-as-you-go"),
    heights=("usd_per_conversation", *_heights("flex_action_usd", "precommit_action_usd", "payg_action_usd")),
    styles=("solid", "solid", "dashed", "dashed"),
    number=styles.USD_ACTION,
)
USERS = Curves(
    title="Cost of a user and month by actions",
    x_title="Actions per user and month",
    column=7,
    points=16,
    step="user_step",
    headers=("Agentforce Add-on", "Industries Add-on", "Credits", "User Licence with credits"),
    heights=("add_on_usd_per_user_month", "industries_usd_per_user_month", *_heights("action_usd"), LICENCE),
    styles=("solid", "solid", "solid", "dashed"),
    number=styles.USD_CENTS,
)


def _points(curves: Curves) -> Block:
    return join_blocks(
        row_of(POINTS_ROW, curves.column, (curves.title, *[None] * len(curves.headers)), styles.HEADING),
        row_of(POINTS_ROW + 1, curves.column, (curves.x_title, *curves.headers), styles.HEADER),
        *(_point(POINTS_ROW + 2 + index, curves, is_first=index == 0) for index in range(curves.points)),
    )


def _point(row: int, curves: Curves, *, is_first: bool) -> Block:
    x = relative(row, curves.column)
    step = f'IF({curves.step}_fault<>"",0,{curves.step})'  # an invalid step draws nothing, instead of an error
    start = Formula(step if is_first else f"{relative(row - 1, curves.column)}+{step}")
    cells = {(row, curves.column): Cell(start, styles.number_format(styles.COUNT))}
    for index, height in enumerate(curves.heights, curves.column + 1):
        cells[row, index] = Cell(Formula(height.replace("{x}", x)), styles.number_format(curves.number))
    return Block(cells)


def _rows(first: int, last: int, column: int) -> Area:
    return Area(TITLE, (first, column), (last, column))


def _interaction_picture() -> ChartSpec:
    first, last = WAYS_ROW + 1, WAYS_ROW + len(WAYS)
    return _picture(INTERACTIONS, _crossing(_rows(first, last, MEET), _rows(first, last, MEET_PRICE)), LABEL)


def _user_picture() -> ChartSpec:
    first, last = SEATS_ROW + 1, SEATS_ROW + len(SEATS)
    return _picture(USERS, _crossing(_rows(first, last, SEAT_MEET), _rows(first, last, FIRST)), USERS.column - 1)


def _crossing(x: Area, y: Area) -> ChartLine:
    return ChartLine(_rows(MEETING_NAME_ROW, MEETING_NAME_ROW, LABEL), x, y, styles.ACCENT, "points")


def _picture(curves: Curves, crossing: ChartLine, column: int) -> ChartSpec:
    first, last = POINTS_ROW + 2, POINTS_ROW + 1 + curves.points
    x = _rows(first, last, curves.column)
    lines = (
        ChartLine(_rows(first - 1, first - 1, at), x, _rows(first, last, at), color, style)
        for at, color, style in zip(count(curves.column + 1), styles.SERIES, curves.styles, strict=False)
    )
    return ChartSpec(
        kind="curves",
        title=curves.title,
        lines=(*lines, crossing),
        x_title=curves.x_title,
        y_title=None,
        x_number=styles.COUNT,
        y_number=styles.USD_CENTS,
        place=(PICTURE_ROW, column),
        width=600,
        height=400,
    )


def _meeting_name() -> Block:
    return Block({(MEETING_NAME_ROW, LABEL): Cell("Cost the same", styles.HINT)})
