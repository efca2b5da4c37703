"""A type for the rows of each query: made from the headers in `sql/` by `python -m core.reference`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal


class AlertByKeyRow(NamedTuple):
    """A row of alert_by_key."""

    key: str
    team: str
    rule: str
    state: str
    state_at: datetime
    snoozed_until: datetime | None
    term_end: date | None
    answer: str


class AlertPostsRow(NamedTuple):
    """A row of alert_posts."""

    address: str
    remote_id: str


class AlertRulesRow(NamedTuple):
    """A row of alert_rules."""

    name: str
    severity: int
    title: str


class AlertsByScopeRow(NamedTuple):
    """A row of alerts_by_scope."""

    key: str
    rule: str
    level: str
    term: str
    direction: str
    state: str
    term_end: date | None
    day: date
    words: str
    answer: str


class AlertsByTeamRow(NamedTuple):
    """A row of alerts_by_team."""

    key: str
    rule: str
    level: str
    term: str
    direction: str
    team: str
    org: str
    card: str
    day: date
    decided_at: datetime
    term_end: date | None
    state: str
    state_by: str
    state_at: datetime
    snoozed_until: datetime | None
    owner: str
    words: str
    answer: str


class AuditAnchorRow(NamedTuple):
    """A row of audit_anchor."""

    position: int
    hash: str


class AuditChainRow(NamedTuple):
    """A row of audit_chain."""

    position: int
    at: datetime
    who: str
    what: str
    about: str
    source: str
    digest: str | None
    hash: str | None
    is_redacted: bool


class AuditExtentRow(NamedTuple):
    """A row of audit_extent."""

    oldest: datetime | None
    newest: datetime | None
    data_through: datetime | None


class AuditHeadRow(NamedTuple):
    """A row of audit_head."""

    position: int
    hash: str
    linked: int
    unchained: int


class AuditTrailRow(NamedTuple):
    """A row of audit_trail."""

    at: datetime
    who: str
    what: str
    about: str
    source: str


class CardsWithUseRow(NamedTuple):
    """A row of cards_with_use."""

    card: str
    credits: Decimal


class DigestsDeliveredRow(NamedTuple):
    """A row of digests_delivered."""

    key: str
    team: str
    payload: str
    issued_at: datetime


class DigestsIssuedRow(NamedTuple):
    """A row of digests_issued."""

    name: str
    period: str
    issued_at: datetime
    headline: str


class EvaluationRow(NamedTuple):
    """A row of evaluation."""

    is_due: bool
    evaluated_at: datetime | None
    data_through: datetime | None


class ExpensiveActionsRow(NamedTuple):
    """A row of expensive_actions."""

    action: str
    agent: str
    events: int
    multi_action_events: int
    excess_actions: Decimal
    excess_credits: Decimal
    credits: Decimal


class ExpiredSnoozesRow(NamedTuple):
    """A row of expired_snoozes."""

    key: str
    snoozed_until: datetime
    answer: str


class ExportsByAgeRow(NamedTuple):
    """A row of exports_by_age."""

    container_sha256: str
    imported_at: datetime


class FocusUsageRow(NamedTuple):
    """A row of focus_usage."""

    day: date
    environment: str
    org: str
    paying_org: str
    usage_type: str
    agent: str
    action: str
    department: str
    use_case: str
    actions: Decimal
    credits: Decimal


class ForecastsMadeRow(NamedTuple):
    """A row of forecasts_made."""

    made_at: datetime
    made_on: date
    first_day: date
    seed: int
    next_7_days_credits: Decimal
    next_7_days_credits_low: Decimal | None
    next_7_days_credits_high: Decimal | None
    next_28_days_credits: Decimal
    next_28_days_credits_low: Decimal | None
    next_28_days_credits_high: Decimal | None
    depletion_day: date | None
    depletion_day_early: date | None
    depletion_day_late: date | None


class ForgottenUsersRow(NamedTuple):
    """A row of forgotten_users."""

    fingerprint: str
    pseudonym: str


class GivenUpPlacesRow(NamedTuple):
    """A row of given_up_places."""

    team: str
    kind: str
    address: str
    messages: int
    last_failed: datetime
    error: str


class GrainOverlapRow(NamedTuple):
    """A row of grain_overlap."""

    day: date
    event_credits: Decimal | None
    hour_credits: Decimal | None
    day_credits: Decimal | None
    counted_credits: Decimal


class ImportByIdRow(NamedTuple):
    """A row of import_by_id."""

    import_id: int
    file_name: str
    profile: str
    container_sha256: str
    source_sha256: str | None
    source_name: str | None
    imported_at: datetime
    rows_read: int


class ImportedContainersRow(NamedTuple):
    """A row of imported_containers."""

    newest_import: int
    container_sha256: str


class ImportedFileRow(NamedTuple):
    """A row of imported_file."""

    import_id: int
    profile: str
    reading: str
    read_with: str | None
    imported_at: datetime
    data_through: datetime
    rows_read: int
    rows_rejected: int


class ImportsBetweenRow(NamedTuple):
    """A row of imports_between."""

    file_name: str
    container_sha256: str
    import_id: int


class ImportsListedRow(NamedTuple):
    """A row of imports_listed."""

    import_id: int
    imported_at: datetime
    file_name: str
    profile: str
    data_through: datetime | None
    rows_read: int
    rows_rejected: int
    counted_rows: int
    counted_credits: Decimal | None
    container_sha256: str
    replaced_from: date | None
    replaced_to: date | None
    is_folded: bool


class InteractionExtentRow(NamedTuple):
    """A row of interaction_extent."""

    first_day: date | None
    last_day: date | None
    interactions: int


class InteractionsByActionsRow(NamedTuple):
    """A row of interactions_by_actions."""

    agent: str
    actions: Decimal
    interactions: int
    first_day: date
    last_day: date


class InteractionsByDayRow(NamedTuple):
    """A row of interactions_by_day."""

    day: date
    agent: str
    interactions: int


class InteractionsInPeriodsRow(NamedTuple):
    """A row of interactions_in_periods."""

    interactions: int
    interactions_before: int


class LackingDaysRow(NamedTuple):
    """A row of lacking_days."""

    day: date
    environment: str
    lacking_in: str
    credits: Decimal


class LastNewerDataRow(NamedTuple):
    """A row of last_newer_data."""

    import_id: int
    imported_at: datetime
    data_through: datetime


class LatestBalancesRow(NamedTuple):
    """A row of latest_balances."""

    environment: str
    usage_model: str
    used_credits: Decimal
    granted_credits: Decimal
    imported_at: datetime


class MessagesOfPlaceRow(NamedTuple):
    """A row of messages_of_place."""

    position: int
    key: str
    alert_key: str
    kind: str
    address: str
    is_told: bool
    is_withdrawn: bool


class MissesByTextRow(NamedTuple):
    """A row of misses_by_text."""

    text: str
    times: int
    surfaces: str
    newest: datetime


class NewTagsRow(NamedTuple):
    """A row of new_tags."""

    tags: str


class NewestDataRow(NamedTuple):
    """A row of newest_data."""

    data_through: datetime | None


class NextImportIdRow(NamedTuple):
    """A row of next_import_id."""

    import_id: int


class OldestEventRow(NamedTuple):
    """A row of oldest_event."""

    day: date | None


class OutboxConditionRow(NamedTuple):
    """A row of outbox_condition."""

    waiting: int
    oldest_waiting: datetime | None
    given_up: int
    last_error: str | None
    last_delivered: datetime | None


class OutboxCountsRow(NamedTuple):
    """A row of outbox_counts."""

    state: str
    messages: int


class OutboxDeliveriesRow(NamedTuple):
    """A row of outbox_deliveries."""

    key: str
    kind: str
    address: str
    team: str
    alert_key: str | None
    payload: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime
    delivered_at: datetime | None
    failed_at: datetime | None
    withdrawn_at: datetime | None
    error: str | None
    remote_id: str | None


class OutboxDueRow(NamedTuple):
    """A row of outbox_due."""

    position: int
    key: str
    kind: str
    address: str
    team: str
    alert_key: str | None
    payload: str
    created_at: datetime
    attempts: int
    is_unwanted: bool


class PeopleByNameRow(NamedTuple):
    """A row of people_by_name."""

    name: str
    people: int
    credits: Decimal


class PlacesAskedRow(NamedTuple):
    """A row of places_asked."""

    kind: str
    address: str


class PreviousThresholdsByScopeRow(NamedTuple):
    """A row of previous_thresholds_by_scope."""

    term: str
    used_percent: Decimal
    measured_at: datetime


class ReconcileImportRow(NamedTuple):
    """A row of reconcile_import."""

    card: str
    environment: str
    used_credits: Decimal
    stated_used: Decimal
    difference: Decimal
    ledger_credits: Decimal
    stated_granted: Decimal


class RejectCountRow(NamedTuple):
    """A row of reject_count."""

    rows: int


class RejectedRowsRow(NamedTuple):
    """A row of rejected_rows."""

    headers: str | None
    line: int
    column_name: str
    reason: str
    original_text: str
    cells: str | None


class RejectsBeforeRow(NamedTuple):
    """A row of rejects_before."""

    import_id: int
    row_count: int


class RejectsByReasonRow(NamedTuple):
    """A row of rejects_by_reason."""

    column_name: str
    reason: str
    row_count: int
    first_line: int


class ResolutionsByDayRow(NamedTuple):
    """A row of resolutions_by_day."""

    day: date
    name: str
    resolutions: int


class SlackChannelMovesKnownRow(NamedTuple):
    """A row of slack_channel_moves_known."""

    old_channel: str
    new_channel: str


class SlackChannelsKnownRow(NamedTuple):
    """A row of slack_channels_known."""

    workspace: str
    channel: str
    name: str
    created: int
    creator: str
    is_archived: bool
    is_member: bool
    is_private: bool
    is_shared: bool


class SlackSecretsKeptRow(NamedTuple):
    """A row of slack_secrets_kept."""

    name: str
    sealed: str
    written_at: datetime


class SourceOfImportRow(NamedTuple):
    """A row of source_of_import."""

    name: str


class SourceTableRow(NamedTuple):
    """A row of source_table."""

    import_id: int
    processed_through: datetime | None
    read_with: str


class ToldBeforeInRow(NamedTuple):
    """A row of told_before_in."""

    remote_id: str


class TouchedDayCreditsRow(NamedTuple):
    """A row of touched_day_credits."""

    day: date
    card: str
    is_touched: bool
    credits: Decimal


class TypedBudgetsKeptRow(NamedTuple):
    """A row of typed_budgets_kept."""

    spreadsheet_id: str
    line: int
    kind: str
    part: str
    per: str
    unit: str
    amount: Decimal
    rolls_over: bool
    first_day: date | None
    read_at: datetime


class UndoneImportByIdRow(NamedTuple):
    """A row of undone_import_by_id."""

    import_id: int
    file_name: str
    undone_at: datetime
    undone_by: str


class UndoneImportsListedRow(NamedTuple):
    """A row of undone_imports_listed."""

    import_id: int
    file_name: str
    undone_at: datetime
    undone_by: str


class UsageByDayRow(NamedTuple):
    """A row of usage_by_day."""

    day: date
    actions: Decimal
    credits: Decimal
    card_credits: Decimal


class UsageByDayAndNameRow(NamedTuple):
    """A row of usage_by_day_and_name."""

    day: date
    name: str
    lacking_in: str
    credits: Decimal


class UsageByNameRow(NamedTuple):
    """A row of usage_by_name."""

    name: str
    lacking_in: str
    actions: Decimal
    credits: Decimal
    credits_before: Decimal


class UsageByPersonAndDepartmentRow(NamedTuple):
    """A row of usage_by_person_and_department."""

    day: date
    user_id: str
    department: str
    credits: Decimal


class UsageByTwoNamesRow(NamedTuple):
    """A row of usage_by_two_names."""

    day: date
    name: str
    other_name: str
    lacking_in: str
    actions: Decimal
    credits: Decimal


class UsageByUserRow(NamedTuple):
    """A row of usage_by_user."""

    name: str
    lacking_in: str
    actions: Decimal
    credits: Decimal
    credits_before: Decimal


class UsageByUserAndDayRow(NamedTuple):
    """A row of usage_by_user_and_day."""

    day: date
    name: str
    lacking_in: str
    actions: Decimal
    credits: Decimal


class UsageOfUserRow(NamedTuple):
    """A row of usage_of_user."""

    day: date
    name: str
    other_name: str
    lacking_in: str
    actions: Decimal
    credits: Decimal


class VariancePartsRow(NamedTuple):
    """A row of variance_parts."""

    is_now: bool
    environment: str
    actions: Decimal
    action_credits: Decimal
    other_credits: Decimal


class WalletActionsRow(NamedTuple):
    """A row of wallet_actions."""

    name: str


class WalletCardsRow(NamedTuple):
    """A row of wallet_cards."""

    card: str


class WalletExtentRow(NamedTuple):
    """A row of wallet_extent."""

    data_through: datetime | None
    last_import: datetime | None
    imports: int
    first_day: date | None
    last_day: date | None
    is_mixed: bool


class WalletGrantsRow(NamedTuple):
    """A row of wallet_grants."""

    id: str
    credits: Decimal
    start_time: datetime
    end_time: datetime | None
    type: str | None
    subtype: str | None


class WalletNamesRow(NamedTuple):
    """A row of wallet_names."""

    kind: str
    name: str
    card: str


class WalletUseCasesRow(NamedTuple):
    """A row of wallet_use_cases."""

    name: str


class WalletUsersRow(NamedTuple):
    """A row of wallet_users."""

    name: str


STATEMENT_OF: dict[type, str] = {
    AlertByKeyRow: "alert_by_key",
    AlertPostsRow: "alert_posts",
    AlertRulesRow: "alert_rules",
    AlertsByScopeRow: "alerts_by_scope",
    AlertsByTeamRow: "alerts_by_team",
    AuditAnchorRow: "audit_anchor",
    AuditChainRow: "audit_chain",
    AuditExtentRow: "audit_extent",
    AuditHeadRow: "audit_head",
    AuditTrailRow: "audit_trail",
    CardsWithUseRow: "cards_with_use",
    DigestsDeliveredRow: "digests_delivered",
    DigestsIssuedRow: "digests_issued",
    EvaluationRow: "evaluation",
    ExpensiveActionsRow: "expensive_actions",
    ExpiredSnoozesRow: "expired_snoozes",
    ExportsByAgeRow: "exports_by_age",
    FocusUsageRow: "focus_usage",
    ForecastsMadeRow: "forecasts_made",
    ForgottenUsersRow: "forgotten_users",
    GivenUpPlacesRow: "given_up_places",
    GrainOverlapRow: "grain_overlap",
    ImportByIdRow: "import_by_id",
    ImportedContainersRow: "imported_containers",
    ImportedFileRow: "imported_file",
    ImportsBetweenRow: "imports_between",
    ImportsListedRow: "imports_listed",
    InteractionExtentRow: "interaction_extent",
    InteractionsByActionsRow: "interactions_by_actions",
    InteractionsByDayRow: "interactions_by_day",
    InteractionsInPeriodsRow: "interactions_in_periods",
    LackingDaysRow: "lacking_days",
    LastNewerDataRow: "last_newer_data",
    LatestBalancesRow: "latest_balances",
    MessagesOfPlaceRow: "messages_of_place",
    MissesByTextRow: "misses_by_text",
    NewTagsRow: "new_tags",
    NewestDataRow: "newest_data",
    NextImportIdRow: "next_import_id",
    OldestEventRow: "oldest_event",
    OutboxConditionRow: "outbox_condition",
    OutboxCountsRow: "outbox_counts",
    OutboxDeliveriesRow: "outbox_deliveries",
    OutboxDueRow: "outbox_due",
    PeopleByNameRow: "people_by_name",
    PlacesAskedRow: "places_asked",
    PreviousThresholdsByScopeRow: "previous_thresholds_by_scope",
    ReconcileImportRow: "reconcile_import",
    RejectCountRow: "reject_count",
    RejectedRowsRow: "rejected_rows",
    RejectsBeforeRow: "rejects_before",
    RejectsByReasonRow: "rejects_by_reason",
    ResolutionsByDayRow: "resolutions_by_day",
    SlackChannelMovesKnownRow: "slack_channel_moves_known",
    SlackChannelsKnownRow: "slack_channels_known",
    SlackSecretsKeptRow: "slack_secrets_kept",
    SourceOfImportRow: "source_of_import",
    SourceTableRow: "source_table",
    ToldBeforeInRow: "told_before_in",
    TouchedDayCreditsRow: "touched_day_credits",
    TypedBudgetsKeptRow: "typed_budgets_kept",
    UndoneImportByIdRow: "undone_import_by_id",
    UndoneImportsListedRow: "undone_imports_listed",
    UsageByDayRow: "usage_by_day",
    UsageByDayAndNameRow: "usage_by_day_and_name",
    UsageByNameRow: "usage_by_name",
    UsageByPersonAndDepartmentRow: "usage_by_person_and_department",
    UsageByTwoNamesRow: "usage_by_two_names",
    UsageByUserRow: "usage_by_user",
    UsageByUserAndDayRow: "usage_by_user_and_day",
    UsageOfUserRow: "usage_of_user",
    VariancePartsRow: "variance_parts",
    WalletActionsRow: "wallet_actions",
    WalletCardsRow: "wallet_cards",
    WalletExtentRow: "wallet_extent",
    WalletGrantsRow: "wallet_grants",
    WalletNamesRow: "wallet_names",
    WalletUseCasesRow: "wallet_use_cases",
    WalletUsersRow: "wallet_users",
}
