WITH `t2` AS (
  SELECT
    `t1`.`id`,
    `t1`.`usage_type`,
    `t1`.`resource`,
    `t1`.`root_resource`,
    `t1`.`resource_tags`,
    `t1`.`root_resource_tags`,
    `t1`.`department`,
    `t1`.`use_case`,
    `t1`.`user_id`,
    `t1`.`card_name`,
    `t1`.`card_definition`,
    `t1`.`reporting_org`,
    `t1`.`entitlement_org`,
    `t1`.`environment`,
    `t1`.`unit`,
    `t1`.`event_time`,
    `t1`.`has_event_time`,
    `t1`.`processed_time`,
    `t1`.`has_processed_time`,
    `t1`.`credits`,
    `t1`.`has_credits`,
    `t1`.`usage_value`,
    `t1`.`has_usage_value`,
    `t1`.`multiplier`,
    `t1`.`has_multiplier`,
    `t1`.`is_rounded`,
    CASE
      WHEN NOT (
        `t1`.`has_event_time`
      )
      THEN 'event_time|missing'
      WHEN `t1`.`has_event_time` AND (
        `t1`.`event_time` IS NULL
      )
      THEN 'event_time|a time that the clocks in UTC skipped'
      WHEN `t1`.`event_time` < CAST('2000-01-01T00:00:00+00:00' AS TIMESTAMP)
      THEN 'event_time|not a time of this century'
      WHEN `t1`.`event_time` >= CAST('2028-01-01T00:00:00+00:00' AS TIMESTAMP)
      THEN 'event_time|after 2027'
      WHEN `t1`.`has_processed_time` AND (
        `t1`.`processed_time` IS NULL
      )
      THEN 'processed_time|a time that the clocks in UTC skipped'
      WHEN `t1`.`processed_time` < CAST('2000-01-01T00:00:00+00:00' AS TIMESTAMP)
      THEN 'processed_time|not a time of this century'
      WHEN `t1`.`processed_time` >= CAST('2028-01-01T00:00:00+00:00' AS TIMESTAMP)
      THEN 'processed_time|after 2027'
      WHEN NOT (
        `t1`.`has_credits`
      )
      THEN 'credits|missing'
      WHEN `t1`.`has_credits` AND (
        `t1`.`credits` IS NULL
      )
      THEN 'credits|not a number'
      WHEN `t1`.`has_usage_value` AND (
        `t1`.`usage_value` IS NULL
      )
      THEN 'usage_value|not a number'
      WHEN `t1`.`has_multiplier` AND (
        `t1`.`multiplier` IS NULL
      )
      THEN 'multiplier|not a number'
      WHEN `t1`.`multiplier` < 0
      THEN 'multiplier|negative'
      ELSE CAST(NULL AS STRING)
    END AS `fault`,
    CAST(`t1`.`event_time` AS DATE) AS `utc_day`,
    CASE
      WHEN `t1`.`event_time` < CAST('2027-03-28T01:00:00+00:00' AS TIMESTAMP)
      THEN CASE
        WHEN `t1`.`event_time` < CAST('2026-10-25T01:00:00+00:00' AS TIMESTAMP)
        THEN CASE
          WHEN `t1`.`event_time` < CAST('2026-03-29T01:00:00+00:00' AS TIMESTAMP)
          THEN CAST(`t1`.`event_time` + INTERVAL '3600' SECOND AS DATE)
          ELSE CAST(`t1`.`event_time` + INTERVAL '7200' SECOND AS DATE)
        END
        ELSE CAST(`t1`.`event_time` + INTERVAL '3600' SECOND AS DATE)
      END
      ELSE CASE
        WHEN `t1`.`event_time` < CAST('2027-10-31T01:00:00+00:00' AS TIMESTAMP)
        THEN CAST(`t1`.`event_time` + INTERVAL '7200' SECOND AS DATE)
        ELSE CAST(`t1`.`event_time` + INTERVAL '3600' SECOND AS DATE)
      END
    END AS `day`
  FROM (
    SELECT
      NULLIF(TRIM(' \t\n\r\013\014' FROM NULLIF(`t0`.`id__c`, '')), '') AS `id`,
      NULLIF(`t0`.`usagetypedevelopername__c`, '') AS `usage_type`,
      NULLIF(`t0`.`resourceidorapiname__c`, '') AS `resource`,
      NULLIF(`t0`.`rootresourceidorapiname__c`, '') AS `root_resource`,
      NULLIF(`t0`.`resourcetags__c`, '') AS `resource_tags`,
      NULLIF(`t0`.`rootresourcetags__c`, '') AS `root_resource_tags`,
      CAST(NULL AS STRING) AS `department`,
      CAST(NULL AS STRING) AS `use_case`,
      NULLIF(`t0`.`userid__c`, '') AS `user_id`,
      NULLIF(`t0`.`cardname__c`, '') AS `card_name`,
      NULLIF(`t0`.`carddefinitiondevelopername__c`, '') AS `card_definition`,
      NULLIF(`t0`.`usagereportingorgid__c`, '') AS `reporting_org`,
      NULLIF(`t0`.`entitlementorgid__c`, '') AS `entitlement_org`,
      NULLIF(`t0`.`usagebusinessenvtype__c`, '') AS `environment`,
      NULLIF(`t0`.`unit__c`, '') AS `unit`,
      `t0`.`eventtime__c` AS `event_time`,
      `t0`.`eventtime__c` IS NOT NULL AS `has_event_time`,
      `t0`.`processedtime__c` AS `processed_time`,
      `t0`.`processedtime__c` IS NOT NULL AS `has_processed_time`,
      CASE
        WHEN ABS(`t0`.`unitsconsumed__c`) < 1000000000000
        THEN CAST(CAST(ROUND(`t0`.`unitsconsumed__c`, 6) AS DECIMAL(38, 6)) AS DECIMAL(18, 6))
        ELSE CAST(NULL AS DECIMAL(18, 6))
      END AS `credits`,
      `t0`.`unitsconsumed__c` IS NOT NULL AS `has_credits`,
      CASE
        WHEN ABS(`t0`.`usagevalue__c`) < 1000000000000
        THEN CAST(CAST(ROUND(`t0`.`usagevalue__c`, 6) AS DECIMAL(38, 6)) AS DECIMAL(18, 6))
        ELSE CAST(NULL AS DECIMAL(18, 6))
      END AS `usage_value`,
      `t0`.`usagevalue__c` IS NOT NULL AS `has_usage_value`,
      CASE
        WHEN ABS(`t0`.`multiplier__c`) < 1000000000000
        THEN CAST(CAST(ROUND(`t0`.`multiplier__c`, 6) AS DECIMAL(38, 6)) AS DECIMAL(18, 6))
        ELSE CAST(NULL AS DECIMAL(18, 6))
      END AS `multiplier`,
      `t0`.`multiplier__c` IS NOT NULL AS `has_multiplier`,
      COALESCE(
        `t0`.`unitsconsumed__c` <> CAST(ROUND(`t0`.`unitsconsumed__c`, 6) AS DECIMAL(38, 6)),
        FALSE
      )
      OR COALESCE(
        `t0`.`usagevalue__c` <> CAST(ROUND(`t0`.`usagevalue__c`, 6) AS DECIMAL(38, 6)),
        FALSE
      )
      OR COALESCE(
        `t0`.`multiplier__c` <> CAST(ROUND(`t0`.`multiplier__c`, 6) AS DECIMAL(38, 6)),
        FALSE
      ) AS `is_rounded`
    FROM `tenant_enriched_usage_event` AS `t0`
    WHERE
      (
        `t0`.`eventtime__c` IS NULL
      )
      OR (
        `t0`.`eventtime__c` >= CAST('2026-04-30T00:00:00+00:00' AS TIMESTAMP)
      )
  ) AS `t1`
), `t15` AS (
  SELECT
    `t8`.`id`,
    `t8`.`usage_type`,
    `t8`.`resource`,
    `t8`.`root_resource`,
    `t8`.`resource_tags`,
    `t8`.`root_resource_tags`,
    `t8`.`department`,
    `t8`.`use_case`,
    `t8`.`user_id`,
    `t8`.`card_name`,
    `t8`.`card_definition`,
    `t8`.`reporting_org`,
    `t8`.`entitlement_org`,
    `t8`.`environment`,
    `t8`.`unit`,
    `t8`.`event_time`,
    `t8`.`has_event_time`,
    `t8`.`processed_time`,
    `t8`.`has_processed_time`,
    `t8`.`credits`,
    `t8`.`has_credits`,
    `t8`.`usage_value`,
    `t8`.`has_usage_value`,
    `t8`.`multiplier`,
    `t8`.`has_multiplier`,
    `t8`.`is_rounded`,
    `t8`.`fault`,
    `t8`.`utc_day`,
    `t8`.`day`
  FROM (
    SELECT
      *
    FROM `t2` AS `t3`
    WHERE
      `t3`.`fault` IS NULL
  ) AS `t8`
  LEFT SEMI JOIN (
    SELECT
      *
    FROM (
      SELECT
        `t3`.`day`
      FROM `t2` AS `t3`
      WHERE
        `t3`.`fault` IS NULL
        AND (
          (
            `t3`.`processed_time` IS NULL
          )
          OR (
            `t3`.`processed_time` >= CAST('2026-11-01T00:00:00+00:00' AS TIMESTAMP)
          )
        )
    ) AS `t6`
    UNION
    SELECT
      *
    FROM (
      SELECT
        `t8`.`day`
      FROM (
        SELECT
          *
        FROM `t2` AS `t3`
        WHERE
          `t3`.`fault` IS NULL
      ) AS `t8`
      LEFT SEMI JOIN (
        SELECT DISTINCT
          `t3`.`id`
        FROM `t2` AS `t3`
        WHERE
          `t3`.`fault` IS NULL
          AND (
            (
              `t3`.`processed_time` IS NULL
            )
            OR (
              `t3`.`processed_time` >= CAST('2026-11-01T00:00:00+00:00' AS TIMESTAMP)
            )
          )
          AND `t3`.`id` IS NOT NULL
      ) AS `t9`
        ON `t8`.`id` = `t9`.`id`
    ) AS `t11`
  ) AS `t14`
    ON `t8`.`day` = `t14`.`day`
)
SELECT
  *
