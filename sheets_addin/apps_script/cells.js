/** Cells to questions, and answers to cells. */

const FIRST_FIGURE = " first";
const STAMP_MARK = "↻ ";
const NUMBER_UNITS = ["usd", "credits", "actions", "interactions", "seats", "packs", "percent", "tokens", "days", "count"];
const FAULT_MARK = "⚠ ";
/** In how many rows from the top the heads of a range are looked for. */
const FIRST_ROWS = 3;
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
  if (!Number.isFinite(value)) throw new Error(`${value} is not a number that can be asked about.`);
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
  return /^[-+$]?[\d.,]+\s*(%|k|m|thousand|million)?$/i.test(text) ? `${text} ${unit}` : text;
}

/**
 * Gives each row of ranges side by side as the words of one workload, with its labels. The first row that names a unit, a share
 * or a price and holds no number is the heads; a title may be above it. What is below them gets their unit, and what
 * is below any other is a label, given back as it is: a number, a day, a text.
 * A range of one row goes with every row of the others. Throws where others differ in height.
 *
 * @param {any[]} ranges
 * @return {Workload[]}
 */
function workloads_(ranges) {
  const values = ranges.map((range) => (Array.isArray(range) ? range : [[range]]));
  const grids = ranges.map((range) => grid_(range, (text) => text));
  const height = Math.max(0, ...grids.map((rows) => rows.length));
  if (grids.some((one) => one.length !== 1 && one.length !== height)) throw new Error(DIFFER_IN_SIZE);
  const beside = (/** @type {any[][][]} */ all) =>
    Array.from({ length: height }, (_, y) => all.flatMap((one) => one[one.length === 1 ? 0 : y]));
  const [rows, cells] = [beside(grids), beside(values)];
  const headsAt = (/** @type {number} */ y) => grids.flatMap((one) => (one.length > 1 ? one[y] : one[0].map(() => "")));
  const isHead = (/** @type {string[]} */ texts) =>
    texts.some((text) => head_(text)?.isKnown) && texts.every((text) => !/^[-+$]?\d/.test(text));
  const headRow = Array.from({ length: Math.min(height, FIRST_ROWS) }, (_, y) => y).find((y) => isHead(headsAt(y))) ?? -1;
  const hasHead = headRow >= 0;
  const heads = headsAt(Math.max(headRow, 0));
  const known = hasHead ? heads.map(head_) : heads.map(() => null);
  const isLabel = heads.map((text, x) => hasHead && text !== "" && !known[x]);
  return rows.slice(headRow + 1).map((row, y) => ({
    labels: cells[headRow + 1 + y].filter((/** @type {any} */ _, /** @type {number} */ x) => isLabel[x]),
    say: () =>
      row
        .map((text, x) => (isLabel[x] ? "" : (known[x]?.say(withoutError_(text)) ?? withoutError_(text))))
        .filter(Boolean)
        .join(" "),
  }));
}

/**
 * Gives a cell's text. Throws where it is the error of a formula.
 *
 * @param {string} text
 * @return {string}
 */
function withoutError_(text) {
  return ERROR_CELL.test(text) ? fault_(`A cell of this row shows ${text}. Fix it first.`) : text;
}

/**
 * Gives a share of a workload in percent: a cell shown as 25% holds 0.25.
 *
 * @param {string} text
 * @param {string} share
 * @param {string} head
 * @return {string}
 */
function withShare_(text, share, head) {
  const found = /^(-?)(\d*[.,]?\d+)\s*(%?)$/.exec(text);
  if (!text || !found) return text && `${share} ${text}`;
  const value = Number(found[2].replace(",", "."));
  const isTwofold = value === 1 || (share === "growth" && value > 1 && value < 2); // growth may well be 150%
  if (found[3] || (value > 1 && !isTwofold)) return `${share} ${found[1]}${plainNumber_(value)}%`;
  if (isTwofold) {
    const whole = plainNumber_(Number((value * 100).toPrecision(12)));
    throw new Error(
      `${found[2]} under “${head}” may be ${found[2]}% or ${whole}%. Write it as a text: '${found[2]}% or '${whole}%.`,
    );
  }
  return value === 0 ? "" : `${share} ${found[1]}${plainNumber_(Number((value * 100).toPrecision(12)))}%`;
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
 * Tells whether a cell says what is wrong.
 *
 * @param {string|number} shown
 * @return {boolean}
 */
function isFault_(shown) {
  return typeof shown === "string" && shown.startsWith(FAULT_MARK);
}

/**
 * @param {unknown} error
 * @return {string}
 */
function sentence_(error) {
  return error instanceof Error ? error.message : String(error);
}
