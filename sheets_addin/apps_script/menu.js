/** The menu and what it opens. */

const STAMP_NAME = "agentcost_stamp";
const STAMP_SHEET = "AgentCost stamp";
const REFRESHED_PROPERTY = "agentcost_refreshed";
const LONGEST_TOLD = 2000;

/**
 * Puts up the menu; a simple trigger, which needs no authorisation. An add-on that nobody has used in this spreadsheet yet runs it
 * without access to the spreadsheet, its properties or any service: nothing but the menu may be touched here.
 *
 * @param {unknown=} _event
 */
function onOpen(_event) {
  const ui = SpreadsheetApp.getUi();
  const menu = IS_ADDON ? ui.createAddonMenu() : ui.createMenu("AgentCost");
  menu
    .addItem("Ask", "showAsk")
    .addItem("Scenario", "showScenario")
    .addItem("Refresh", "refreshFromMenu")
    .addSeparator()
    .addItem("Settings", "showSettings")
    .addItem("Help", "showHelp")
    .addToUi();
}

/** Opens the sidebar that asks. */
function showAsk() {
  show_("ask_page", "AgentCost · Ask");
}

/** Opens the sidebar with the workbook's inputs. */
function showScenario() {
  show_("scenario_page", "AgentCost · Scenario");
}

/** Opens the settings. */
function showSettings() {
  show_("settings_page", "AgentCost · Settings");
}

/** Opens the help. */
function showHelp() {
  show_("help_page", "AgentCost · Help");
}

/**
 * @param {string} page
 * @param {string} title
 */
function show_(page, title) {
  SpreadsheetApp.getUi().showSidebar(HtmlService.createTemplateFromFile(page).evaluate().setTitle(title));
}

/**
 * Gives a file's content, for the pages to take in.
 *
 * @param {string} name
 * @return {string}
 */
function include_(name) {
  return HtmlService.createHtmlOutputFromFile(name).getContent();
}

/** Refreshes, and says how it went; what changed is shown in the sidebar, for longer than a moment. */
function refreshFromMenu() {
  const told = refreshNow();
  SpreadsheetApp.getActive().toast(told, "AgentCost");
  if (told.includes("\n")) show_("refresh_page", "AgentCost · Refresh");
}

/**
 * Gives what the last refresh of this spreadsheet came to.
 *
 * @return {string}
 */
function lastRefresh() {
  return kept_(REFRESHED_PROPERTY) || "Nothing was refreshed here yet.";
}

/**
 * Has the spreadsheet written anew by the service, and every formula with the stamp asked again.
 *
 * @return {string} What to tell.
 */
function refreshNow() {
  bumpStamp_();
  const told = `Formulas with agentcost_stamp ask again. ${synced_()}`;
  PropertiesService.getDocumentProperties().setProperty(REFRESHED_PROPERTY, told.slice(0, LONGEST_TOLD));
  return told;
}

/**
 * @return {string}
 */
function synced_() {
  try {
    return syncNow_();
  } catch (error) {
    return `Nothing else was written: ${sentence_(error)}`;
  }
}

/**
 * @return {string}
 */
function syncNow_() {
  const service = service_();
  const body = JSON.stringify({ spreadsheet_id: SpreadsheetApp.getActive().getId() });
  const [reply] = send_(service, [request_(service, "/v1/refresh", body)], Date.now() + ALLOWED_MS);
  return said_(service, reply, "message");
}

/** Changes the stamp; makes its cell, on a hidden worksheet of its own, where there is none. */
function bumpStamp_() {
  stampCell_().setValue(`${STAMP_MARK}${new Date().toISOString()}`);
}

/**
 * @return {GoogleAppsScript.Spreadsheet.Range}
 */
function stampCell_() {
  const spreadsheet = SpreadsheetApp.getActive();
  const found = spreadsheet.getRangeByName(STAMP_NAME);
  if (found) return found;
  const active = spreadsheet.getActiveSheet();
  const sheet = spreadsheet.getSheetByName(STAMP_SHEET) || spreadsheet.insertSheet(STAMP_SHEET, spreadsheet.getSheets().length);
  spreadsheet.setActiveSheet(active);
  sheet.hideSheet();
  const cell = sheet.getRange(1, 1);
  spreadsheet.setNamedRange(STAMP_NAME, cell);
  return cell;
}