FROM (
  SELECT
    CAST(NULL AS STRING) AS `fault`,
    `t28`.`day`,
    `t28`.`utc_day`,
    `t28`.`usage_type`,
    `t28`.`resource`,
    `t28`.`root_resource`,
    `t28`.`resource_tags`,
    `t28`.`root_resource_tags`,
    `t28`.`department`,
    `t28`.`use_case`,
    `t28`.`user_id`,
    `t28`.`card_name`,
    `t28`.`card_definition`,
    `t28`.`reporting_org`,
    `t28`.`entitlement_org`,
    `t28`.`environment`,
    `t28`.`row_count`,
    `t28`.`actions`,
    `t28`.`credits`,
    `t28`.`dear_rows`,
    `t28`.`excess_actions`,
    `t28`.`excess_credits`,
    `t28`.`rows_read`,
    `t28`.`rows_rounded`,
    `t28`.`rows_moved`,
    `t28`.`rows_unclear`,
    `t28`.`rows_keyless`,
    `t28`.`processed_through`,
    `t28`.`event_through`
  FROM (
    SELECT
      `t27`.`day`,
      `t27`.`utc_day`,
      `t27`.`usage_type`,
      `t27`.`resource`,
      `t27`.`root_resource`,
      `t27`.`resource_tags`,
      `t27`.`root_resource_tags`,
      `t27`.`department`,
      `t27`.`use_case`,
      `t27`.`user_id`,
      `t27`.`card_name`,
      `t27`.`card_definition`,
      `t27`.`reporting_org`,
      `t27`.`entitlement_org`,
      `t27`.`environment`,
      SUM(CASE WHEN `t27`.`counts` THEN 1 ELSE 0 END) AS `row_count`,
      SUM(
        CASE
          WHEN `t27`.`counts`
          THEN COALESCE(`t27`.`usage_value`, CAST(1 AS DECIMAL(18, 6)))
          ELSE CAST(0 AS DECIMAL(18, 6))
        END
      ) AS `actions`,
      SUM(CASE WHEN `t27`.`counts` THEN `t27`.`credits` ELSE CAST(0 AS DECIMAL(18, 6)) END) AS `credits`,
      SUM(
        CASE
          WHEN `t27`.`counts`
          AND COALESCE(`t27`.`usage_value` > CAST(1 AS DECIMAL(18, 6)), FALSE)
          THEN 1
          ELSE 0
        END
      ) AS `dear_rows`,
      SUM(
        CASE
          WHEN `t27`.`counts`
          AND COALESCE(`t27`.`usage_value` > CAST(1 AS DECIMAL(18, 6)), FALSE)
          THEN `t27`.`usage_value` - CAST(1 AS DECIMAL(18, 6))
          ELSE CAST(0 AS DECIMAL(18, 6))
        END
      ) AS `excess_actions`,
      SUM(
        CASE
          WHEN `t27`.`counts`
          AND COALESCE(`t27`.`usage_value` > CAST(1 AS DECIMAL(18, 6)), FALSE)
          AND (
            (
              `t27`.`credits` - COALESCE(`t27`.`multiplier`, `t27`.`credits`)
            ) > 0
          )
          THEN `t27`.`credits` - COALESCE(`t27`.`multiplier`, `t27`.`credits`)
          ELSE CAST(0 AS DECIMAL(18, 6))
        END
      ) AS `excess_credits`,
      COUNT(*) AS `rows_read`,
      SUM(CASE WHEN `t27`.`is_rounded` THEN 1 ELSE 0 END) AS `rows_rounded`,
      SUM(CASE WHEN `t27`.`is_moved` THEN 1 ELSE 0 END) AS `rows_moved`,
      SUM(CASE WHEN `t27`.`is_unclear` THEN 1 ELSE 0 END) AS `rows_unclear`,
      SUM(CASE WHEN `t27`.`id` IS NULL THEN 1 ELSE 0 END) AS `rows_keyless`,
      MAX(`t27`.`processed_time`) AS `processed_through`,
      MAX(`t27`.`event_time`) AS `event_through`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t25`.`id`,
          `t25`.`usage_type`,
          `t25`.`resource`,
          `t25`.`root_resource`,
          `t25`.`resource_tags`,
          `t25`.`root_resource_tags`,
          `t25`.`department`,
          `t25`.`use_case`,
          `t25`.`user_id`,
          `t25`.`card_name`,
          `t25`.`card_definition`,
          `t25`.`reporting_org`,
          `t25`.`entitlement_org`,
          `t25`.`environment`,
          `t25`.`unit`,
          `t25`.`event_time`,
          `t25`.`has_event_time`,
          `t25`.`processed_time`,
          `t25`.`has_processed_time`,
          `t25`.`credits`,
          `t25`.`has_credits`,
          `t25`.`usage_value`,
          `t25`.`has_usage_value`,
          `t25`.`multiplier`,
          `t25`.`has_multiplier`,
          `t25`.`is_rounded`,
          `t25`.`fault`,
          `t25`.`utc_day`,
          `t25`.`day`,
          `t25`.`processed`,
          `t25`.`nth`,
          `t25`.`newer_time`,
          `t25`.`newer_processed`,
          `t25`.`newer_credits`,
          `t25`.`newer_agent`,
          `t25`.`counts`,
          `t25`.`is_moved`,
          `t25`.`is_unclear`
        FROM (
          SELECT
            `t23`.`id`,
            `t23`.`usage_type`,
            `t23`.`resource`,
            `t23`.`root_resource`,
            `t23`.`resource_tags`,
            `t23`.`root_resource_tags`,
            `t23`.`department`,
            `t23`.`use_case`,
            `t23`.`user_id`,
            `t23`.`card_name`,
            `t23`.`card_definition`,
            `t23`.`reporting_org`,
            `t23`.`entitlement_org`,
            `t23`.`environment`,
            `t23`.`unit`,
            `t23`.`event_time`,
            `t23`.`has_event_time`,
            `t23`.`processed_time`,
            `t23`.`has_processed_time`,
            `t23`.`credits`,
            `t23`.`has_credits`,
            `t23`.`usage_value`,
            `t23`.`has_usage_value`,
            `t23`.`multiplier`,
            `t23`.`has_multiplier`,
            `t23`.`is_rounded`,
            `t23`.`fault`,
            `t23`.`utc_day`,
            `t23`.`day`,
            `t23`.`processed`,
            `t23`.`nth`,
            `t23`.`newer_time`,
            `t23`.`newer_processed`,
            `t23`.`newer_credits`,
            `t23`.`newer_agent`,
            NOT (
              (
                `t23`.`id` IS NOT NULL
              ) AND (
                `t23`.`nth` > 0
              )
            ) AS `counts`,
            (
              `t23`.`id` IS NOT NULL
            )
            AND (
              `t23`.`nth` > 0
            )
            AND (
              `t23`.`event_time` <> `t23`.`newer_time`
            ) AS `is_moved`,
            (
              `t23`.`id` IS NOT NULL
            )
            AND (
              `t23`.`nth` > 0
            )
            AND (
              `t23`.`processed` = `t23`.`newer_processed`
            )
            AND (
              (
                `t23`.`credits` <> `t23`.`newer_credits`
              )
              OR (
                COALESCE(`t23`.`root_resource`, '') <> `t23`.`newer_agent`
              )
            ) AS `is_unclear`
          FROM (
            SELECT
              `t22`.`id`,
              `t22`.`usage_type`,
              `t22`.`resource`,
              `t22`.`root_resource`,
              `t22`.`resource_tags`,
              `t22`.`root_resource_tags`,
              `t22`.`department`,
              `t22`.`use_case`,
              `t22`.`user_id`,
              `t22`.`card_name`,
              `t22`.`card_definition`,
              `t22`.`reporting_org`,
              `t22`.`entitlement_org`,
              `t22`.`environment`,
              `t22`.`unit`,
              `t22`.`event_time`,
              `t22`.`has_event_time`,
              `t22`.`processed_time`,
              `t22`.`has_processed_time`,
              `t22`.`credits`,
              `t22`.`has_credits`,
              `t22`.`usage_value`,
              `t22`.`has_usage_value`,
              `t22`.`multiplier`,
              `t22`.`has_multiplier`,
              `t22`.`is_rounded`,
              `t22`.`fault`,
              `t22`.`utc_day`,
              `t22`.`day`,
              `t22`.`processed`,
              ROW_NUMBER() OVER (
                PARTITION BY `t22`.`id`
                ORDER BY `t22`.`processed` DESC, `t22`.`credits` DESC, CASE WHEN `t22`.`processed_time` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_value` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`multiplier` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_type` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`department` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`use_case` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`user_id` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_name` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_definition` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`reporting_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`entitlement_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`environment` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`unit` IS NOT NULL THEN 1 ELSE 0 END DESC, `t22`.`event_time` DESC, COALESCE(CAST(`t22`.`usage_value` AS STRING), '') DESC, COALESCE(CAST(`t22`.`multiplier` AS STRING), '') DESC, COALESCE(`t22`.`usage_type`, '') DESC, COALESCE(`t22`.`resource`, '') DESC, COALESCE(`t22`.`root_resource`, '') DESC, COALESCE(`t22`.`resource_tags`, '') DESC, COALESCE(`t22`.`root_resource_tags`, '') DESC, COALESCE(`t22`.`department`, '') DESC, COALESCE(`t22`.`use_case`, '') DESC, COALESCE(`t22`.`user_id`, '') DESC, COALESCE(`t22`.`card_name`, '') DESC, COALESCE(`t22`.`card_definition`, '') DESC, COALESCE(`t22`.`reporting_org`, '') DESC, COALESCE(`t22`.`entitlement_org`, '') DESC, COALESCE(`t22`.`environment`, '') DESC, COALESCE(`t22`.`unit`, '') DESC
              ) - 1 AS `nth`,
              LAG(`t22`.`event_time`) OVER (
                PARTITION BY `t22`.`id`
                ORDER BY `t22`.`processed` DESC, `t22`.`credits` DESC, CASE WHEN `t22`.`processed_time` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_value` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`multiplier` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_type` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`department` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`use_case` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`user_id` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_name` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_definition` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`reporting_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`entitlement_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`environment` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`unit` IS NOT NULL THEN 1 ELSE 0 END DESC, `t22`.`event_time` DESC, COALESCE(CAST(`t22`.`usage_value` AS STRING), '') DESC, COALESCE(CAST(`t22`.`multiplier` AS STRING), '') DESC, COALESCE(`t22`.`usage_type`, '') DESC, COALESCE(`t22`.`resource`, '') DESC, COALESCE(`t22`.`root_resource`, '') DESC, COALESCE(`t22`.`resource_tags`, '') DESC, COALESCE(`t22`.`root_resource_tags`, '') DESC, COALESCE(`t22`.`department`, '') DESC, COALESCE(`t22`.`use_case`, '') DESC, COALESCE(`t22`.`user_id`, '') DESC, COALESCE(`t22`.`card_name`, '') DESC, COALESCE(`t22`.`card_definition`, '') DESC, COALESCE(`t22`.`reporting_org`, '') DESC, COALESCE(`t22`.`entitlement_org`, '') DESC, COALESCE(`t22`.`environment`, '') DESC, COALESCE(`t22`.`unit`, '') DESC
              ) AS `newer_time`,
              LAG(`t22`.`processed`) OVER (
                PARTITION BY `t22`.`id`
                ORDER BY `t22`.`processed` DESC, `t22`.`credits` DESC, CASE WHEN `t22`.`processed_time` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_value` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`multiplier` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_type` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`department` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`use_case` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`user_id` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_name` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_definition` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`reporting_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`entitlement_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`environment` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`unit` IS NOT NULL THEN 1 ELSE 0 END DESC, `t22`.`event_time` DESC, COALESCE(CAST(`t22`.`usage_value` AS STRING), '') DESC, COALESCE(CAST(`t22`.`multiplier` AS STRING), '') DESC, COALESCE(`t22`.`usage_type`, '') DESC, COALESCE(`t22`.`resource`, '') DESC, COALESCE(`t22`.`root_resource`, '') DESC, COALESCE(`t22`.`resource_tags`, '') DESC, COALESCE(`t22`.`root_resource_tags`, '') DESC, COALESCE(`t22`.`department`, '') DESC, COALESCE(`t22`.`use_case`, '') DESC, COALESCE(`t22`.`user_id`, '') DESC, COALESCE(`t22`.`card_name`, '') DESC, COALESCE(`t22`.`card_definition`, '') DESC, COALESCE(`t22`.`reporting_org`, '') DESC, COALESCE(`t22`.`entitlement_org`, '') DESC, COALESCE(`t22`.`environment`, '') DESC, COALESCE(`t22`.`unit`, '') DESC
              ) AS `newer_processed`,
              LAG(`t22`.`credits`) OVER (
                PARTITION BY `t22`.`id`
                ORDER BY `t22`.`processed` DESC, `t22`.`credits` DESC, CASE WHEN `t22`.`processed_time` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_value` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`multiplier` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_type` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`department` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`use_case` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`user_id` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_name` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_definition` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`reporting_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`entitlement_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`environment` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`unit` IS NOT NULL THEN 1 ELSE 0 END DESC, `t22`.`event_time` DESC, COALESCE(CAST(`t22`.`usage_value` AS STRING), '') DESC, COALESCE(CAST(`t22`.`multiplier` AS STRING), '') DESC, COALESCE(`t22`.`usage_type`, '') DESC, COALESCE(`t22`.`resource`, '') DESC, COALESCE(`t22`.`root_resource`, '') DESC, COALESCE(`t22`.`resource_tags`, '') DESC, COALESCE(`t22`.`root_resource_tags`, '') DESC, COALESCE(`t22`.`department`, '') DESC, COALESCE(`t22`.`use_case`, '') DESC, COALESCE(`t22`.`user_id`, '') DESC, COALESCE(`t22`.`card_name`, '') DESC, COALESCE(`t22`.`card_definition`, '') DESC, COALESCE(`t22`.`reporting_org`, '') DESC, COALESCE(`t22`.`entitlement_org`, '') DESC, COALESCE(`t22`.`environment`, '') DESC, COALESCE(`t22`.`unit`, '') DESC
              ) AS `newer_credits`,
              LAG(COALESCE(`t22`.`root_resource`, '')) OVER (
                PARTITION BY `t22`.`id`
                ORDER BY `t22`.`processed` DESC, `t22`.`credits` DESC, CASE WHEN `t22`.`processed_time` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_value` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`multiplier` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`usage_type` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`root_resource_tags` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`department` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`use_case` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`user_id` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_name` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`card_definition` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`reporting_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`entitlement_org` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`environment` IS NOT NULL THEN 1 ELSE 0 END + CASE WHEN `t22`.`unit` IS NOT NULL THEN 1 ELSE 0 END DESC, `t22`.`event_time` DESC, COALESCE(CAST(`t22`.`usage_value` AS STRING), '') DESC, COALESCE(CAST(`t22`.`multiplier` AS STRING), '') DESC, COALESCE(`t22`.`usage_type`, '') DESC, COALESCE(`t22`.`resource`, '') DESC, COALESCE(`t22`.`root_resource`, '') DESC, COALESCE(`t22`.`resource_tags`, '') DESC, COALESCE(`t22`.`root_resource_tags`, '') DESC, COALESCE(`t22`.`department`, '') DESC, COALESCE(`t22`.`use_case`, '') DESC, COALESCE(`t22`.`user_id`, '') DESC, COALESCE(`t22`.`card_name`, '') DESC, COALESCE(`t22`.`card_definition`, '') DESC, COALESCE(`t22`.`reporting_org`, '') DESC, COALESCE(`t22`.`entitlement_org`, '') DESC, COALESCE(`t22`.`environment`, '') DESC, COALESCE(`t22`.`unit`, '') DESC
              ) AS `newer_agent`
            FROM (
              SELECT
                `t21`.`id`,
                `t21`.`usage_type`,
                `t21`.`resource`,
                `t21`.`root_resource`,
                `t21`.`resource_tags`,
                `t21`.`root_resource_tags`,
                `t21`.`department`,
                `t21`.`use_case`,
                `t21`.`user_id`,
                `t21`.`card_name`,
                `t21`.`card_definition`,
                `t21`.`reporting_org`,
                `t21`.`entitlement_org`,
                `t21`.`environment`,
                `t21`.`unit`,
                `t21`.`event_time`,
                `t21`.`has_event_time`,
                `t21`.`processed_time`,
                `t21`.`has_processed_time`,
                `t21`.`credits`,
                `t21`.`has_credits`,
                `t21`.`usage_value`,
                `t21`.`has_usage_value`,
                `t21`.`multiplier`,
                `t21`.`has_multiplier`,
                `t21`.`is_rounded`,
                `t21`.`fault`,
                `t21`.`utc_day`,
                `t21`.`day`,
                COALESCE(`t21`.`processed_time`, CAST('1970-01-02T00:00:00+00:00' AS TIMESTAMP)) AS `processed`
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    `t8`.`id`,
                    `t8`.`usage_type`,
                    `t8`.`resource`,
                    `t8`.`root_resource`,
                    `t8`.`resource_tags`,
                    `t8`.`root_resource_tags`,
                    `t8`.`department`,
                    `t8`.`use_case`,
                    `t8`.`user_id`,
                    `t8`.`card_name`,
                    `t8`.`card_definition`,
                    `t8`.`reporting_org`,
                    `t8`.`entitlement_org`,
                    `t8`.`environment`,
                    `t8`.`unit`,
                    `t8`.`event_time`,
                    `t8`.`has_event_time`,
                    `t8`.`processed_time`,
                    `t8`.`has_processed_time`,
                    `t8`.`credits`,
                    `t8`.`has_credits`,
                    `t8`.`usage_value`,
                    `t8`.`has_usage_value`,
                    `t8`.`multiplier`,
                    `t8`.`has_multiplier`,
                    `t8`.`is_rounded`,
                    `t8`.`fault`,
                    `t8`.`utc_day`,
                    `t8`.`day`
                  FROM (
                    SELECT
                      *
                    FROM `t2` AS `t3`
                    WHERE
                      `t3`.`fault` IS NULL
                  ) AS `t8`
                  LEFT SEMI JOIN (
                    SELECT DISTINCT
                      `t16`.`id`
                    FROM `t15` AS `t16`
                    WHERE
                      `t16`.`id` IS NOT NULL
                  ) AS `t19`
                    ON `t8`.`id` = `t19`.`id`
                ) AS `t20`
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    *
                  FROM `t15` AS `t16`
                  WHERE
                    `t16`.`id` IS NULL
                ) AS `t17`
              ) AS `t21`
            ) AS `t22`
          ) AS `t23`
        ) AS `t25`
        LEFT SEMI JOIN (
          SELECT
            *
          FROM (
            SELECT
              `t3`.`day`
            FROM `t2` AS `t3`
            WHERE
              `t3`.`fault` IS NULL
              AND (
                (
                  `t3`.`processed_time` IS NULL
                )
                OR (
                  `t3`.`processed_time` >= CAST('2026-11-01T00:00:00+00:00' AS TIMESTAMP)
                )
              )
          ) AS `t6`
          UNION
          SELECT
            *
          FROM (
            SELECT
              `t8`.`day`
            FROM (
              SELECT
                *
              FROM `t2` AS `t3`
              WHERE
                `t3`.`fault` IS NULL
            ) AS `t8`
            LEFT SEMI JOIN (
              SELECT DISTINCT
                `t3`.`id`
              FROM `t2` AS `t3`
              WHERE
                `t3`.`fault` IS NULL
                AND (
                  (
                    `t3`.`processed_time` IS NULL
                  )
                  OR (
                    `t3`.`processed_time` >= CAST('2026-11-01T00:00:00+00:00' AS TIMESTAMP)
                  )
                )
                AND `t3`.`id` IS NOT NULL
            ) AS `t9`
              ON `t8`.`id` = `t9`.`id`
          ) AS `t11`
        ) AS `t14`
          ON `t25`.`day` = `t14`.`day`
      ) AS `t26`
      WHERE
        `t26`.`day` >= MAKE_DATE(2026, 7, 1)
    ) AS `t27`
    GROUP BY
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      11,
      12,
      13,
      14,
      15
  ) AS `t28`
) AS `t29`
UNION ALL
SELECT
  *
