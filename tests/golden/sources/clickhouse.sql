WITH "t2" AS (
  SELECT
    "t1"."id" AS "id",
    "t1"."usage_type" AS "usage_type",
    "t1"."resource" AS "resource",
    "t1"."root_resource" AS "root_resource",
    "t1"."resource_tags" AS "resource_tags",
    "t1"."root_resource_tags" AS "root_resource_tags",
    "t1"."department" AS "department",
    "t1"."use_case" AS "use_case",
    "t1"."user_id" AS "user_id",
    "t1"."card_name" AS "card_name",
    "t1"."card_definition" AS "card_definition",
    "t1"."reporting_org" AS "reporting_org",
    "t1"."entitlement_org" AS "entitlement_org",
    "t1"."environment" AS "environment",
    "t1"."unit" AS "unit",
    "t1"."event_time" AS "event_time",
    "t1"."has_event_time" AS "has_event_time",
    "t1"."processed_time" AS "processed_time",
    "t1"."has_processed_time" AS "has_processed_time",
    "t1"."credits" AS "credits",
    "t1"."has_credits" AS "has_credits",
    "t1"."usage_value" AS "usage_value",
    "t1"."has_usage_value" AS "has_usage_value",
    "t1"."multiplier" AS "multiplier",
    "t1"."has_multiplier" AS "has_multiplier",
    "t1"."is_rounded" AS "is_rounded",
    CASE
      WHEN NOT (
        "t1"."has_event_time"
      )
      THEN 'event_time|missing'
      WHEN "t1"."has_event_time" AND isNull("t1"."event_time")
      THEN 'event_time|a time that the clocks in UTC skipped'
      WHEN "t1"."event_time" < parseDateTimeBestEffort('2000-01-01T00:00:00+00:00', 'UTC')
      THEN 'event_time|not a time of this century'
      WHEN "t1"."event_time" >= parseDateTimeBestEffort('2028-01-01T00:00:00+00:00', 'UTC')
      THEN 'event_time|after 2027'
      WHEN "t1"."has_processed_time" AND isNull("t1"."processed_time")
      THEN 'processed_time|a time that the clocks in UTC skipped'
      WHEN "t1"."processed_time" < parseDateTimeBestEffort('2000-01-01T00:00:00+00:00', 'UTC')
      THEN 'processed_time|not a time of this century'
      WHEN "t1"."processed_time" >= parseDateTimeBestEffort('2028-01-01T00:00:00+00:00', 'UTC')
      THEN 'processed_time|after 2027'
      WHEN NOT (
        "t1"."has_credits"
      )
      THEN 'credits|missing'
      WHEN "t1"."has_credits" AND isNull("t1"."credits")
      THEN 'credits|not a number'
      WHEN "t1"."has_usage_value" AND isNull("t1"."usage_value")
      THEN 'usage_value|not a number'
      WHEN "t1"."has_multiplier" AND isNull("t1"."multiplier")
      THEN 'multiplier|not a number'
      WHEN "t1"."multiplier" < 0
      THEN 'multiplier|negative'
      ELSE CAST(NULL AS Nullable(String))
    END AS "fault",
    toDate("t1"."event_time") AS "utc_day",
    CASE
      WHEN "t1"."event_time" < parseDateTimeBestEffort('2027-03-28T01:00:00+00:00', 'UTC')
      THEN CASE
        WHEN "t1"."event_time" < parseDateTimeBestEffort('2026-10-25T01:00:00+00:00', 'UTC')
        THEN CASE
          WHEN "t1"."event_time" < parseDateTimeBestEffort('2026-03-29T01:00:00+00:00', 'UTC')
          THEN toDate("t1"."event_time" + INTERVAL '3600' SECOND)
          ELSE toDate("t1"."event_time" + INTERVAL '7200' SECOND)
        END
        ELSE toDate("t1"."event_time" + INTERVAL '3600' SECOND)
      END
      ELSE CASE
        WHEN "t1"."event_time" < parseDateTimeBestEffort('2027-10-31T01:00:00+00:00', 'UTC')
        THEN toDate("t1"."event_time" + INTERVAL '7200' SECOND)
        ELSE toDate("t1"."event_time" + INTERVAL '3600' SECOND)
      END
    END AS "day"
  FROM (
    SELECT
      nullIf(TRIM(BOTH ' \t\n\r\v\f' FROM nullIf("t0"."id__c", '')), '') AS "id",
      nullIf("t0"."usagetypedevelopername__c", '') AS "usage_type",
      nullIf("t0"."resourceidorapiname__c", '') AS "resource",
      nullIf("t0"."rootresourceidorapiname__c", '') AS "root_resource",
      nullIf("t0"."resourcetags__c", '') AS "resource_tags",
      nullIf("t0"."rootresourcetags__c", '') AS "root_resource_tags",
      CAST(NULL AS Nullable(String)) AS "department",
      CAST(NULL AS Nullable(String)) AS "use_case",
      nullIf("t0"."userid__c", '') AS "user_id",
      nullIf("t0"."cardname__c", '') AS "card_name",
      nullIf("t0"."carddefinitiondevelopername__c", '') AS "card_definition",
      nullIf("t0"."usagereportingorgid__c", '') AS "reporting_org",
      nullIf("t0"."entitlementorgid__c", '') AS "entitlement_org",
      nullIf("t0"."usagebusinessenvtype__c", '') AS "environment",
      nullIf("t0"."unit__c", '') AS "unit",
      "t0"."eventtime__c" AS "event_time",
      isNotNull("t0"."eventtime__c") AS "has_event_time",
      "t0"."processedtime__c" AS "processed_time",
      isNotNull("t0"."processedtime__c") AS "has_processed_time",
      CASE
        WHEN ABS("t0"."unitsconsumed__c") < 1000000000000
        THEN CAST(CAST(ROUND("t0"."unitsconsumed__c", 6) AS Nullable(Decimal(38, 6))) AS Nullable(Decimal(18, 6)))
        ELSE CAST(NULL AS Nullable(Decimal(18, 6)))
      END AS "credits",
      isNotNull("t0"."unitsconsumed__c") AS "has_credits",
      CASE
        WHEN ABS("t0"."usagevalue__c") < 1000000000000
        THEN CAST(CAST(ROUND("t0"."usagevalue__c", 6) AS Nullable(Decimal(38, 6))) AS Nullable(Decimal(18, 6)))
        ELSE CAST(NULL AS Nullable(Decimal(18, 6)))
      END AS "usage_value",
      isNotNull("t0"."usagevalue__c") AS "has_usage_value",
      CASE
        WHEN ABS("t0"."multiplier__c") < 1000000000000
        THEN CAST(CAST(ROUND("t0"."multiplier__c", 6) AS Nullable(Decimal(38, 6))) AS Nullable(Decimal(18, 6)))
        ELSE CAST(NULL AS Nullable(Decimal(18, 6)))
      END AS "multiplier",
      isNotNull("t0"."multiplier__c") AS "has_multiplier",
      COALESCE(
        "t0"."unitsconsumed__c" <> CAST(ROUND("t0"."unitsconsumed__c", 6) AS Nullable(Decimal(38, 6))),
        FALSE
      )
      OR COALESCE(
        "t0"."usagevalue__c" <> CAST(ROUND("t0"."usagevalue__c", 6) AS Nullable(Decimal(38, 6))),
        FALSE
      )
      OR COALESCE(
        "t0"."multiplier__c" <> CAST(ROUND("t0"."multiplier__c", 6) AS Nullable(Decimal(38, 6))),
        FALSE
      ) AS "is_rounded"
    FROM "tenant_enriched_usage_event" AS "t0"
    WHERE
      isNull("t0"."eventtime__c")
      OR (
        "t0"."eventtime__c" >= parseDateTimeBestEffort('2026-04-30T00:00:00+00:00', 'UTC')
      )
  ) AS "t1"
), "t15" AS (
  SELECT
    "t8"."id" AS "id",
    "t8"."usage_type" AS "usage_type",
    "t8"."resource" AS "resource",
    "t8"."root_resource" AS "root_resource",
    "t8"."resource_tags" AS "resource_tags",
    "t8"."root_resource_tags" AS "root_resource_tags",
    "t8"."department" AS "department",
    "t8"."use_case" AS "use_case",
    "t8"."user_id" AS "user_id",
    "t8"."card_name" AS "card_name",
    "t8"."card_definition" AS "card_definition",
    "t8"."reporting_org" AS "reporting_org",
    "t8"."entitlement_org" AS "entitlement_org",
    "t8"."environment" AS "environment",
    "t8"."unit" AS "unit",
    "t8"."event_time" AS "event_time",
    "t8"."has_event_time" AS "has_event_time",
    "t8"."processed_time" AS "processed_time",
    "t8"."has_processed_time" AS "has_processed_time",
    "t8"."credits" AS "credits",
    "t8"."has_credits" AS "has_credits",
    "t8"."usage_value" AS "usage_value",
    "t8"."has_usage_value" AS "has_usage_value",
    "t8"."multiplier" AS "multiplier",
    "t8"."has_multiplier" AS "has_multiplier",
    "t8"."is_rounded" AS "is_rounded",
    "t8"."fault" AS "fault",
    "t8"."utc_day" AS "utc_day",
    "t8"."day" AS "day"
  FROM (
    SELECT
      *
    FROM "t2" AS "t3"
    WHERE
      isNull("t3"."fault")
  ) AS "t8"
  LEFT SEMI JOIN (
    SELECT
      *
    FROM (
      SELECT
        "t3"."day" AS "day"
      FROM "t2" AS "t3"
      WHERE
        isNull("t3"."fault")
        AND (
          isNull("t3"."processed_time")
          OR (
            "t3"."processed_time" >= parseDateTimeBestEffort('2026-11-01T00:00:00+00:00', 'UTC')
          )
        )
    ) AS "t6"
    UNION DISTINCT
    SELECT
      *
    FROM (
      SELECT
        "t8"."day" AS "day"
      FROM (
        SELECT
          *
        FROM "t2" AS "t3"
        WHERE
          isNull("t3"."fault")
      ) AS "t8"
      LEFT SEMI JOIN (
        SELECT DISTINCT
          "t3"."id" AS "id"
        FROM "t2" AS "t3"
        WHERE
          isNull("t3"."fault")
          AND (
            isNull("t3"."processed_time")
            OR (
              "t3"."processed_time" >= parseDateTimeBestEffort('2026-11-01T00:00:00+00:00', 'UTC')
            )
          )
          AND isNotNull("t3"."id")
      ) AS "t9"
        ON "t8"."id" = "t9"."id"
    ) AS "t11"
  ) AS "t14"
    ON "t8"."day" = "t14"."day"
)
SELECT
  *
