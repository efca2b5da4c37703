/** What the sidebar that asks needs: words to complete with, a preview, and cells to put the answer into. */

/**
 * Gives what can be asked.
 *
 * @return {Vocabulary}
 */
function vocabulary() {
  return vocabularyOf_(service_());
}

/**
 * Gives the answer or the problem, to show before anything is written.
 *
 * @param {string} question
 * @return {Told}
 */
function preview(question) {
  const [[told]] = askGrid_([[question.trim()]], [[""]], "");
  return told || { title: "Nothing asked", status: 422, detail: "The question is empty; ask for example: breakeven 200 users" };
}

/**
 * Writes a formula that asks into the active cell.
 *
 * @param {string} question
 * @param {string} figure The figure's key; empty for the table.
 * @param {boolean} isSure Whether to write over what is there.
 * @return {{written: string, occupied: string}} Where it stands, or which cells are not empty.
 */
function insertFormula(question, figure, isSure) {
  const answer = answerOf_(preview(question));
  const size = figure ? [[""]] : tableOf_(answer);
  stampOnce_();
  return write_(size, isSure, (target) => {
    const told = [question.trim(), figure].map((text) => `"${text.replaceAll('"', '""')}"`);
    target.clearContent();
    target.getCell(1, 1).setFormula(`=AGENTCOST(${told.join(";")};${STAMP_NAME})`);
  });
}

/**
 * Writes the answer's table, or one of its figures, as values from the active cell on.
 *
 * @param {string} question
 * @param {string} figure The figure's key; empty for the table.
 * @param {boolean} isSure Whether to write over what is there.
 * @return {{written: string, occupied: string}} Where it stands, or which cells are not empty.
 */
function insertValues(question, figure, isSure) {
  const answer = answerOf_(preview(question));
  const rows = figure ? [[figureOf_(answer, figure)]] : tableOf_(answer);
  return write_(rows, isSure, (target) => target.setValues(rows.map((row) => row.map(asData_))));
}

/**
 * Writes from the active cell on, unless something is there and nobody allowed it to be replaced.
 *
 * @param {any[][]} rows
 * @param {boolean} isSure
 * @param {(target: GoogleAppsScript.Spreadsheet.Range) => void} write
 * @return {{written: string, occupied: string}}
 */
function write_(rows, isSure, write) {
  const first = SpreadsheetApp.getActiveRange();
  if (!first) throw new Error("Choose a cell first.");
  const sheet = first.getSheet();
  const [lastRow, lastColumn] = [first.getRow() + rows.length - 1, first.getColumn() + rows[0].length - 1];
  if (lastRow > sheet.getMaxRows()) sheet.insertRowsAfter(sheet.getMaxRows(), lastRow - sheet.getMaxRows());
  if (lastColumn > sheet.getMaxColumns()) sheet.insertColumnsAfter(sheet.getMaxColumns(), lastColumn - sheet.getMaxColumns());
  const target = sheet.getRange(first.getRow(), first.getColumn(), rows.length, rows[0].length);
  if (!isSure && !target.isBlank()) return { written: "", occupied: target.getA1Notation() };
  write(target);
  return { written: target.getA1Notation(), occupied: "" };
}

/**
 * Gives a value that a cell takes as it is: a text stays a text, whether it looks like a formula, a number or a day.
 *
 * @param {string|number} value
 * @return {string|number}
 */
function asData_(value) {
  return typeof value === "string" && value ? `'${value}` : value;
}

/** Makes the stamp where there is none. */
function stampOnce_() {
  if (!SpreadsheetApp.getActive().getRangeByName(STAMP_NAME)) bumpStamp_();
}
