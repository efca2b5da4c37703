/** Cells to questions, and answers to cells. */

const FIRST_FIGURE = " first";
const STAMP_MARK = "↻ ";
const NUMBER_UNITS = ["usd", "credits", "actions", "interactions", "seats", "packs", "percent", "tokens", "days", "count"];
const FAULT_MARK = "⚠ ";
const DIFFER_IN_SIZE = "The two ranges differ in size. Give ranges of the same size, or one cell.";

/**
 * Gives a cell or range as rows of texts, each made by `say`; empty cells stay empty.
 *
 * @param {any} value
 * @param {(text: string) => string} say
 * @return {string[][]}
 */
function grid_(value, say) {
  const rows = Array.isArray(value) ? value : [[value]];
  return rows.map((row) => row.map((/** @type {any} */ cell) => (text_(cell) ? say(text_(cell)).trim() : "")));
}

/**
 * Gives a cell as a text for each cell of a range; a range stays a range.
 *
 * @param {any} value
 * @param {(text: string) => string} say
 * @return {any}
 */
function each_(value, say) {
  const rows = grid_(value, say);
  return Array.isArray(value) ? rows : rows[0][0];
}

/**
 * Gives a range as large as another: its own cells, or its one cell everywhere.
 *
 * @param {any} value
 * @param {string[][]} shape
 * @return {string[][]}
 */
function likewise_(value, shape) {
  const rows = grid_(value, (text) => text);
  const isOne = rows.length === 1 && rows[0].length === 1;
  const isAlike = rows.length === shape.length && rows.every((row, y) => row.length === shape[y].length);
  if (!isOne && !isAlike) throw new Error(DIFFER_IN_SIZE);
  return shape.map((row, y) => row.map((_, x) => (isOne ? rows[0][0] : rows[y][x])));
}

/**
 * Gives a cell's text; numbers in full and without exponent, as the question language reads them.
 *
 * @param {any} cell
 * @return {string}
 */
function text_(cell) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return plainNumber_(cell);
  if (cell instanceof Date) return Utilities.formatDate(cell, SpreadsheetApp.getActive().getSpreadsheetTimeZone(), "yyyy-MM-dd");
  return String(cell).trim();
}

/**
 * @param {number} value
 * @return {string}
 */
function plainNumber_(value) {
  if (!Number.isFinite(value)) throw new Error(`${value} is no number that can be asked about.`);
  const [digits, exponent] = String(Math.abs(value)).split("e");
  const sign = value < 0 ? "-" : "";
  if (exponent === undefined) return sign + digits;
  const [whole, places = ""] = digits.split(".");
  const power = Number(exponent);
  if (power > 0) return sign + (whole + places).padEnd(whole.length + power, "0");
  return `${sign}0.${"0".repeat(-power - 1)}${whole}${places}`;
}

/**
 * Gives a bare number with its unit; a text that names one already stays as it is.
 *
 * @param {string} text
 * @param {string} unit
 * @return {string}
 */
function withUnit_(text, unit) {
  return /^[-+$]?[\d.,]+%?$/.test(text) ? `${text} ${unit}` : text;
}

/**
 * Gives each row of ranges side by side as the words of one workload; a first row without digits names the units below it.
 * A range of one row goes with every row of the others. Throws where others differ in height.
 *
 * @param {any[]} ranges
 * @return {string[]}
 */
function workloads_(ranges) {
  const grids = ranges.map((range) => grid_(range, (text) => text));
  const height = Math.max(0, ...grids.map((rows) => rows.length));
  if (grids.some((one) => one.length !== 1 && one.length !== height)) throw new Error(DIFFER_IN_SIZE);
  const rows = Array.from({ length: height }, (_, y) => grids.flatMap((one) => one[one.length === 1 ? 0 : y]));
  const heads = grids.flatMap((one) => (one.length > 1 ? one[0] : one[0].map(() => "")));
  const hasHead = heads.some(Boolean) && heads.every((text) => !/\d/.test(text));
  const units = hasHead ? heads : [];
  const body = hasHead ? rows.slice(1) : rows;
  return body.map((row) =>
    row
      .map((text, x) => (text && units[x] ? withUnit_(text, units[x]) : text))
      .filter(Boolean)
      .join(" "),
  );
}

