/**
 * How this project is deployed: bound to one spreadsheet, as here, or as an add-on of a domain; `agentcost sheet-addon` writes
 * this file for one.
 */

/** The version of agentcost that these files are of. */
const VERSION = "0.1.0";
/** Whether a domain installs this; its menu is then under Extensions. */
const IS_ADDON = false;
/** Where an add-on asks, for all of its spreadsheets; empty where Settings says it. */
const SERVICE_ADDRESS = "";
