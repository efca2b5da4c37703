"""`plan purchase`: for a stated workload, and for the simulated usage of the wallet."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.answer.model import Answer
from core.config.loader import Config, Contract, GrantInput
from core.config.wallet import Drawdown, WalletSettings
from core.context import Context
from core.errors import InputError, QuestionError
from core.pricing.price_book import ContractPrices
from core.pricing.volume_tiers import VolumeTier
from core.questions.asking import ask
from tests.fakes.small_wallet import TODAY, SmallWallet

Wallets = Callable[[int], SmallWallet]
Priced = Callable[[str], Answer]
DEAR_OVERAGE = Contract(prices=ContractPrices({"overage.usd_per_action": Decimal("0.14")}))
TIERS = (VolumeTier(10, Decimal(450)), VolumeTier(50, Decimal(400)), VolumeTier(200, Decimal(325)))
SAID = "plan purchase 10000 interactions 5 actions"


def under(contract: Contract, text: str) -> Answer:
    """Ask without a wallet, under a contract."""
    return ask(text, Context(TODAY, Config(contract=contract), lambda: None))  # type: ignore[arg-type, return-value]


def value(answer: Answer, key: str) -> object:
    """Return the value of a figure."""
    return answer.figure(key).value


def test_overage_is_billed_at_the_contracted_rate(priced: Priced) -> None:
    """12,000,000 credits at $0.005, in arrears and without a penalty, are $60,000 with or without a block: buy none."""
    answer = priced(SAID)
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(0), Decimal(60_000))
    assert value(answer, "nothing_ahead_usd") == Decimal(60_000)


def test_pay_as_you_go_is_the_other_end_and_a_disputed_claim(priced: Priced) -> None:
    """At $0.10 ÷ 0.725 an action the block would be 120 packs for $60,000; the vendor denies that premium."""
    answer = priced(SAID)
    assert (value(answer, "payg_overage_packs"), value(answer, "payg_overage_usd")) == (Decimal(120), Decimal(60_000))
    assert any("pay-as-you-go premium" in note.text for note in answer.notes if note.kind == "disputed claim")


def test_a_workload_that_is_said_is_bought_whole_where_overage_is_dearer() -> None:
    """10,000 × 5 × 20 × 12 = 12,000,000 credits are 120 packs for $60,000."""
    answer = under(DEAR_OVERAGE, SAID)
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(120), Decimal(60_000))


def test_the_eighty_percent_rule_stands_beside_it() -> None:
    """80% of 120 packs are 96; the 2,400,000 credits beyond cost $0.14 for each 20."""
    answer = under(DEAR_OVERAGE, SAID)
    assert value(answer, "rule_of_thumb_packs") == Decimal(96)
    assert value(answer, "rule_of_thumb_usd") == 96 * 500 + Decimal(2_400_000) / 20 * Decimal("0.14")


def test_months_said_are_the_months_planned_for() -> None:
    """Six months need half of the credits, from today to the same day in May."""
    answer = under(DEAR_OVERAGE, f"{SAID} 6 months")
    assert (value(answer, "packs"), value(answer, "day_after_last")) == (Decimal(60), date(2027, 5, 21))


def test_a_discount_lowers_the_block_and_not_the_overage(priced: Priced) -> None:
    """25% off 120 packs is $45,000; buying nothing ahead costs the same as without."""
    plain, cheaper = priced(SAID), priced(f"{SAID} discount 25%")
    assert (value(cheaper, "packs"), value(cheaper, "expected_usd")) == (Decimal(120), Decimal(45_000))
    assert value(cheaper, "nothing_ahead_usd") == value(plain, "nothing_ahead_usd")


def test_overage_at_the_contract_rate_says_that_a_block_gains_nothing() -> None:
    """At $0.10 an action, overage costs $500 for a pack's credits: buy nothing ahead."""
    contract = Contract(prices=ContractPrices({"overage.usd_per_action": Decimal("0.10")}))
    answer = under(contract, SAID)
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(0), Decimal(60_000))
    assert "gains nothing" in answer.headline


def test_the_contract_s_tiers_price_the_block() -> None:
    """From 125 packs on each costs $400: 125 × 400 = $50,000 beats 120 × 500 = $60,000."""
    answer = under(Contract(volume_tiers=(VolumeTier(125, Decimal(400)),)), SAID)
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(125), Decimal(50_000))