FROM (
  SELECT
    CAST(NULL AS Nullable(String)) AS "fault",
    "t28"."day" AS "day",
    "t28"."utc_day" AS "utc_day",
    "t28"."usage_type" AS "usage_type",
    "t28"."resource" AS "resource",
    "t28"."root_resource" AS "root_resource",
    "t28"."resource_tags" AS "resource_tags",
    "t28"."root_resource_tags" AS "root_resource_tags",
    "t28"."department" AS "department",
    "t28"."use_case" AS "use_case",
    "t28"."user_id" AS "user_id",
    "t28"."card_name" AS "card_name",
    "t28"."card_definition" AS "card_definition",
    "t28"."reporting_org" AS "reporting_org",
    "t28"."entitlement_org" AS "entitlement_org",
    "t28"."environment" AS "environment",
    "t28"."row_count" AS "row_count",
    "t28"."actions" AS "actions",
    "t28"."credits" AS "credits",
    "t28"."dear_rows" AS "dear_rows",
    "t28"."excess_actions" AS "excess_actions",
    "t28"."excess_credits" AS "excess_credits",
    "t28"."rows_read" AS "rows_read",
    "t28"."rows_rounded" AS "rows_rounded",
    "t28"."rows_moved" AS "rows_moved",
    "t28"."rows_unclear" AS "rows_unclear",
    "t28"."rows_keyless" AS "rows_keyless",
    "t28"."processed_through" AS "processed_through",
    "t28"."event_through" AS "event_through"
  FROM (
    SELECT
      "t27"."day" AS "day",
      "t27"."utc_day" AS "utc_day",
      "t27"."usage_type" AS "usage_type",
      "t27"."resource" AS "resource",
      "t27"."root_resource" AS "root_resource",
      "t27"."resource_tags" AS "resource_tags",
      "t27"."root_resource_tags" AS "root_resource_tags",
      "t27"."department" AS "department",
      "t27"."use_case" AS "use_case",
      "t27"."user_id" AS "user_id",
      "t27"."card_name" AS "card_name",
      "t27"."card_definition" AS "card_definition",
      "t27"."reporting_org" AS "reporting_org",
      "t27"."entitlement_org" AS "entitlement_org",
      "t27"."environment" AS "environment",
      SUM(CASE WHEN "t27"."counts" THEN 1 ELSE 0 END) AS "row_count",
      SUM(
        CASE
          WHEN "t27"."counts"
          THEN COALESCE("t27"."usage_value", CAST(1 AS Nullable(Decimal(18, 6))))
          ELSE CAST(0 AS Nullable(Decimal(18, 6)))
        END
      ) AS "actions",
      SUM(
        CASE
          WHEN "t27"."counts"
          THEN "t27"."credits"
          ELSE CAST(0 AS Nullable(Decimal(18, 6)))
        END
      ) AS "credits",
      SUM(
        CASE
          WHEN "t27"."counts"
          AND COALESCE("t27"."usage_value" > CAST(1 AS Nullable(Decimal(18, 6))), FALSE)
          THEN 1
          ELSE 0
        END
      ) AS "dear_rows",
      SUM(
        CASE
          WHEN "t27"."counts"
          AND COALESCE("t27"."usage_value" > CAST(1 AS Nullable(Decimal(18, 6))), FALSE)
          THEN "t27"."usage_value" - CAST(1 AS Nullable(Decimal(18, 6)))
          ELSE CAST(0 AS Nullable(Decimal(18, 6)))
        END
      ) AS "excess_actions",
      SUM(
        CASE
          WHEN "t27"."counts"
          AND COALESCE("t27"."usage_value" > CAST(1 AS Nullable(Decimal(18, 6))), FALSE)
          AND (
            (
              "t27"."credits" - COALESCE("t27"."multiplier", "t27"."credits")
            ) > 0
          )
          THEN "t27"."credits" - COALESCE("t27"."multiplier", "t27"."credits")
          ELSE CAST(0 AS Nullable(Decimal(18, 6)))
        END
      ) AS "excess_credits",
      COUNT(*) AS "rows_read",
      SUM(CASE WHEN "t27"."is_rounded" THEN 1 ELSE 0 END) AS "rows_rounded",
      SUM(CASE WHEN "t27"."is_moved" THEN 1 ELSE 0 END) AS "rows_moved",
      SUM(CASE WHEN "t27"."is_unclear" THEN 1 ELSE 0 END) AS "rows_unclear",
      SUM(CASE WHEN isNull("t27"."id") THEN 1 ELSE 0 END) AS "rows_keyless",
      MAX("t27"."processed_time") AS "processed_through",
      MAX("t27"."event_time") AS "event_through"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t25"."id" AS "id",
          "t25"."usage_type" AS "usage_type",
          "t25"."resource" AS "resource",
          "t25"."root_resource" AS "root_resource",
          "t25"."resource_tags" AS "resource_tags",
          "t25"."root_resource_tags" AS "root_resource_tags",
          "t25"."department" AS "department",
          "t25"."use_case" AS "use_case",
          "t25"."user_id" AS "user_id",
          "t25"."card_name" AS "card_name",
          "t25"."card_definition" AS "card_definition",
          "t25"."reporting_org" AS "reporting_org",
          "t25"."entitlement_org" AS "entitlement_org",
          "t25"."environment" AS "environment",
          "t25"."unit" AS "unit",
          "t25"."event_time" AS "event_time",
          "t25"."has_event_time" AS "has_event_time",
          "t25"."processed_time" AS "processed_time",
          "t25"."has_processed_time" AS "has_processed_time",
          "t25"."credits" AS "credits",
          "t25"."has_credits" AS "has_credits",
          "t25"."usage_value" AS "usage_value",
          "t25"."has_usage_value" AS "has_usage_value",
          "t25"."multiplier" AS "multiplier",
          "t25"."has_multiplier" AS "has_multiplier",
          "t25"."is_rounded" AS "is_rounded",
          "t25"."fault" AS "fault",
          "t25"."utc_day" AS "utc_day",
          "t25"."day" AS "day",
          "t25"."processed" AS "processed",
          "t25"."nth" AS "nth",
          "t25"."newer_time" AS "newer_time",
          "t25"."newer_processed" AS "newer_processed",
          "t25"."newer_credits" AS "newer_credits",
          "t25"."newer_agent" AS "newer_agent",
          "t25"."counts" AS "counts",
          "t25"."is_moved" AS "is_moved",
          "t25"."is_unclear" AS "is_unclear"
        FROM (
          SELECT
            "t23"."id" AS "id",
            "t23"."usage_type" AS "usage_type",
            "t23"."resource" AS "resource",
            "t23"."root_resource" AS "root_resource",
            "t23"."resource_tags" AS "resource_tags",
            "t23"."root_resource_tags" AS "root_resource_tags",
            "t23"."department" AS "department",
            "t23"."use_case" AS "use_case",
            "t23"."user_id" AS "user_id",
            "t23"."card_name" AS "card_name",
            "t23"."card_definition" AS "card_definition",
            "t23"."reporting_org" AS "reporting_org",
            "t23"."entitlement_org" AS "entitlement_org",
            "t23"."environment" AS "environment",
            "t23"."unit" AS "unit",
            "t23"."event_time" AS "event_time",
            "t23"."has_event_time" AS "has_event_time",
            "t23"."processed_time" AS "processed_time",
            "t23"."has_processed_time" AS "has_processed_time",
            "t23"."credits" AS "credits",
            "t23"."has_credits" AS "has_credits",
            "t23"."usage_value" AS "usage_value",
            "t23"."has_usage_value" AS "has_usage_value",
            "t23"."multiplier" AS "multiplier",
            "t23"."has_multiplier" AS "has_multiplier",
            "t23"."is_rounded" AS "is_rounded",
            "t23"."fault" AS "fault",
            "t23"."utc_day" AS "utc_day",
            "t23"."day" AS "day",
            "t23"."processed" AS "processed",
            "t23"."nth" AS "nth",
            "t23"."newer_time" AS "newer_time",
            "t23"."newer_processed" AS "newer_processed",
            "t23"."newer_credits" AS "newer_credits",
            "t23"."newer_agent" AS "newer_agent",
            NOT (
              isNotNull("t23"."id") AND (
                "t23"."nth" > 0
              )
            ) AS "counts",
            isNotNull("t23"."id")
            AND (
              "t23"."nth" > 0
            )
            AND (
              "t23"."event_time" <> "t23"."newer_time"
            ) AS "is_moved",
            isNotNull("t23"."id")
            AND (
              "t23"."nth" > 0
            )
            AND (
              "t23"."processed" = "t23"."newer_processed"
            )
            AND (
              (
                "t23"."credits" <> "t23"."newer_credits"
              )
              OR (
                COALESCE("t23"."root_resource", '') <> "t23"."newer_agent"
              )
            ) AS "is_unclear"
          FROM (
            SELECT
              "t22"."id" AS "id",
              "t22"."usage_type" AS "usage_type",
              "t22"."resource" AS "resource",
              "t22"."root_resource" AS "root_resource",
              "t22"."resource_tags" AS "resource_tags",
              "t22"."root_resource_tags" AS "root_resource_tags",
              "t22"."department" AS "department",
              "t22"."use_case" AS "use_case",
              "t22"."user_id" AS "user_id",
              "t22"."card_name" AS "card_name",
              "t22"."card_definition" AS "card_definition",
              "t22"."reporting_org" AS "reporting_org",
              "t22"."entitlement_org" AS "entitlement_org",
              "t22"."environment" AS "environment",
              "t22"."unit" AS "unit",
              "t22"."event_time" AS "event_time",
              "t22"."has_event_time" AS "has_event_time",
              "t22"."processed_time" AS "processed_time",
              "t22"."has_processed_time" AS "has_processed_time",
              "t22"."credits" AS "credits",
              "t22"."has_credits" AS "has_credits",
              "t22"."usage_value" AS "usage_value",
              "t22"."has_usage_value" AS "has_usage_value",
              "t22"."multiplier" AS "multiplier",
              "t22"."has_multiplier" AS "has_multiplier",
              "t22"."is_rounded" AS "is_rounded",
              "t22"."fault" AS "fault",
              "t22"."utc_day" AS "utc_day",
              "t22"."day" AS "day",
              "t22"."processed" AS "processed",
              ROW_NUMBER() OVER (
                PARTITION BY "t22"."id"
                ORDER BY "t22"."processed" DESC, "t22"."credits" DESC, CASE WHEN isNotNull("t22"."processed_time") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_value") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."multiplier") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_type") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."department") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."use_case") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."user_id") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_name") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_definition") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."reporting_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."entitlement_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."environment") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."unit") THEN 1 ELSE 0 END DESC, "t22"."event_time" DESC, COALESCE(CAST("t22"."usage_value" AS Nullable(String)), '') DESC, COALESCE(CAST("t22"."multiplier" AS Nullable(String)), '') DESC, COALESCE("t22"."usage_type", '') DESC, COALESCE("t22"."resource", '') DESC, COALESCE("t22"."root_resource", '') DESC, COALESCE("t22"."resource_tags", '') DESC, COALESCE("t22"."root_resource_tags", '') DESC, COALESCE("t22"."department", '') DESC, COALESCE("t22"."use_case", '') DESC, COALESCE("t22"."user_id", '') DESC, COALESCE("t22"."card_name", '') DESC, COALESCE("t22"."card_definition", '') DESC, COALESCE("t22"."reporting_org", '') DESC, COALESCE("t22"."entitlement_org", '') DESC, COALESCE("t22"."environment", '') DESC, COALESCE("t22"."unit", '') DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) - 1 AS "nth",
              lagInFrame("t22"."event_time") OVER (
                PARTITION BY "t22"."id"
                ORDER BY "t22"."processed" DESC, "t22"."credits" DESC, CASE WHEN isNotNull("t22"."processed_time") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_value") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."multiplier") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_type") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."department") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."use_case") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."user_id") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_name") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_definition") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."reporting_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."entitlement_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."environment") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."unit") THEN 1 ELSE 0 END DESC, "t22"."event_time" DESC, COALESCE(CAST("t22"."usage_value" AS Nullable(String)), '') DESC, COALESCE(CAST("t22"."multiplier" AS Nullable(String)), '') DESC, COALESCE("t22"."usage_type", '') DESC, COALESCE("t22"."resource", '') DESC, COALESCE("t22"."root_resource", '') DESC, COALESCE("t22"."resource_tags", '') DESC, COALESCE("t22"."root_resource_tags", '') DESC, COALESCE("t22"."department", '') DESC, COALESCE("t22"."use_case", '') DESC, COALESCE("t22"."user_id", '') DESC, COALESCE("t22"."card_name", '') DESC, COALESCE("t22"."card_definition", '') DESC, COALESCE("t22"."reporting_org", '') DESC, COALESCE("t22"."entitlement_org", '') DESC, COALESCE("t22"."environment", '') DESC, COALESCE("t22"."unit", '') DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) AS "newer_time",
              lagInFrame("t22"."processed") OVER (
                PARTITION BY "t22"."id"
                ORDER BY "t22"."processed" DESC, "t22"."credits" DESC, CASE WHEN isNotNull("t22"."processed_time") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_value") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."multiplier") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_type") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."department") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."use_case") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."user_id") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_name") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_definition") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."reporting_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."entitlement_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."environment") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."unit") THEN 1 ELSE 0 END DESC, "t22"."event_time" DESC, COALESCE(CAST("t22"."usage_value" AS Nullable(String)), '') DESC, COALESCE(CAST("t22"."multiplier" AS Nullable(String)), '') DESC, COALESCE("t22"."usage_type", '') DESC, COALESCE("t22"."resource", '') DESC, COALESCE("t22"."root_resource", '') DESC, COALESCE("t22"."resource_tags", '') DESC, COALESCE("t22"."root_resource_tags", '') DESC, COALESCE("t22"."department", '') DESC, COALESCE("t22"."use_case", '') DESC, COALESCE("t22"."user_id", '') DESC, COALESCE("t22"."card_name", '') DESC, COALESCE("t22"."card_definition", '') DESC, COALESCE("t22"."reporting_org", '') DESC, COALESCE("t22"."entitlement_org", '') DESC, COALESCE("t22"."environment", '') DESC, COALESCE("t22"."unit", '') DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) AS "newer_processed",
              lagInFrame("t22"."credits") OVER (
                PARTITION BY "t22"."id"
                ORDER BY "t22"."processed" DESC, "t22"."credits" DESC, CASE WHEN isNotNull("t22"."processed_time") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_value") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."multiplier") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_type") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."department") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."use_case") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."user_id") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_name") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_definition") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."reporting_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."entitlement_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."environment") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."unit") THEN 1 ELSE 0 END DESC, "t22"."event_time" DESC, COALESCE(CAST("t22"."usage_value" AS Nullable(String)), '') DESC, COALESCE(CAST("t22"."multiplier" AS Nullable(String)), '') DESC, COALESCE("t22"."usage_type", '') DESC, COALESCE("t22"."resource", '') DESC, COALESCE("t22"."root_resource", '') DESC, COALESCE("t22"."resource_tags", '') DESC, COALESCE("t22"."root_resource_tags", '') DESC, COALESCE("t22"."department", '') DESC, COALESCE("t22"."use_case", '') DESC, COALESCE("t22"."user_id", '') DESC, COALESCE("t22"."card_name", '') DESC, COALESCE("t22"."card_definition", '') DESC, COALESCE("t22"."reporting_org", '') DESC, COALESCE("t22"."entitlement_org", '') DESC, COALESCE("t22"."environment", '') DESC, COALESCE("t22"."unit", '') DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) AS "newer_credits",
              lagInFrame(COALESCE("t22"."root_resource", '')) OVER (
                PARTITION BY "t22"."id"
                ORDER BY "t22"."processed" DESC, "t22"."credits" DESC, CASE WHEN isNotNull("t22"."processed_time") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_value") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."multiplier") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."usage_type") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."root_resource_tags") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."department") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."use_case") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."user_id") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_name") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."card_definition") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."reporting_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."entitlement_org") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."environment") THEN 1 ELSE 0 END + CASE WHEN isNotNull("t22"."unit") THEN 1 ELSE 0 END DESC, "t22"."event_time" DESC, COALESCE(CAST("t22"."usage_value" AS Nullable(String)), '') DESC, COALESCE(CAST("t22"."multiplier" AS Nullable(String)), '') DESC, COALESCE("t22"."usage_type", '') DESC, COALESCE("t22"."resource", '') DESC, COALESCE("t22"."root_resource", '') DESC, COALESCE("t22"."resource_tags", '') DESC, COALESCE("t22"."root_resource_tags", '') DESC, COALESCE("t22"."department", '') DESC, COALESCE("t22"."use_case", '') DESC, COALESCE("t22"."user_id", '') DESC, COALESCE("t22"."card_name", '') DESC, COALESCE("t22"."card_definition", '') DESC, COALESCE("t22"."reporting_org", '') DESC, COALESCE("t22"."entitlement_org", '') DESC, COALESCE("t22"."environment", '') DESC, COALESCE("t22"."unit", '') DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
              ) AS "newer_agent"
            FROM (
              SELECT
                "t21"."id" AS "id",
                "t21"."usage_type" AS "usage_type",
                "t21"."resource" AS "resource",
                "t21"."root_resource" AS "root_resource",
                "t21"."resource_tags" AS "resource_tags",
                "t21"."root_resource_tags" AS "root_resource_tags",
                "t21"."department" AS "department",
                "t21"."use_case" AS "use_case",
                "t21"."user_id" AS "user_id",
                "t21"."card_name" AS "card_name",
                "t21"."card_definition" AS "card_definition",
                "t21"."reporting_org" AS "reporting_org",
                "t21"."entitlement_org" AS "entitlement_org",
                "t21"."environment" AS "environment",
                "t21"."unit" AS "unit",
                "t21"."event_time" AS "event_time",
                "t21"."has_event_time" AS "has_event_time",
                "t21"."processed_time" AS "processed_time",
                "t21"."has_processed_time" AS "has_processed_time",
                "t21"."credits" AS "credits",
                "t21"."has_credits" AS "has_credits",
                "t21"."usage_value" AS "usage_value",
                "t21"."has_usage_value" AS "has_usage_value",
                "t21"."multiplier" AS "multiplier",
                "t21"."has_multiplier" AS "has_multiplier",
                "t21"."is_rounded" AS "is_rounded",
                "t21"."fault" AS "fault",
                "t21"."utc_day" AS "utc_day",
                "t21"."day" AS "day",
                COALESCE(
                  "t21"."processed_time",
                  parseDateTimeBestEffort('1970-01-02T00:00:00+00:00', 'UTC')
                ) AS "processed"
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t8"."id" AS "id",
                    "t8"."usage_type" AS "usage_type",
                    "t8"."resource" AS "resource",
                    "t8"."root_resource" AS "root_resource",
                    "t8"."resource_tags" AS "resource_tags",
                    "t8"."root_resource_tags" AS "root_resource_tags",
                    "t8"."department" AS "department",
                    "t8"."use_case" AS "use_case",
                    "t8"."user_id" AS "user_id",
                    "t8"."card_name" AS "card_name",
                    "t8"."card_definition" AS "card_definition",
                    "t8"."reporting_org" AS "reporting_org",
                    "t8"."entitlement_org" AS "entitlement_org",
                    "t8"."environment" AS "environment",
                    "t8"."unit" AS "unit",
                    "t8"."event_time" AS "event_time",
                    "t8"."has_event_time" AS "has_event_time",
                    "t8"."processed_time" AS "processed_time",
                    "t8"."has_processed_time" AS "has_processed_time",
                    "t8"."credits" AS "credits",
                    "t8"."has_credits" AS "has_credits",
                    "t8"."usage_value" AS "usage_value",
                    "t8"."has_usage_value" AS "has_usage_value",
                    "t8"."multiplier" AS "multiplier",
                    "t8"."has_multiplier" AS "has_multiplier",
                    "t8"."is_rounded" AS "is_rounded",
                    "t8"."fault" AS "fault",
                    "t8"."utc_day" AS "utc_day",
                    "t8"."day" AS "day"
                  FROM (
                    SELECT
                      *
                    FROM "t2" AS "t3"
                    WHERE
                      isNull("t3"."fault")
                  ) AS "t8"
                  LEFT SEMI JOIN (
                    SELECT DISTINCT
                      "t16"."id" AS "id"
                    FROM "t15" AS "t16"
                    WHERE
                      isNotNull("t16"."id")
                  ) AS "t19"
                    ON "t8"."id" = "t19"."id"
                ) AS "t20"
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    *
                  FROM "t15" AS "t16"
                  WHERE
                    isNull("t16"."id")
                ) AS "t17"
              ) AS "t21"
            ) AS "t22"
          ) AS "t23"
        ) AS "t25"
        LEFT SEMI JOIN (
          SELECT
            *
          FROM (
            SELECT
              "t3"."day" AS "day"
            FROM "t2" AS "t3"
            WHERE
              isNull("t3"."fault")
              AND (
                isNull("t3"."processed_time")
                OR (
                  "t3"."processed_time" >= parseDateTimeBestEffort('2026-11-01T00:00:00+00:00', 'UTC')
                )
              )
          ) AS "t6"
          UNION DISTINCT
          SELECT
            *
          FROM (
            SELECT
              "t8"."day" AS "day"
            FROM (
              SELECT
                *
              FROM "t2" AS "t3"
              WHERE
                isNull("t3"."fault")
            ) AS "t8"
            LEFT SEMI JOIN (
              SELECT DISTINCT
                "t3"."id" AS "id"
              FROM "t2" AS "t3"
              WHERE
                isNull("t3"."fault")
                AND (
                  isNull("t3"."processed_time")
                  OR (
                    "t3"."processed_time" >= parseDateTimeBestEffort('2026-11-01T00:00:00+00:00', 'UTC')
                  )
                )
                AND isNotNull("t3"."id")
            ) AS "t9"
              ON "t8"."id" = "t9"."id"
          ) AS "t11"
        ) AS "t14"
          ON "t25"."day" = "t14"."day"
      ) AS "t26"
      WHERE
        "t26"."day" >= toDate('2026-07-01')
    ) AS "t27"
    GROUP BY
      "t27"."day",
      "t27"."utc_day",
      "t27"."usage_type",
      "t27"."resource",
      "t27"."root_resource",
      "t27"."resource_tags",
      "t27"."root_resource_tags",
      "t27"."department",
      "t27"."use_case",
      "t27"."user_id",
      "t27"."card_name",
      "t27"."card_definition",
      "t27"."reporting_org",
      "t27"."entitlement_org",
      "t27"."environment"
  ) AS "t28"
) AS "t29"
UNION ALL
SELECT
  *
