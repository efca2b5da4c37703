"""The command table: what can be asked, declared once.

Grammar, help, Slack usage, completion and documentation are generated from it. A handler is named, not imported, so that
a price question loads no wallet code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from core.language.question import Days
from core.pricing import METERS, PLANS
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.language.question import Question

WalletUse = Literal["unread", "helpful", "needed"]
WORKLOAD = ("interactions", "actions", "mix", "users", "tokens", "sandbox_share", "voice_share", "growth", "audience")
RANGES = ("users_to", "interactions_to", "actions_to")
OF_WORKLOAD = ("growth", "audience")
FILTERS = ("environment", "org", "card", "agent", "department")
METERING = ("metered", "prompt_tokens", "tier")
HOW_LONG = ("how long do the free credits last", "how long do free credits last", "how long will the free credits last")
RESOLUTIONS = ("per_resolution", "resolution")
PRICE_TERMS = ("discount", "action_price", "pack_price", "conversation_price", "seat_price")


SEAT_PLANS = tuple(key for key, plan in PLANS.items() if plan.family == "seat")


class Need(NamedTuple):
    """What a question must say for a command to make sense, and the sentence shown if it is missing."""

    holds: Callable[[Question], bool]
    otherwise: str


WORKLOAD_SAID = Need(
    lambda q: bool(q.vendors) or q.knows_volume or (q.users is not None and not (q.interactions or q.actions or q.mix)),
    "needs a workload: interactions with their actions, actions per month, or users",
)
VENDOR_NEEDS = (
    Need(
        lambda q: not q.vendors or q.interactions is not None or q.knows_volume or q.users is not None,
        "with other vendors needs the interactions, for example: compare 10000 interactions 60% resolved vendors",
    ),
    Need(lambda q: not (q.vendors and q.ranges), "puts other vendors beside one workload: name one end of the range"),
    Need(lambda q: q.messages is None or bool(q.vendors), "takes messages with other vendors only, some of whom bill by them"),
    Need(
        lambda q: q.messages is None or q.interactions is not None, "takes messages of each interaction: add `10000 interactions`"
    ),
)
SPEND_SAID = Need(lambda q: q.spend is not None or q.knows_volume or not q.names_workload, "needs a spend or a workload")
ALWAYS_DISCOUNTED = {key for key, plan in PLANS.items() if plan.buys_credits}
METER_NEEDS = (
    Need(
        lambda q: q.prompt_tokens is None or (q.metered is not None and METERS[q.metered.meter].tokens_item is not None),
        "takes tokens per prompt for prompts only",
    ),
    Need(
        lambda q: q.tier is None or (q.metered is not None and METERS[q.metered.meter].has_tiers),
        "takes a tier for Data 360 only, such as rows unified",
    ),
)
PAID_IN_FLEX_CREDITS = Need(
    lambda q: q.metered is None or not METERS[q.metered.meter].is_in_usd, "is about what Flex Credits pay for"
)
METER_ENVIRONMENT = Need(
    lambda q: q.environment is None or (q.metered is not None and q.environment != "unknown"),
    "takes production or sandbox for one metered thing; say a share, such as sandbox 10%, for a workload",
)
PLAN_NEEDS = (
    Need(
        lambda q: q.metered is not None or is_flex(q) or q.plan is not None,
        "needs a plan, such as flex, conversations or add-on, or something metered, such as 10000 standard prompts",
    ),
    Need(
        lambda q: q.metered is None or q.plan in {None, "flex_credits"} or (q.plan, q.metered.meter) == RESOLUTIONS,
        "takes one plan or one metered thing, which is paid in Flex Credits",
    ),
    *METER_NEEDS,
    METER_ENVIRONMENT,
    Need(
        lambda q: q.metered is not None or not is_flex(q) or any((q.credits, q.packs, q.knows_volume)),
        "needs credits, packs, or interactions with their actions where it is about Flex Credits",
    ),
    Need(
        lambda q: q.metered is not None or q.plan not in {"per_conversation", "per_resolution"} or q.interactions is not None,
        "needs interactions where it is about conversations or resolutions",
    ),
    Need(lambda q: q.plan not in SEAT_PLANS or q.users is not None, "needs users where it is about seats"),
    Need(lambda q: q.plan != "user_license" or q.knows_volume, "needs the actions that the User Licence will meter"),
    Need(
        lambda q: q.metered is not None or is_flex(q) or not (q.buying or q.credits or q.packs),
        "takes credits and packs for Flex Credits only",
    ),
    Need(
        lambda q: q.discount is None or q.metered is not None or is_flex(q) or q.plan in ALWAYS_DISCOUNTED,
        "takes a discount for what is paid in Flex Credits only",
    ),
    Need(lambda q: q.seat_price is None or q.plan == "per_user_add_on", "takes a price per seat for the add-on only"),
    Need(
        lambda q: q.conversation_price is None or q.plan == "per_conversation",
        "takes a price per conversation for conversations only",
    ),
)
SEATS_FOR_EMPLOYEES = Need(
    lambda q: q.users is None or q.audience != "customers", "with users is about seats, and seats are for employees only"
)
SEAT_PLAN_ONLY = Need(
    lambda q: q.plan is None or q.plan in SEAT_PLANS, "takes a plan by seats, such as add-on, industries or sales edition"
)
ADD_ON_PRICE_ONLY = Need(
    lambda q: q.seat_price is None or q.plan in {None, "per_user_add_on"}, "takes a price per seat for the add-on only"
)
USERS_WITH_SEATS = Need(
    lambda q: q.plan is None or q.users is not None or not (q.interactions or q.actions or q.mix),
    "needs users beside interactions and actions where it is about a seat",
)
LICENCE_BY_USERS = Need(
    lambda q: q.plan != "user_license" or not (q.interactions or q.actions or q.mix or q.conversation_price),
    "takes users, and no interactions or actions, where it is about the User Licence",
)
PER_INTERACTION_ONLY = Need(lambda q: q.actions is None or q.actions.per == "interaction", "takes actions per interaction only")
VOLUME_SAID_IF_ANY = Need(
    lambda q: not q.names_workload or q.knows_volume, "needs interactions with their actions, or actions per month or user"
)
PRICE_WITH_BUYING = Need(
    lambda q: q.buying is None or q.action_price is not None,
    "ranks every way of buying: say payg, precommit or prepurchase only with its price, such as $0.08 per action payg",
)
SEVERAL_ORGS = Need(
    lambda q: q.org is None and not q.names_workload,
    "needs two orgs or more, each with its workload, set apart by semicolons (org A: 10000 interactions 3 actions; org B: …)",
)
WORKLOAD_FOR_GROWTH = Need(
    lambda q: q.names_workload or q.spend is not None or all(getattr(q, name) is None for name in OF_WORKLOAD),
    "takes growth, customers and employees for a workload that is named; the wallet's own use is taken as it is",
)
SWITCHED_PLAN = Need(
    lambda q: q.plan in {"flex_credits", "per_conversation"}, "needs the plan to change to: switch flex, or switch conversations"
)
SWITCHED_USE = Need(
    lambda q: not q.names_workload or (q.interactions is not None and q.knows_volume),
    "needs interactions with their actions, for example: switch flex 10000 interactions 5 actions",
)
GIVEN_SAID = Need(lambda q: any((q.users, q.credits, q.spend)), "needs seats, credits or a spend to convert")
SUBJECT_SAID = Need(lambda q: q.subject is not None, "needs a figure, price, plan or claim")
DAYS_BY_DATE = Need(
    lambda q: q.span is None or (isinstance(q.span, Days) and q.span.last is not None and q.as_of is None),
    "takes days from one to another, such as a month, or a day to look back to, and not both",
)
UNIT_GROUPINGS = ("agent", "department", "use case", "month")
UNIT_GROUPING = Need(
    lambda q: q.by is None or q.by in UNIT_GROUPINGS, "is by agent, department, use case or month, such as unit cost by month"
)
CHANGE_SAID = Need(
    lambda q: any(value is not None for value in (q.volume, q.actions, q.growth, q.discount)),
    "needs what changes, such as volume 200%, 7 actions, growth 15% or discount 25%",
)
QUERY_SAID = Need(lambda q: q.query is not None, "needs the name of a query")
GROUPING_SAID = Need(lambda q: q.by is not None, "needs what to group by")


def unread(_: Question) -> WalletUse:
    """For a question that does not read the wallet."""
    return "unread"


def always_needed(_: Question) -> WalletUse:
    """For a question about the wallet."""
    return "needed"


def helpful_without_workload(question: Question) -> WalletUse:
    """For a question that names no workload, and whose answer says more if the wallet's own usage fills in."""
    return "unread" if question.names_workload or question.metered or question.plan else "helpful"


