"""`plan purchase`, asked: for a workload that is said, and for the wallet's own simulated use."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.answer import Answer
from core.config import Config, Contract, GrantSaid
from core.errors import InputError, QuestionError
from core.price_book import ContractPrices
from core.questions.ask import ask
from core.questions.context import Context
from core.volume_tiers import VolumeTier
from core.wallet.settings import Drawdown, WalletSettings
from tests.fakes.small_wallet import TODAY, SmallWallet

Wallets = Callable[[int], SmallWallet]
Priced = Callable[[str], Answer]
SAID = "plan purchase 10000 interactions 5 actions"


def under(contract: Contract, text: str) -> Answer:
    """Ask without a wallet, under a contract."""
    return ask(text, Context(TODAY, Config(contract=contract), lambda: None))  # type: ignore[arg-type, return-value]


def value(answer: Answer, key: str) -> object:
    """Return a figure's value."""
    return answer.figure(key).value


def test_a_workload_that_is_said_is_bought_whole(priced: Priced) -> None:
    """10,000 × 5 × 20 × 12 = 12,000,000 credits are 120 packs for $60,000."""
    answer = priced(SAID)
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(120), Decimal(60_000))


def test_the_eighty_percent_rule_stands_beside_it(priced: Priced) -> None:
    """80 % of 120 packs are 96; the 2,400,000 credits beyond cost $0.10 ÷ 0.725 for each 20."""
    answer = priced(SAID)
    beyond = Decimal(2_400_000) * (Decimal("0.005") / Decimal("0.725"))
    assert value(answer, "rule_of_thumb_packs") == Decimal(96)
    assert abs(Decimal(str(value(answer, "rule_of_thumb_usd"))) - (96 * 500 + beyond)) < Decimal("1e-9")


def test_months_said_are_the_months_planned_for(priced: Priced) -> None:
    """Six months take half of the credits, from today to the same day in May."""
    answer = priced(f"{SAID} 6 months")
    assert (value(answer, "packs"), value(answer, "day_after_last")) == (Decimal(60), date(2027, 5, 21))


def test_a_discount_lowers_the_block_and_not_the_overage(priced: Priced) -> None:
    """25 % off 120 packs is $45,000; nothing bought ahead costs the same as without."""
    plain, cheaper = priced(SAID), priced(f"{SAID} discount 25%")
    assert value(cheaper, "expected_usd") == Decimal(45_000)
    assert value(cheaper, "nothing_ahead_usd") == value(plain, "nothing_ahead_usd")


def test_overage_at_the_contract_rate_says_that_a_block_gains_nothing() -> None:
    """$0.10 an action as overage is $500 for as many credits as a pack holds: buy nothing ahead."""
    contract = Contract(prices=ContractPrices({"overage.usd_per_action": Decimal("0.10")}))
    answer = under(contract, SAID)
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(0), Decimal(60_000))
    assert "gains nothing" in answer.headline


def test_the_contract_s_tiers_price_the_block() -> None:
    """From 125 packs on each costs $400: 125 × 400 = $50,000 beats 120 × 500 = $60,000."""
    answer = under(Contract(volume_tiers=(VolumeTier(125, Decimal(400)),)), SAID)
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(125), Decimal(50_000))


def test_a_discount_lowers_the_tiers_too() -> None:
    """10 % off a tier of $400 makes 125 packs $45,000."""
    answer = under(Contract(volume_tiers=(VolumeTier(125, Decimal(400)),)), f"{SAID} discount 10%")
    assert value(answer, "expected_usd") == Decimal(45_000)


@pytest.mark.parametrize(
    "question",
    [
        "compare 10000 interactions 5 actions",
        "recommend 10000 interactions 5 actions",
        "price flex 120 packs",
        "price prepurchase 10000 interactions 5 actions",
        "negotiate 10000 interactions 5 actions",
        "portfolio org A: 10000 interactions 5 actions; org B: 100 interactions 3 actions",
    ],
)
def test_who_prices_every_pack_alike_says_that_tiers_are_left_out(question: str) -> None:
    """A contract with tiers, and an answer that does not reckon with them, are told of together; otherwise nothing is said."""
    tiers = Contract(volume_tiers=(VolumeTier(125, Decimal(400)),))
    said = [any("volume tiers are left out" in note.text for note in under(one, question).notes) for one in (tiers, Contract())]
    assert said == [True, False]


def test_the_wallet_s_own_use_has_a_range(wallet_of: Wallets) -> None:
    """Simulated futures give a cost from a good year to a bad one, the expected one between."""
    answer = wallet_of(200).ask("plan purchase")
    low, expected, high = (Decimal(str(value(answer, key))) for key in ("usd_low", "expected_usd", "usd_high"))
    assert low < expected < high