FROM (
  SELECT
    `t10`.`fault`,
    CAST(NULL AS DATE) AS `day`,
    CAST(NULL AS DATE) AS `utc_day`,
    CAST(NULL AS STRING) AS `usage_type`,
    CAST(NULL AS STRING) AS `resource`,
    CAST(NULL AS STRING) AS `root_resource`,
    CAST(NULL AS STRING) AS `resource_tags`,
    CAST(NULL AS STRING) AS `root_resource_tags`,
    CAST(NULL AS STRING) AS `department`,
    CAST(NULL AS STRING) AS `use_case`,
    CAST(NULL AS STRING) AS `user_id`,
    CAST(NULL AS STRING) AS `card_name`,
    CAST(NULL AS STRING) AS `card_definition`,
    CAST(NULL AS STRING) AS `reporting_org`,
    CAST(NULL AS STRING) AS `entitlement_org`,
    CAST(NULL AS STRING) AS `environment`,
    `t10`.`row_count`,
    CAST(0 AS DECIMAL(38, 6)) AS `actions`,
    `t10`.`credits`,
    CAST(0 AS BIGINT) AS `dear_rows`,
    CAST(0 AS DECIMAL(38, 6)) AS `excess_actions`,
    CAST(0 AS DECIMAL(38, 6)) AS `excess_credits`,
    `t10`.`rows_read`,
    CAST(0 AS BIGINT) AS `rows_rounded`,
    CAST(0 AS BIGINT) AS `rows_moved`,
    CAST(0 AS BIGINT) AS `rows_unclear`,
    CAST(0 AS BIGINT) AS `rows_keyless`,
    `t10`.`processed_through`,
    `t10`.`event_through`
  FROM (
    SELECT
      `t5`.`fault`,
      COUNT(*) AS `row_count`,
      SUM(
        CASE
          WHEN TRUE
          THEN COALESCE(`t5`.`credits`, CAST(0 AS DECIMAL(18, 6)))
          ELSE CAST(0 AS DECIMAL(18, 6))
        END
      ) AS `credits`,
      COUNT(*) AS `rows_read`,
      MAX(`t5`.`processed_time`) AS `processed_through`,
      MAX(`t5`.`event_time`) AS `event_through`
    FROM (
      SELECT
        *
      FROM `t2` AS `t3`
      WHERE
        `t3`.`fault` IS NOT NULL
        AND (
          (
            `t3`.`processed_time` IS NULL
          )
          OR (
            `t3`.`processed_time` >= CAST('2026-11-01T00:00:00+00:00' AS TIMESTAMP)
          )
        )
    ) AS `t5`
    GROUP BY
      1
  ) AS `t10`
) AS `t13`
