"""What single metered things burn: prompts, speech, translation, voice minutes, Data 360, resolutions, round trips.

A meter says how an item is asked for and which price row bills it; the arithmetic does no input or output.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from core.pricing.quantities import Credits
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.pricing.price_book import Prices

MILLION = Decimal(1_000_000)
MINUTES_IN_HOUR = Decimal(60)
FIRST_TIER = 1


class Meter(NamedTuple):
    """One thing that is counted and burns credits.

    words: the words for it, the first one printed. item: the price row, per `per` units.
    sandbox_item: the row in a sandbox, credits or a percentage of production; None if nobody states one.
    tokens_item: the tokens that a chunk of it covers; chunks are rounded up. is_whole: units are rounded up.
    has_tiers: whether the multiplier falls with the month's volume. free_in_sandbox: whether a sandbox burns nothing.
    is_in_usd: whether the row states dollars, so that no Flex Credits are burnt.
    """

    key: str
    words: tuple[str, ...]
    item: str
    per: Decimal = Decimal(1)
    sandbox_item: str | None = None
    tokens_item: str | None = None
    is_whole: bool = False
    has_tiers: bool = False
    free_in_sandbox: bool = False
    is_in_usd: bool = False

    @property
    def name(self) -> str:
        """The words that name it in a sentence."""
        return self.words[0]


def _prompt(kind: str) -> Meter:
    return Meter(f"{kind}_prompt", (f"{kind} prompts", f"{kind} prompt"), f"prompt.{kind}", tokens_item="prompt.tokens")


def _data_360(kind: str, words: tuple[str, ...], per: Decimal) -> Meter:
    return Meter(
        f"data_360_{kind}", words, f"data_360.{kind}_credits", per, sandbox_item="data_360.sandbox_percent", has_tiers=True
    )


def _rows(verb: str, *others: str) -> tuple[str, ...]:
    return (f"rows {verb}", f"row {verb}", f"data 360 rows {verb}", f"rows {verb} in data 360", *others)


METERS: Mapping[str, Meter] = {
    meter.key: meter
    for meter in (
        Meter(
            "action",
            ("standard actions", "standard action", "custom actions", "custom action"),
            "action.production",
            sandbox_item="action.sandbox",
        ),
        Meter("voice_action", ("voice actions", "voice action"), "voice.production", sandbox_item="voice.sandbox"),
        *(_prompt(kind) for kind in ("starter", "basic", "standard", "advanced")),
        Meter(
            "speech_to_text_hour",
            ("hours of speech to text", "hour of speech to text", "hours speech to text", "speech to text hours"),
            "speech_to_text.hour",
        ),
        Meter(
            "speech_to_text_minute",
            ("minutes of speech to text", "minute of speech to text", "minutes speech to text", "speech to text minutes"),
            "speech_to_text.hour",
            MINUTES_IN_HOUR,
        ),
        Meter(
            "text_to_speech",
            ("characters of text to speech", "character of text to speech", "characters text to speech"),
            "text_to_speech.million_characters",
            MILLION,
        ),
        Meter(
            "translation",
            ("characters of translation", "character of translation", "characters translation", "characters translated"),
            "translation.million_characters",
            MILLION,
        ),
        Meter(
            "voice_minute",
            ("voice minutes", "voice minute", "minutes of voice", "minutes voice"),
            "voice_minute.credits",
            is_whole=True,
        ),
        Meter(
            "resolution",
            ("resolutions", "resolution", "help agent resolutions", "help agent resolution"),
            "resolution.credits",
            sandbox_item="resolution.sandbox_credits",
        ),
        Meter(
            "coworker",
            ("coworker round trips", "coworker round trip", "round trips", "round trip"),
            "coworker.round_trip_credits",
        ),
        Meter(
            "headless_interaction",
            ("headless interactions", "headless interaction", "headless calls", "headless call"),
            "headless_interaction.credits",
            free_in_sandbox=True,
        ),
        Meter(
            "data_cloud_credit",
            ("Data Cloud credits", "Data Cloud credit", "Data Services credits"),
            "data_cloud.usd_per_pack",
            Decimal(100_000),
            is_in_usd=True,
        ),
        Meter("slackbot_action", ("slackbot actions", "slackbot action"), "slackbot_action.credits"),
        Meter("lead_worked", ("leads worked", "lead worked"), "lead_worked.credits"),
        Meter("personalization", ("personalizations", "personalization", "personalisations"), "personalization.credits"),
        _data_360("prepare", _rows("prepared", "rows to prepare"), MILLION),
        _data_360("unify", _rows("unified", "rows to unify"), MILLION),
        _data_360("real_time", _rows("in real time", "real-time rows", "real time rows"), MILLION),
        _data_360("unstructured", ("MB of unstructured data", "MB unstructured", "unstructured MB"), Decimal(1)),
        _data_360("intelligent", ("MB of intelligent processing", "MB intelligent", "intelligent MB"), Decimal(1)),
    )
}


class UseOfMeter(NamedTuple):
    """An amount of one thing. tokens: of each prompt; without them a prompt is one chunk.

    tier: the monthly tier of Data 360 that all of it falls in.
    """

    meter: Meter
    said: Decimal
    in_sandbox: bool = False
    tokens: Decimal | None = None
    tier: int = FIRST_TIER


class Metered(NamedTuple):
    """What an amount of one thing burns.

    units: those billed; chunks: billed chunks of each, 1 without tokens. each: credits per `per` units or chunks.
    items: the price rows used.
    """

    meter: Meter
    units: Decimal
    chunks: int
    each: Decimal
    items: tuple[str, ...]

    @property
    def credits(self) -> Credits:
        """The credits burnt, exact."""
        return Credits(self.units * self.chunks * self.each / self.meter.per)


def burn(use: UseOfMeter, prices: Prices) -> Metered:
    """Return what the usage burns. Raises: NoPriceError, if a row that it needs has no price in force."""
    meter = use.meter
    # A voice minute is billed whole once it starts; everything else is billed by the fraction.
    units = use.said.to_integral_value(ROUND_CEILING) if meter.is_whole else use.said
    if use.in_sandbox and meter.free_in_sandbox:
        return Metered(meter, units, 1, Decimal(0), ())
    chunks, items = 1, [meter.item]
    if use.tokens is not None and meter.tokens_item:
        # Chunks are rounded up, and an empty prompt is still one call.
        chunks = max(1, int((use.tokens / prices.value(meter.tokens_item)).to_integral_value(ROUND_CEILING)))
        items.append(meter.tokens_item)
    sandbox = prices.row(meter.sandbox_item) if use.in_sandbox and meter.sandbox_item else None
    # A sandbox price in credits takes the place of the production price. One in percent is a share of it, after the tier.
    if sandbox and sandbox.unit != "percent":
        return Metered(meter, units, chunks, sandbox.value, (sandbox.item, *items[1:]))
    each = prices.value(meter.item)
    # The first tier is the list rate itself; the book has a percentage for each later tier only.
    if meter.has_tiers and use.tier != FIRST_TIER:
        items.append(f"data_360.tier_{use.tier}_percent")
        each = each * prices.value(items[-1]) / 100
    if sandbox:
        items.append(sandbox.item)
        each = each * sandbox.value / 100
    return Metered(meter, units, chunks, each, tuple(items))