FROM (
  SELECT
    "t10"."fault" AS "fault",
    CAST(NULL AS Nullable(DATE)) AS "day",
    CAST(NULL AS Nullable(DATE)) AS "utc_day",
    CAST(NULL AS Nullable(String)) AS "usage_type",
    CAST(NULL AS Nullable(String)) AS "resource",
    CAST(NULL AS Nullable(String)) AS "root_resource",
    CAST(NULL AS Nullable(String)) AS "resource_tags",
    CAST(NULL AS Nullable(String)) AS "root_resource_tags",
    CAST(NULL AS Nullable(String)) AS "department",
    CAST(NULL AS Nullable(String)) AS "use_case",
    CAST(NULL AS Nullable(String)) AS "user_id",
    CAST(NULL AS Nullable(String)) AS "card_name",
    CAST(NULL AS Nullable(String)) AS "card_definition",
    CAST(NULL AS Nullable(String)) AS "reporting_org",
    CAST(NULL AS Nullable(String)) AS "entitlement_org",
    CAST(NULL AS Nullable(String)) AS "environment",
    "t10"."row_count" AS "row_count",
    CAST(0 AS Nullable(Decimal(38, 6))) AS "actions",
    "t10"."credits" AS "credits",
    CAST(0 AS Nullable(Int64)) AS "dear_rows",
    CAST(0 AS Nullable(Decimal(38, 6))) AS "excess_actions",
    CAST(0 AS Nullable(Decimal(38, 6))) AS "excess_credits",
    "t10"."rows_read" AS "rows_read",
    CAST(0 AS Nullable(Int64)) AS "rows_rounded",
    CAST(0 AS Nullable(Int64)) AS "rows_moved",
    CAST(0 AS Nullable(Int64)) AS "rows_unclear",
    CAST(0 AS Nullable(Int64)) AS "rows_keyless",
    "t10"."processed_through" AS "processed_through",
    "t10"."event_through" AS "event_through"
  FROM (
    SELECT
      "t5"."fault" AS "fault",
      COUNT(*) AS "row_count",
      SUM(
        CASE
          WHEN TRUE
          THEN COALESCE("t5"."credits", CAST(0 AS Nullable(Decimal(18, 6))))
          ELSE CAST(0 AS Nullable(Decimal(18, 6)))
        END
      ) AS "credits",
      COUNT(*) AS "rows_read",
      MAX("t5"."processed_time") AS "processed_through",
      MAX("t5"."event_time") AS "event_through"
    FROM (
      SELECT
        *
      FROM "t2" AS "t3"
      WHERE
        isNotNull("t3"."fault")
        AND (
          isNull("t3"."processed_time")
          OR (
            "t3"."processed_time" >= parseDateTimeBestEffort('2026-11-01T00:00:00+00:00', 'UTC')
          )
        )
    ) AS "t5"
    GROUP BY
      "t5"."fault"
  ) AS "t10"
) AS "t13"