def needs_without_workload(question: Question) -> WalletUse:
    """For a question whose workload defaults to the wallet's own usage."""
    return "unread" if question.names_workload else "needed"


def needs_without_spend(question: Question) -> WalletUse:
    """For a question about costs on top of a spend, which defaults to the wallet's own."""
    return "unread" if question.spend or question.knows_volume else "needed"


def needs_without_orgs(question: Question) -> WalletUse:
    """For a question about several orgs, which default to the wallet's own."""
    return "unread" if question.parts else "needed"


def helpful_of_seats(question: Question) -> WalletUse:
    """For a question about seats; the wallet knows how many are idle."""
    return "helpful" if question.users else "unread"


def is_flex(question: Question) -> bool:
    """Whether the requested plan is bought as Flex Credits."""
    bought = question.buying or question.credits or question.packs
    return question.plan == "flex_credits" or (question.plan is None and bool(bought))


class Command(NamedTuple):
    """One thing that a question can ask.

    words: its name first, then its synonyms. takes: the phrases it understands. needs: what a question must say.
    handler: `module:function`, from question and context to answer.
    wallet: whether an answer reads the wallet; helpful if the question can be answered without it.
    """

    words: tuple[str, ...]
    answers: str
    takes: tuple[str, ...]
    examples: tuple[str, ...]
    handler: str
    needs: tuple[Need, ...] = ()
    family: str = "price"
    wallet: Callable[[Question], WalletUse] = unread

    @property
    def name(self) -> str:
        """The first word of canonical questions."""
        return self.words[0]


COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command(
            ("breakeven", "break-even", "break even"),
            "where plans cost the same, for these users, actions or interactions",
            ("plan", *(name for name in WORKLOAD if name != "growth"), "buying", *PRICE_TERMS),
            (
                "breakeven 200 users",
                "breakeven 200 users sales edition",
                "breakeven user licence",
                "breakeven payg",
                "breakeven 3 actions discount 25%",
            ),
            "core.questions.pricing.break_even:answer",
            (SEATS_FOR_EMPLOYEES, PER_INTERACTION_ONLY, SEAT_PLAN_ONLY, ADD_ON_PRICE_ONLY, LICENCE_BY_USERS, USERS_WITH_SEATS),
            wallet=helpful_without_workload,
        ),
        Command(
            ("compare",),
            "every plan that can be bought for a workload, cheapest first, also if volume doubles or halves",
            (*WORKLOAD, *RANGES, "resolved_share", "messages", "vendors", "buying", "foundations", *PRICE_TERMS, "only"),
            (
                "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users",
                "compare 10000 interactions 18 actions",
                "compare 10000 interactions 5 actions only flex, conversations",
                "compare 2000 interactions 3 actions foundations",
                "compare 10000 interactions 15 actions to 25 actions",
                "compare 10000 interactions 60% resolved vendors",
            ),
            "core.questions.pricing.vendors:compare",
            (WORKLOAD_SAID, PRICE_WITH_BUYING, *VENDOR_NEEDS),
        ),
        Command(
            ("price",),
            "what one plan costs for a workload, what one metered thing costs, or what credits cost and buy",
            ("plan", *WORKLOAD, *RANGES, "resolved_share", "credits", "packs", *METERING, "environment", "buying", *PRICE_TERMS),
            (
                "price flex 10000 interactions 3 actions",
                "price conversations 10000 interactions",
                "price flex 100k credits",
                "price 10000 standard prompts 6500 tokens per prompt",
                "price 2m rows unified per month sandbox",
            ),
            "core.questions.pricing.price:price",
            PLAN_NEEDS,
        ),
        Command(
            ("recommend",),
            "the plan to choose, what it saves, and the rule of thumb beside it",
            (*WORKLOAD, *RANGES, "resolved_share", "buying", "foundations", *PRICE_TERMS, "only"),
            ("recommend 10000 interactions 5.3 actions 50 users", "recommend 300 users 1500 actions per user employees"),
            "core.questions.pricing.compare:recommend",
            (VOLUME_SAID_IF_ANY, PRICE_WITH_BUYING),
            wallet=needs_without_workload,
        ),
        Command(
            ("foundations", "free credits", *HOW_LONG),
            "how long the free credits of Foundations last for a workload, and what they fund",
            (*WORKLOAD, *METERING, "environment"),
            (
                "foundations 10000 interactions 3 actions",
                "foundations 5000 standard prompts per month",
                "how long do the free credits last for 200 interactions with 5 actions",
            ),
            "core.questions.pricing.foundations:foundations",
            (VOLUME_SAID_IF_ANY, *METER_NEEDS, METER_ENVIRONMENT, PAID_IN_FLEX_CREDITS),
            wallet=helpful_without_workload,
        ),
        Command(
            ("convert",),
            "a Flex Agreement: seats to credits and back",
            ("users", "credits", "spend", *PRICE_TERMS),
            ("convert 20 seats", "convert 1m credits"),
            "core.questions.pricing.convert:convert",
            (GIVEN_SAID,),
            wallet=helpful_of_seats,
        ),
        Command(
            ("switch",),
            "what a change from conversations to Flex Credits, or back, costs once, saves, and when it has paid for itself",
            ("plan", *WORKLOAD[:3], *WORKLOAD[4:7], "audience", "months_left", "unused", "overlap", *PRICE_TERMS[:4]),
            (
                "switch flex 10000 interactions 5.3 actions",
                "switch flex 10000 interactions 5.3 actions 7 months left unused $40,000",
                "switch conversations 10000 interactions 25 actions no overlap",
            ),
            "core.questions.pricing.switch:switch",
            (SWITCHED_PLAN, SWITCHED_USE),
            wallet=needs_without_workload,
        ),
        Command(
            ("tco",),
            "what comes on top of the AI spend: support, Data Cloud, development",
            ("spend", "premier", "data_cloud", "major_agents", *WORKLOAD, *PRICE_TERMS),
            ("tco $200000 per year premier", "tco $200000 per year data cloud 30%", "tco 10000 interactions 5 actions 2 agents"),
            "core.questions.pricing.tco:tco",
            (SPEND_SAID, WORKLOAD_FOR_GROWTH),
            wallet=needs_without_spend,
        ),
        Command(
            ("plan purchase", "purchase"),
            "how many packs to buy ahead, against paying for credits as they are used",
            ("months", "seed", *WORKLOAD, *PRICE_TERMS[:3]),
            ("plan purchase 12 months discount 25%", "plan purchase 10000 interactions 5.3 actions growth 5%"),
            "core.questions.planning.purchase:plan_purchase",
            (VOLUME_SAID_IF_ANY, WORKLOAD_FOR_GROWTH),
            family="plan",
            wallet=needs_without_workload,
        ),
        Command(
            ("pilot",),
            "what some months of real use showed, and a year of it under every plan",
            ("span", "seed", "audience", "grain", *FILTERS, *PRICE_TERMS),
            ("pilot last 90 days", "pilot since 2026-09-01 customers"),
            "core.questions.planning.pilot:pilot",
            family="plan",
            wallet=always_needed,
        ),
        Command(
            ("portfolio",),
            "several orgs: the cheapest permitted plan for each, against one plan for all",
            ("org", *WORKLOAD, "resolved_share", *PRICE_TERMS),
            (
                "portfolio org A: 10000 interactions 3 actions customers; org B: 200 users 1500 actions per user employees",
                "portfolio discount 25%",
            ),
            "core.questions.planning.portfolio:portfolio",
            (SEVERAL_ORGS,),
            family="plan",
            wallet=needs_without_orgs,
        ),
        Command(
            ("negotiate",),
            "what to ask for in a contract, and what each ask is worth on this use",
            (*WORKLOAD, *PRICE_TERMS),
            ("negotiate", "negotiate 50000 interactions 5.3 actions sandbox 10%"),
            "core.questions.planning.negotiate:negotiate",
            (VOLUME_SAID_IF_ANY,),
            family="plan",
            wallet=needs_without_workload,
        ),
        Command(
            ("what if",),
            "the wallet's own month repriced beside today: other volume, actions per interaction, growth, a discount",
            ("volume", "actions", "actions_to", "growth", "discount", "org", "agent", "department", "user", "use_case"),
            ("what if volume 200%", "what if growth 15%", "what if 4 actions to 7 actions discount 25%"),
            "core.questions.planning.what_if:answer_what_if",
            (CHANGE_SAID, PER_INTERACTION_ONLY),
            family="plan",
            wallet=always_needed,
        ),
        Command(
            ("use cases", "use case"),
            "typical actions, credits and cost of an interaction, by use case",
            PRICE_TERMS[:3],
            ("use cases", "use cases discount 25%"),
            "core.questions.pricing.reference:use_cases",
            family="reference",
        ),
        Command(
            ("prices",),
            "the price book: every price in force with its date and source",
            ("topic",),
            ("prices", "prices foundations", "prices sandbox action"),
            "core.questions.pricing.reference:prices",
            family="reference",
        ),
        Command(
            ("vendors", "vendor prices", "competitors"),
            "what other vendors' agents cost, what each counts as billable, and when that was read",
            ("vendors",),
            ("vendors", "vendors intercom, zendesk"),
            "core.questions.pricing.vendors:list_vendors",
            family="reference",
        ),
        Command(
            ("explain",),
            "where a figure or price comes from",
            ("subject",),
            ("explain actions_per_user_month", "explain payg", "explain flex credits"),
            "core.questions.pricing.reference:explain",
            (SUBJECT_SAID,),
            family="reference",
        ),
        Command(
            ("help",),
            "the commands by need, or one of them with its phrases",
            ("about",),
            ("help", "help compare"),
            "core.questions.pricing.reference:help_with",
            family="reference",
        ),
        Command(
            ("wallet", "balance"),
            "credits bought, used and left, how fast they go, and what will expire unused",
            ("as_of", "grain", *FILTERS),
            ("wallet", "wallet as of 2026-09-01", "wallet production"),
            "core.questions.forecasting.wallet_ahead:wallet",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("usage",),
            "what used the credits, biggest first, and how that changed",
            ("by", "then_by", "span", "top", "grain", *FILTERS, "action", "user", "use_case"),
            (
                "usage by agent",
                "usage by action last 30 days top 5",
                "usage by day since 2026-09-01",
                "usage by agent then by month",
            ),
            "core.questions.wallet.usage:usage",
            (GROUPING_SAID,),
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("actions",),
            "how many actions an interaction takes, by agent",
            ("span", "agent"),
            ("actions", "actions last 30 days"),
            "core.questions.wallet.actions:actions",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("overhead", "token overhead", "dear", "dear actions"),
            "events billed as more than one action, and what the excess cost",
            ("span", "top", *FILTERS),
            ("overhead", "overhead last 30 days top 5"),
            "core.questions.wallet.costs:overhead",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("sandbox",),
            "what tests cost",
            ("span", "org", "card", "agent", "department"),
            ("sandbox", "sandbox last 30 days"),
            "core.questions.wallet.costs:sandbox",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("users",),
            "which employees use enough for a seat, and what each plan would have cost for them",
            ("span", "top", "org", "environment", "agent", "department", "user", *PRICE_TERMS),
            ("users", "users last 28 days"),
            "core.questions.pricing.users:answer_users",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("reconcile",),
            "summed usage against the ledger and the wallet's own balance",
            ("card",),
            ("reconcile",),
            "core.questions.wallet.reconcile:reconcile",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("variance",),
            "why credits changed: volume, actions per interaction, environment, credits per action",
            ("span", *FILTERS),
            ("variance last 7 days", "variance from 2026-09-01 to 2026-09-30"),
            "core.questions.wallet.variance:variance",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("invoice",),
            "a month as Salesforce would bill it: drawn by grant, overage in arrears, Premier; to compare with the statement",
            ("span", "card", "premier"),
            ("invoice", "invoice from 2026-09-01 to 2026-09-30"),
            "core.questions.wallet.invoice:answer_invoice",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("showback", "chargeback"),
            "what each cost centre used and cost by month, adding up to the invoices to the cent",
            ("span", "card", "user", "premier"),
            ("showback", "showback from 2026-09-01 to 2026-09-30"),
            "core.questions.wallet.invoice:answer_showback",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("unit cost", "unit costs"),
            "what one conversation, one resolved conversation and one person cost, and what that saves",
            ("by", "span", *FILTERS[:2], "card", "agent", "department", "user", "use_case"),
            ("unit cost", "unit cost by month", "unit cost by department last 30 days"),
            "core.questions.wallet.unit_cost:answer_unit_cost",
            (UNIT_GROUPING,),
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("budget", "budgets", "are we over budget", "over budget"),
            "what is spent of each budget, what its period is expected to come to, and the chance of more",
            ("team", "org", "card", "agent", "department", "span", "as_of"),
            ("budget", "budget department Service", "are we over budget", "budget as of 2026-09-30"),
            "core.questions.planning.budget:answer_budget",
            (DAYS_BY_DATE,),
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("alerts", "alert"),
            "open alerts, sent and failed messages, and upcoming levels",
            ("team", "org", "card", "state"),
            ("alerts", "alerts open", "alerts team Service"),
            "core.questions.alerts.alerts:answer_alerts",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("digests",),
            "what the weekly and monthly digests said",
            ("team",),
            ("digests", "digests team Service"),
            "core.questions.alerts.digests:answer_digests",
            family="wallet",
            wallet=always_needed,
        ),
        Command(
            ("forecast",),
            "what the coming weeks will use, the day the credits run out, and what the term will leave unused",
            ("weeks", "seed", "as_of", "grain", *FILTERS),
            ("forecast", "forecast 8 weeks", "forecast agent Sales_SDR"),
            "core.questions.forecasting.forecast:forecast",
            family="plan",
            wallet=always_needed,
        ),
        Command(
            ("scorecard",),
            "how past forecasts did: forecast, actual, and how often the ranges held",
            ("grain", *FILTERS),
            ("scorecard", "scorecard production"),
            "core.questions.forecasting.scorecard:scorecard",
            family="plan",
            wallet=always_needed,
        ),
        Command(
            ("sql",),
            "the query behind an answer, ready to run by hand",
            ("query",),
            ("sql usage_by_name",),
            "core.questions.wallet.sql:sql",
            (QUERY_SAID,),
            family="wallet",
        ),
    )
}
COMMAND_OF_WORD: Mapping[str, str] = {word: command.name for command in COMMANDS.values() for word in command.words}
