"""Headers that several usage tables share."""

from __future__ import annotations

CREDITS = (
    "Units Consumed",
    "unitsconsumed__c",
    "Credits Consumed",
    "Credits",
    "Credits Used",
    "Flex Credits Consumed",
    "Used Credits",
    "Flex Credits Used",
)
DAY_ALIASES = ("Usage Day", "Usage Date", "Day", "Date", "Utilization Day")
CARD_DEFINITION = ("Card Definition Developer Name", "carddefinitiondevelopername__c", "Card Definition", "Card Developer Name")
ENVIRONMENT = (
    "Usage Business Environment Type",
    "usagebusinessenvtype__c",
    "usagebusinessenvironmenttype__c",
    "Business Env Type",
    "Environment",
    "Environment Type",
)