def test_a_discount_lowers_the_tiers_too() -> None:
    """10% off a tier of $400 makes 125 packs $45,000."""
    answer = under(Contract(volume_tiers=(VolumeTier(125, Decimal(400)),)), f"{SAID} discount 10%")
    assert value(answer, "expected_usd") == Decimal(45_000)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("compare {use}", "usd_per_year"),
        ("recommend {use}", "usd_per_year"),
        ("price flex {use}", "usd_per_year"),
        ("price prepurchase {use}", "usd_per_year"),
        ("price flex 540 packs", "usd"),
        ("price flex 54m credits", "usd"),
        ("plan purchase {use}", "expected_usd"),
        ("tco {use}", "ai_usd_per_year"),
        ("negotiate {use}", "ai_usd_per_year"),
        ("portfolio org A: {use} customers; org B: {use} customers", "portfolio_usd_per_year"),
    ],
)
def test_the_contract_s_tiers_hold_in_every_answer(question: str, figure: str) -> None:
    """540 packs are in the tier from 200: each costs $325, so 54,000,000 credits are $175,500, not $270,000."""
    answer = under(Contract(volume_tiers=TIERS), question.format(use="45000 interactions 5 actions"))
    orgs = 2 if question.startswith("portfolio") else 1
    assert value(answer, figure) == orgs * 540 * 325
    assert any("priced by the size of the order" in note.text for note in answer.notes)


def test_seats_break_even_at_the_tier_that_their_money_reaches() -> None:
    """200 seats cost $300,000 a year, the price of 923 packs at $325: $0.065 an action, 1,923 actions per user and month."""
    answer = under(Contract(volume_tiers=TIERS), "breakeven 200 users")
    assert abs(Decimal(str(value(answer, "actions_per_user_month"))) - Decimal(125) / Decimal("0.065")) < Decimal("1e-9")


def test_without_a_volume_a_single_pack_s_price_is_told() -> None:
    """The size of the order is unknown, so $0.10 an action is the price of a single pack, and the answer says so."""
    answer = under(Contract(volume_tiers=TIERS), "breakeven 3 actions")
    assert value(answer, "usd_per_action") == Decimal("0.10")
    assert any("a single one" in note.text for note in answer.notes if note.kind == "warning")


def test_a_price_that_the_question_says_goes_before_the_tiers() -> None:
    """At $0.10 per action 540 packs are $270,000; a pay-as-you-go price is another way to buy and keeps the tiers."""
    use = "price flex 45000 interactions 5 actions"
    assert value(under(Contract(volume_tiers=TIERS), f"{use} $0.10 per action"), "usd_per_year") == 270_000
    compared = under(Contract(volume_tiers=TIERS), "compare 45000 interactions 5 actions $0.12 per action payg")
    assert value(compared, "usd_per_year") == 540 * 325


@pytest.mark.parametrize(("packs", "usd"), [(8, 8 * 500), (10, 10 * 450), (45, 50 * 400), (199, 200 * 325), (540, 540 * 325)])
def test_credits_cost_what_the_cheapest_order_that_holds_them_does(packs: int, usd: int) -> None:
    """A tier's price needs an order of its size: 8 packs stay at $500; 45 cost more than 50 at $400 each."""
    answer = under(Contract(volume_tiers=TIERS), f"price flex {packs}00000 credits")
    assert value(answer, "usd") == usd


def test_a_larger_order_is_taken_where_its_price_pays() -> None:
    """4,500,000 credits are 45 packs at $450, $20,250; 50 packs at $400 are $20,000 and suffice too."""
    answer = under(Contract(volume_tiers=TIERS), "price prepurchase 3750 interactions 5 actions")
    assert value(answer, "usd_per_year") == 50 * 400


def test_the_wallet_s_own_use_has_a_range(wallet_of: Wallets) -> None:
    """Simulated futures give a low, an expected and a high cost."""
    answer = wallet_of(200).ask("plan purchase")
    low, expected, high = (Decimal(str(value(answer, key))) for key in ("usd_low", "expected_usd", "usd_high"))
    assert low < expected < high


def test_the_same_wallet_gives_the_same_plan(wallet_of: Wallets) -> None:
    """The seed comes from the data, so the same question gives the same figures; another seed gives others."""
    wallet = wallet_of(120)
    once, again, other = (wallet.ask(text) for text in ("plan purchase", "plan purchase", "plan purchase seed 5"))
    assert once == again
    assert value(once, "expected_usd") != value(other, "expected_usd")


def test_grants_at_hand_are_used_before_anything_is_bought(wallet_of: Wallets) -> None:
    """With a grant larger than any year there is nothing to buy."""
    wallet = wallet_of(120).grants_said(GrantInput(Decimal(10**9), date(2026, 1, 1), date(2028, 1, 1)))
    answer = wallet.ask("plan purchase")
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(0), Decimal(0))
    assert "last for 12 months" in answer.headline