def test_the_same_wallet_gives_the_same_plan(wallet_of: Wallets) -> None:
    """The seed comes from the data, so asking twice gives the same figures; another seed gives others."""
    wallet = wallet_of(120)
    once, again, other = (wallet.ask(text) for text in ("plan purchase", "plan purchase", "plan purchase seed 5"))
    assert once == again
    assert value(once, "expected_usd") != value(other, "expected_usd")


def test_grants_at_hand_are_used_before_anything_is_bought(wallet_of: Wallets) -> None:
    """A grant larger than any year leaves nothing to buy."""
    wallet = wallet_of(120).grants_said(GrantSaid(Decimal(10**9), date(2026, 1, 1), date(2028, 1, 1)))
    answer = wallet.ask("plan purchase")
    assert (value(answer, "packs"), value(answer, "expected_usd")) == (Decimal(0), Decimal(0))
    assert "last for 12 months" in answer.headline


def test_a_grant_that_ends_early_leaves_the_rest_of_the_year_to_buy(wallet_of: Wallets) -> None:
    """What expires after a month covers that month at most."""
    free = wallet_of(120).grants_said(GrantSaid(Decimal(10**9), date(2026, 1, 1), date(2026, 12, 21)))
    answer = free.ask("plan purchase")
    covered, use = (Decimal(str(value(answer, key))) for key in ("covered_credits", "expected_use_credits"))
    assert 0 < covered < use / 6


def test_too_few_weeks_give_a_point_without_a_range(wallet_of: Wallets) -> None:
    """Thirty complete days are a point and a warning."""
    answer = wallet_of(30).ask("plan purchase")
    assert (value(answer, "usd_low"), value(answer, "usd_high")) == (None, None)
    assert any("fewer than 8 weeks" in note.text for note in answer.notes if note.kind == "warning")


def test_too_few_days_are_told_with_their_number(wallet_of: Wallets) -> None:
    """Nine complete days are too few to look ahead from."""
    with pytest.raises(InputError, match="9 of 14 complete days"):
        wallet_of(9).ask("plan purchase")


def test_without_wallet_and_workload_it_says_what_to_name(priced: Priced) -> None:
    """Nothing to go by is told with an example that works."""
    with pytest.raises(QuestionError, match="needs a workload, or a wallet"):
        priced("plan purchase discount 25%")


def test_an_answer_asks_itself_again(wallet_of: Wallets) -> None:
    """The question that the answer repeats gives the same answer."""
    wallet = wallet_of(60)
    answer = wallet.ask("purchase 6 months, 25% off, seed 9")
    assert wallet.ask(answer.question) == answer


@pytest.mark.parametrize(("order", "lasts"), [("earliest_expiry", True), ("granted_last", False)])
def test_grants_are_drawn_in_the_order_that_app_yaml_says(order: Drawdown, *, lasts: bool, wallet_of: Wallets) -> None:
    """A grant of 100,000 that ends in four days is lost where another, granted last, goes first."""
    older = GrantSaid(Decimal(100_000), TODAY - timedelta(days=1), TODAY + timedelta(days=4))
    newer = GrantSaid(Decimal(100_000), TODAY, TODAY + timedelta(days=300))
    wallet = wallet_of(120).configured(wallet=WalletSettings(drawdown=order), contract=Contract(grants=(older, newer)))
    found = Decimal(str(value(wallet.ask("plan purchase"), "covered_credits")))
    assert (found > Decimal(150_000)) == lasts


def test_data_that_ends_long_ago_is_told(wallet_of: Wallets) -> None:
    """Months that begin where the data ends, half a year ago, are no plan for today without a warning."""
    answer = wallet_of(120).ask("plan purchase", date(2027, 6, 1))
    assert any("The months planned for begin on 22 Nov 2026" in note.text for note in answer.notes if note.kind == "warning")


def test_overage_for_nothing_is_no_division(wallet_of: Wallets) -> None:
    """A contract whose overage costs nothing leaves nothing to buy ahead."""
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
    """Where overage costs as much, or a tier pulls the block up, no quantile explains it, and none is named."""
    wallet = wallet_of(120)
    assert any("share of the futures" in line for line in wallet.ask("plan purchase").arithmetic)
    answer = wallet.configured(contract=contract).ask("plan purchase")
    assert not any("share of the futures" in line for line in answer.arithmetic)


def test_a_pre_commitment_that_is_cheaper_is_told(priced: Priced) -> None:
    """60,000 credits fill no pack: $413.79 as they are used, and half way to $300 committed, $356.90."""
    answer = priced("plan purchase 50 interactions 5 actions")
    assert any("would cost $356.90, $56.90 less" in note.text for note in answer.notes if note.kind == "warning")


def test_a_wallet_without_use_needs_no_credits(wallet_of: Wallets) -> None:
    """After 89 days without use there is nothing ahead, and no grant that would last."""
    answer = wallet_of(0).days_of_use(TODAY - timedelta(days=90), 20, *[0] * 89).ask("plan purchase 1 month")
    assert answer.headline == "Buy nothing: no use is ahead for 1 month."