/**
 * Tells whether an argument is a stamp, or a range of nothing but one.
 *
 * @param {any} value
 * @return {boolean}
 */
function isStamp_(value) {
  const one = Array.isArray(value) && value.length === 1 && value[0].length === 1 ? value[0][0] : value;
  return typeof one === "string" && one.startsWith(STAMP_MARK);
}

/**
 * Gives the answer. Throws its sentence where it is a problem: the cell shows it.
 *
 * @param {Told|null} told
 * @return {Answer}
 */
function answerOf_(told) {
  if (!told) throw new Error("The question is empty; ask for example: breakeven 200 users");
  if ("detail" in told) throw new Error(told.detail);
  return told;
}

/**
 * Gives a figure for a cell. Throws where it is not known.
 *
 * @param {Answer} answer
 * @param {string} key
 * @return {string|number}
 */
function figureOf_(answer, key) {
  const figure = key === FIRST_FIGURE ? answer.figures[0] : answer.figures.find((one) => one.key === key);
  if (!figure) throw new Error(`The answer has no figure “${key.trim()}”: ${answer.headline}`);
  if (figure.value === null) throw new Error(`${figure.label} is not known: ${answer.headline}`);
  return cell_(figure.value, figure.unit);
}

/**
 * Gives a value for a cell: numbers as numbers, everything else as text.
 *
 * @param {string|null} value
 * @param {string} unit
 * @return {string|number}
 */
function cell_(value, unit) {
  if (value === null) return "";
  return NUMBER_UNITS.includes(unit) ? Number(value) : value;
}

/**
 * Gives the answer's first table with its heads, or its figures with their labels.
 *
 * @param {Answer} answer
 * @return {(string|number)[][]}
 */
function tableOf_(answer) {
  const table = answer.tables.find((one) => one.rows.length > 0);
  if (!table) {
    const known = answer.figures.filter((one) => one.value !== null);
    return known.length > 0 ? known.map((one) => [one.label, cell_(one.value, one.unit)]) : [[answer.headline]];
  }
  const shown = table.columns.map((_, x) => x).filter((x) => !table.columns[x].detail);
  const heads = shown.map((x) => table.columns[x].label);
  return [heads, ...table.rows.map((row) => shown.map((x) => cell_(row[x], table.columns[x].unit)))];
}

/**
 * Gives a cell for each answer: the figure, the headline where no figure is wanted, or what is wrong; empty for empty.
 *
 * @param {(Told|null)[][]} told
 * @param {string[][]} keys
 * @return {(string|number)[][]}
 */
function perCell_(told, keys) {
  return told.map((row, y) => row.map((one, x) => (one ? orFault_(() => shown_(one, keys[y][x])) : "")));
}

/**
 * @param {Told} told
 * @param {string} key
 * @return {string|number}
 */
function shown_(told, key) {
  const answer = answerOf_(told);
  return key ? figureOf_(answer, key) : answer.headline;
}

/**
 * @param {Told} told
 * @param {string} key
 * @return {string|number}
 */
function firstOrError_(told, key) {
  return orFault_(() => figureOf_(answerOf_(told), key || FIRST_FIGURE));
}

/**
 * Gives several figures of an answer, or what is wrong in the first cell.
 *
 * @param {Told} told
 * @param {string[]} keys
 * @return {(string|number)[]}
 */
function figuresOf_(told, keys) {
  if ("detail" in told) return [FAULT_MARK + told.detail, ...keys.slice(1).map(() => "")];
  return keys.map((key) => orFault_(() => figureOf_(told, key)));
}

/**
 * Gives what a cell of a range shows: one at fault says so and leaves the others alone.
 *
 * @param {() => string|number} show
 * @return {string|number}
 */
function orFault_(show) {
  try {
    return show();
  } catch (error) {
    return FAULT_MARK + sentence_(error);
  }
}

/**
 * @param {unknown} error
 * @return {string}
 */
function sentence_(error) {
  return error instanceof Error ? error.message : String(error);
}