def test_a_grant_that_ends_early_leaves_the_rest_of_the_year_to_buy(wallet_of: Wallets) -> None:
    """A grant that expires in a month covers that month at most."""
    free = wallet_of(120).grants_said(GrantInput(Decimal(10**9), date(2026, 1, 1), date(2026, 12, 21)))
    answer = free.ask("plan purchase")
    covered, use = (Decimal(str(value(answer, key))) for key in ("covered_credits", "expected_use_credits"))
    assert 0 < covered < use / 6


def test_too_few_weeks_give_a_point_without_a_range(wallet_of: Wallets) -> None:
    """Thirty complete days give a point and a warning."""
    answer = wallet_of(30).ask("plan purchase")
    assert (value(answer, "usd_low"), value(answer, "usd_high")) == (None, None)
    assert any("fewer than 8 weeks" in note.text for note in answer.notes if note.kind == "warning")


def test_too_few_days_are_told_with_their_number(wallet_of: Wallets) -> None:
    """Nine complete days are too few for a forecast."""
    with pytest.raises(InputError, match="9 of 14 complete days"):
        wallet_of(9).ask("plan purchase")


def test_without_wallet_and_workload_it_says_what_to_name(priced: Priced) -> None:
    """The refusal has an example that works."""
    with pytest.raises(QuestionError, match="needs a workload, or a wallet"):
        priced("plan purchase discount 25%")


def test_an_answer_asks_itself_again(wallet_of: Wallets) -> None:
    """The answer's own question gives the same answer."""
    wallet = wallet_of(60)
    answer = wallet.ask("purchase 6 months, 25% off, seed 9")
    assert wallet.ask(answer.question) == answer


@pytest.mark.parametrize(("order", "lasts"), [("earliest_expiry", True), ("granted_last", False)])
def test_grants_are_drawn_in_the_order_that_app_yaml_says(order: Drawdown, *, lasts: bool, wallet_of: Wallets) -> None:
    """A grant of 100,000 that ends in four days is lost if the grant of another, later one is used first."""
    older = GrantInput(Decimal(100_000), TODAY - timedelta(days=1), TODAY + timedelta(days=4))
    newer = GrantInput(Decimal(100_000), TODAY, TODAY + timedelta(days=300))
    wallet = wallet_of(120).configured(wallet=WalletSettings(drawdown=order), contract=Contract(grants=(older, newer)))
    found = Decimal(str(value(wallet.ask("plan purchase"), "covered_credits")))
    assert (found > Decimal(150_000)) == lasts


def test_data_that_ends_long_ago_is_told(wallet_of: Wallets) -> None:
    """Months that begin where the data ends, half a year ago, come with a warning."""
    answer = wallet_of(120).ask("plan purchase", date(2027, 6, 1))
    assert any("The months planned for begin on 22 Nov 2026" in note.text for note in answer.notes if note.kind == "warning")


def test_overage_for_nothing_is_no_division(wallet_of: Wallets) -> None:
    """With free overage there is nothing to buy ahead."""
    free = Contract(prices=ContractPrices({"overage.usd_per_action": Decimal(0)}))
    answer = wallet_of(120).configured(contract=free).ask("plan purchase")
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    "contract",
    [
        Contract(prices=ContractPrices({"overage.usd_per_action": Decimal("0.10")})),
        Contract(volume_tiers=(VolumeTier(200, Decimal(400)),)),
    ],
)
def test_the_share_of_futures_is_said_only_where_it_sets_the_block(contract: Contract, wallet_of: Wallets) -> None:
    """If overage costs as much, or a tier raises the block, no quantile explains it, and none is named."""
    wallet = wallet_of(120).configured(contract=DEAR_OVERAGE)
    assert any("share of the futures" in line for line in wallet.ask("plan purchase").arithmetic)
    answer = wallet.configured(contract=contract).ask("plan purchase")
    assert not any("share of the futures" in line for line in answer.arithmetic)


def test_a_pre_commitment_that_is_cheaper_is_told() -> None:
    """60,000 credits fill no pack: at $0.14 an action $420 as used, and halfway to $413.79 committed, $356.90."""
    answer = under(DEAR_OVERAGE, "plan purchase 50 interactions 5 actions")
    assert any("would cost $356.90, $63.10 less" in note.text for note in answer.notes if note.kind == "warning")


def test_a_wallet_without_use_needs_no_credits(wallet_of: Wallets) -> None:
    """After 89 days without usage nothing is expected, and no grant is needed."""
    answer = wallet_of(0).days_of_use(TODAY - timedelta(days=90), 20, *[0] * 89).ask("plan purchase 1 month")
    assert answer.headline == "Buy nothing: no usage is expected for 1 month."
