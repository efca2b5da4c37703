"""The fictional company of the demonstration: who runs which agents, how much they are used, and what happened.

All days are relative to the last one, so that a demonstration always ends yesterday.
"""

from __future__ import annotations

from datetime import date, timedelta

from core.records import NamedTuple

ORGS = ("00DHs00000EMEA1MAB", "00DHs00000AMER2MAB", "00DHs00000APAC3MAB")
CARD = "FlexCredits"
TERM_DAYS = 365
# Three quarters of the term have passed on the last day; an eight-week pilot precedes the term.
DAYS_OF_TERM, DAYS_OF_PILOT = 275, 56
DAYS = DAYS_OF_TERM + DAYS_OF_PILOT
GROWTH_A_MONTH = 0.02
WEEKDAYS = (1.0, 1.04, 1.02, 0.98, 0.9, 0.32, 0.26)
PILOT_LEVEL, HOLIDAY_LEVEL, LOOP_TIMES = 0.12, 0.12, 9.0
# Days before the last one: a holiday, and a loop in one agent's flow, on that day or the next working day; the last export
# before a week without any.
HOLIDAY, LOOP, EXPORT_GAP = 47, 8, 96
SATURDAY = 5
DAYS_WITHOUT_EXPORT = 7


class InventedAgent(NamedTuple):
    """An agent: how many events it runs on a usual weekday at the end, and their actions.

    serves: customers or employees. launched_days_ago: None if it ran from the first day of the pilot.
    heavy: the share of its events that count as more than one action because their prompts are long.
    """

    name: str
    department: str
    serves: str
    events_a_day: int
    actions: tuple[str, ...]
    launched_days_ago: int | None = None
    is_voice: bool = False
    heavy: float = 0.03


class User(NamedTuple):
    """An employee in the company's directory."""

    id: str
    name: str
    email: str
    department: str
    cost_centre: str


AGENTS = (
    InventedAgent(
        "Service_Concierge",
        "Service",
        "customers",
        560,
        ("Identify_Customer", "Answer_With_Knowledge", "Get_Cases", "Add_Case_Comment"),
        heavy=0.09,
    ),
    InventedAgent("Order_Status", "Service", "customers", 330, ("Get_Order", "Track_Shipment", "Change_Address"), 70, heavy=0.16),
    InventedAgent("Returns_Assistant", "Service", "customers", 150, ("Check_Return_Policy", "Create_Return", "Print_Label")),
    InventedAgent("Voice_Router", "Service", "customers", 110, ("Voice_Identify", "Voice_Route"), is_voice=True),
    InventedAgent("Field_Scheduler", "Field Service", "customers", 190, ("Get_Work_Types", "Get_Time_Slots", "Book_Appointment")),
    InventedAgent("Parts_Finder", "Field Service", "employees", 70, ("Find_Part", "Check_Stock")),
    InventedAgent("Sales_SDR", "Sales", "customers", 140, ("Qualify_Lead", "Compare_Products", "Schedule_Meeting")),
    InventedAgent("Quote_Helper", "Sales", "employees", 60, ("Draft_Quote", "Summarize_Contract"), heavy=0.55),
    InventedAgent("IT_Helpdesk", "IT", "employees", 130, ("Reset_Password", "Troubleshoot_Device", "Escalate_Ticket")),
    InventedAgent("Access_Requests", "IT", "employees", 45, ("Check_Entitlement", "Grant_Access")),
    InventedAgent("HR_Onboarding", "HR", "employees", 50, ("Answer_With_Knowledge", "Book_Appointment"), heavy=0.2),
)
COST_CENTRES = {"Service": "4100", "Field Service": "4200", "Sales": "5100", "IT": "6100", "HR": "6200"}
LOOPING = "Returns_Assistant"
FIRST_NAMES = ("Ada", "Ben", "Chidi", "Dana", "Emre", "Freya", "Goran", "Hana", "Ines", "Jonas", "Kim", "Lena", "Milan", "Noor")
LAST_NAMES = ("Abel", "Brandt", "Costa", "Diallo", "Eriksen", "Fischer", "Gupta", "Haas", "Ito", "Jansen")


def users() -> tuple[User, ...]:
    """Return the employees: each with a unique name, spread over the departments."""
    departments = tuple(COST_CENTRES)
    names = [(first, last) for last in LAST_NAMES for first in FIRST_NAMES]
    return tuple(
        User(
            f"005Hs00000U{number:03d}AAM",
            f"{first} {last}",
            f"{first}.{last}@example.com".lower(),
            departments[number % len(departments)],
            COST_CENTRES[departments[number % len(departments)]],
        )
        for number, (first, last) in enumerate(names)
    )


def first_day(last_day: date) -> date:
    """Return the first day of usage, the start of the pilot."""
    return last_day - timedelta(days=DAYS - 1)


def term_start(last_day: date) -> date:
    """Return the first day of the contract's term."""
    return last_day - timedelta(days=DAYS_OF_TERM - 1)


def working_day(ago: int, last_day: date) -> date:
    """Return the day a number of days before the last one, or the Monday after: hardly anything happens at weekends."""
    day = last_day - timedelta(days=ago)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def events_on(agent: InventedAgent, day: date, last_day: date) -> float:
    """Return an agent's expected number of events on a day, before random variation."""
    ago = (last_day - day).days
    if agent.launched_days_ago is not None and ago > agent.launched_days_ago:
        return 0.0
    level: float = agent.events_a_day * WEEKDAYS[day.weekday()] * (1 + GROWTH_A_MONTH) ** (-ago / 30)
    if day < term_start(last_day):
        level *= PILOT_LEVEL
    if agent.launched_days_ago is not None:
        level *= min(1.0, (agent.launched_days_ago - ago + 7) / 28)
    if day == working_day(HOLIDAY, last_day):
        level *= HOLIDAY_LEVEL
    if day == working_day(LOOP, last_day) and agent.name == LOOPING:
        level *= LOOP_TIMES
    return level


def sandbox_share(agent: InventedAgent, day: date, last_day: date) -> float:
    """Return the share of an agent's events that run in a sandbox: more while another launch is being tested."""
    ago = (last_day - day).days
    is_testing = any(one.launched_days_ago is not None and 0 <= ago - one.launched_days_ago < 28 for one in AGENTS)  # noqa: PLR2004 - four weeks before a launch
    return 0.5 if is_testing and agent.department == "Service" else 0.05
