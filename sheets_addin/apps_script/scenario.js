/** The workbook's input cells as a form: found by their names, written as typed, checked by the workbook itself. */

const CHECKED = "_is_wrong";
const MIX_SHARES = "mix_shares";
const MIX_ACTIONS = "mix_actions";
const CHEAPEST = "cheapest_plan";
const NO_WORKBOOK = "This spreadsheet holds no comparison of agentcost's. `agentcost workbook` writes one: docs/workbook.md.";

/**
 * @typedef {{name: string, label: string, value: string, choices: string[], said: string}} Field
 */

/**
 * Gives the inputs with their values and what the workbook says of each.
 *
 * @return {{fields: Field[], mix: {share: string, actions: string}[], cheapest: string}}
 */
function scenarioShown() {
  SpreadsheetApp.flush();
  const names = inputNames_();
  if (names.length === 0) throw new Error(NO_WORKBOOK);
  return { fields: names.map(field_), mix: mix_(), cheapest: shownIn_(CHEAPEST) };
}

/**
 * Writes inputs, and gives them as they stand then. What a cell refuses is told and the others are written.
 *
 * @param {Object<string, string>} values By name.
 * @param {{share: string, actions: string}[]} mix
 * @return {{fields: Field[], mix: {share: string, actions: string}[], cheapest: string, refused: Object<string, string>}}
 */
function saveScenario(values, mix) {
  const known = inputNames_();
  /** @type {Object<string, string>} */
  const refused = {};
  for (const name of Object.keys(values).filter((one) => known.includes(one))) {
    const wrong = written_(named_(name), values[name]);
    if (wrong) refused[name] = wrong;
  }
  for (const [row, part] of mix.entries()) {
    const wrong = writtenAt_(MIX_SHARES, row, part.share) || writtenAt_(MIX_ACTIONS, row, part.actions);
    if (wrong) refused[`${MIX_SHARES}_${row}`] = wrong;
  }
  return { ...scenarioShown(), refused };
}

/**
 * Gives the names of single input cells, as they stand from top to bottom and left to right: those that the workbook checks.
 *
 * @return {string[]}
 */
function inputNames_() {
  const ranges = SpreadsheetApp.getActive().getNamedRanges();
  const all = new Set(ranges.map((one) => one.getName()));
  return ranges
    .filter((one) => all.has(one.getName() + CHECKED) && one.getRange().getNumRows() * one.getRange().getNumColumns() === 1)
    .sort((a, b) => place_(a.getRange()) - place_(b.getRange()))
    .map((one) => one.getName());
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Range} range
 * @return {number}
 */
function place_(range) {
  return range.getColumn() * 10000 + range.getRow();
}

/**
 * @param {string} name
 * @return {GoogleAppsScript.Spreadsheet.Range}
 */
function named_(name) {
  const found = SpreadsheetApp.getActive().getRangeByName(name);
  if (!found) throw new Error(NO_WORKBOOK);
  return found;
}

/**
 * Gives an input cell: its label is to the left of it, what the workbook says of it to the right.
 *
 * @param {string} name
 * @return {Field}
 */
function field_(name) {
  const cell = named_(name);
  const left = cell
    .getSheet()
    .getRange(cell.getRow(), 1, 1, cell.getColumn() - 1)
    .getDisplayValues()[0];
  const label = left.reverse().find(Boolean) || name;
  return { name, label, value: cell.getDisplayValue(), choices: choices_(cell), said: cell.offset(0, 1).getDisplayValue() };
}

/**
 * Gives the texts that a cell takes, where it takes only some.
 *
 * @param {GoogleAppsScript.Spreadsheet.Range} cell
 * @return {string[]}
 */
function choices_(cell) {
  const rule = cell.getDataValidation();
  if (!rule || rule.getCriteriaType() !== SpreadsheetApp.DataValidationCriteria.VALUE_IN_LIST) return [];
  return rule.getCriteriaValues()[0];
}

/**
 * @return {{share: string, actions: string}[]}
 */
function mix_() {
  const spreadsheet = SpreadsheetApp.getActive();
  const [shares, actions] = [spreadsheet.getRangeByName(MIX_SHARES), spreadsheet.getRangeByName(MIX_ACTIONS)];
  if (!shares || !actions) return [];
  const each = actions.getDisplayValues();
  return shares.getDisplayValues().map(([share], row) => ({ share, actions: each[row][0] }));
}

/**
 * @param {string} name
 * @param {number} row
 * @param {string} text
 * @return {string} What is wrong; empty where it was written.
 */
function writtenAt_(name, row, text) {
  const range = SpreadsheetApp.getActive().getRangeByName(name);
  return range && row < range.getNumRows() ? written_(range.getCell(row + 1, 1), text) : "";
}

/**
 * Writes a cell where its text is another one, as if typed. Gives what is wrong; empty where it was written.
 *
 * @param {GoogleAppsScript.Spreadsheet.Range} cell
 * @param {string} text
 * @return {string}
 */
function written_(cell, text) {
  if (cell.getDisplayValue() === text.trim()) return "";
  try {
    if (text.trim()) cell.setValue(text.trim());
    else cell.clearContent();
    SpreadsheetApp.flush();
    return "";
  } catch (error) {
    return sentence_(error);
  }
}

/**
 * @param {string} name
 * @return {string}
 */
function shownIn_(name) {
  const range = SpreadsheetApp.getActive().getRangeByName(name);
  return range ? range.getDisplayValue() : "";
}
