"""Unit costs against sums over raw rows: per conversation, resolved conversation and person, and the savings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.config.tickets import TicketSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fakes.small_wallet import SmallWallet

USD_PER_CREDIT = Decimal(500) / 100_000
ON = date(2026, 9, 20)
USE = (
    # day, agent, department, credits, user
    ("2026-08-03", "Service_Concierge", "Service", 4_000, ""),
    ("2026-09-03", "Service_Concierge", "Service", 6_000, ""),
    ("2026-09-04", "Sales_SDR", "Sales", 1_000, ""),
    ("2026-09-05", "IT_Helpdesk", "IT", 300, "005000000000001AAA"),
    ("2026-09-05", "IT_Helpdesk", "IT", 500, "005000000000002AAA"),
)
CONVERSATIONS = (("2026-08-03", "Service_Concierge", 8), ("2026-09-03", "Service_Concierge", 12), ("2026-09-05", "Sales_SDR", 5))


def filled(small: SmallWallet) -> SmallWallet:
    """Return the wallet with these rows."""
    small.events(
        *(
            {
                "eventtime__c": f"{day}T10:00:00.000Z",
                "processedtime__c": f"{day}T10:00:00.000Z",
                "unitsconsumed__c": used,
                "rootresourceidorapiname__c": agent,
                "rootresourcetags__c": f'{{"Department": "{department}"}}',
                "userid__c": user,
            }
            for day, agent, department, used, user in USE
        )
    )
    return small.interactions(
        *((day, f"{agent}-{day}-{nth}", agent, 2) for day, agent, count in CONVERSATIONS for nth in range(count))
    )


def test_each_agent_s_conversation_costs_its_use_by_its_conversations(
    small: SmallWallet, figures: Callable[..., dict[str, object]], column: Callable[..., dict[object, object]]
) -> None:
    """And for all agents together; savings follow from $2 a conversation and $6.50 of a person."""
    answer = filled(small).configured(human_cost_per_contact=Decimal("6.50")).ask("unit cost", ON)
    cost = sum(used for *_, used, _ in USE) * USD_PER_CREDIT
    said = figures(answer)
    assert (said["usd_used"], said["conversations"]) == (cost, 25)
    assert said["usd_per_conversation"] == cost / 25
    assert said["saved_usd"] == 25 * 2 - cost
    assert said["saved_against_people_usd"] == 25 * Decimal("6.50") - cost
    each = column(answer, "units", "usd_per_conversation")
    assert (each["Service_Concierge"], each["Sales_SDR"]) == (10_000 * USD_PER_CREDIT / 20, 1_000 * USD_PER_CREDIT / 5)


def test_months_and_departments_add_up_to_all(small: SmallWallet, column: Callable[..., dict[object, object]]) -> None:
    """A department's conversations are those of agents that work for it alone."""
    filled(small)
    months = column(small.ask("unit cost by month", ON), "units", "conversations")
    assert months == {date(2026, 8, 1): 8, date(2026, 9, 1): 17}
    departments = column(small.ask("unit cost by department", ON), "units", "conversations")
    assert (departments["Service"], departments["Sales"]) == (20, 5)


def test_an_agent_of_two_departments_leaves_theirs_unknown(
    small: SmallWallet, column: Callable[..., dict[object, object]]
) -> None:
    """Its conversations belong to no department, and a note says so."""
    filled(small).events(
        {
            "eventtime__c": "2026-09-03T10:00:00.000Z",
            "processedtime__c": "2026-09-03T10:00:00.000Z",
            "rootresourceidorapiname__c": "Service_Concierge",
            "rootresourcetags__c": '{"Department": "HR"}',
        }
    )
    answer = small.ask("unit cost by department", ON)
    counted = column(answer, "units", "conversations")
    assert (counted["Service"], counted["HR"], counted["Sales"]) == (None, None, 5)
    assert any("Service_Concierge works for several" in note.text for note in answer.notes)


def test_a_person_costs_what_events_name_people_for(small: SmallWallet, figures: Callable[..., dict[str, object]]) -> None:
    """Customers' usage is not part of the cost per person."""
    said = figures(filled(small).ask("unit cost", ON))
    assert (said["named_people"], said["usd_per_person"]) == (2, (300 + 500) * USD_PER_CREDIT / 2)


def test_what_is_not_in_the_data_is_said_with_the_export_that_brings_it(small: SmallWallet) -> None:
    """Without AI usage conversations are unknown and not guessed."""
    small.events({"eventtime__c": "2026-09-03T10:00:00.000Z", "processedtime__c": "2026-09-03T10:00:00.000Z"})
    answer = small.ask("unit cost", ON)
    assert answer.figure("conversations").value is None
    said = " ".join(note.text for note in answer.notes)
    assert all(export in said for export in ("AiAgentGenerativeAiUsage", "tickets.export", "TenantEnrichedUsageEvent"))


def test_days_that_only_one_export_knows_are_left_out_or_told(
    small: SmallWallet, figures: Callable[..., dict[str, object]]
) -> None:
    """Conversations for some of the days must not be divided into the cost of all."""
    filled(small).events({"eventtime__c": "2026-09-10T10:00:00.000Z", "processedtime__c": "2026-09-10T10:00:00.000Z"})
    said = figures(small.ask("unit cost", ON))
    assert (said["first_day"], said["last_day"], said["conversations"]) == (date(2026, 8, 3), date(2026, 9, 5), 25)
    answer = small.ask("unit cost from 2026-09-01 to 2026-09-10", ON)
    assert answer.figure("usd_per_conversation").value is None
    assert any("3 Aug 2026 to 5 Sep 2026" in note.text for note in answer.notes)


TICKETS = """Ticket ID,Created at,Subject,Status,Assignee
1,2026-09-03,Refund,Solved,Service Concierge
2,2026-09-03,Refund,solved,Service_Concierge
3,2026-09-04,Refund,Open,Service Concierge
4,2026-09-04,Quote,Closed,Sales SDR
5,2026-09-04,Quote,Closed,Dana Roe
"""


def test_tickets_that_agents_solved_are_resolved_conversations(
    small: SmallWallet, tmp_path: Path, figures: Callable[..., dict[str, object]], column: Callable[..., dict[object, object]]
) -> None:
    """The assignee's name decides; open tickets and people's tickets do not count."""
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS, encoding="utf-8")
    answer = filled(small).configured(tickets=TicketSettings(export=path)).ask("unit cost", ON)
    assert column(answer, "units", "resolved")["Service_Concierge"] == 2
    cost = sum(used for *_, used, _ in USE) * USD_PER_CREDIT
    assert figures(answer)["usd_per_resolved_conversation"] == cost / 3


def test_events_of_resolutions_count_as_resolved(small: SmallWallet, figures: Callable[..., dict[str, object]]) -> None:
    """A Help Agent is billed per resolution, so its events are resolved conversations."""
    filled(small).events(
        *(
            {
                "eventtime__c": "2026-09-04T10:00:00.000Z",
                "processedtime__c": "2026-09-04T10:00:00.000Z",
                "unitsconsumed__c": 400,
                "usagetypedevelopername__c": "HelpAgent_Resolution",
            }
            for _ in range(3)
        )
    )
    assert figures(small.ask("unit cost", ON))["resolved_conversations"] == 3
