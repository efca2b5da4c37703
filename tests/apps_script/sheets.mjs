// A spreadsheet in memory: the part of SpreadsheetApp that the project uses, refusing what Google's refuses.

export class Refusal extends Error {}

/**
 * What each way of running is refused. Google's guide to the authorization of editor add-ons: AuthMode.NONE knows neither the
 * document nor its properties nor any service of the user's, LIMITED (simple triggers) no service that needs authorisation, and a
 * card is of no document.
 */
const CLOSED = {
  none: ["Properties", "Cache", "UrlFetchApp", "Spreadsheet", "Sidebar", "Identity", "Card"],
  simple: ["UrlFetchApp", "Sidebar", "Identity", "Card"],
  card: ["Spreadsheet", "Sidebar"],
  custom: ["Sidebar", "Identity", "Card"],
};

/** Throws where the way in which the project runs just now may not use a service. */
export function open(world, service, called) {
  if (CLOSED[world.mode]?.includes(service)) throw new Refusal(`You do not have permission to call ${called}.`);
}

const VALUE_IN_LIST = "VALUE_IN_LIST";

/** A text as it would be taken when typed: a percentage, a number, else text. */
function typed(text) {
  const number = /^-?[\d,]*\.?\d+$/.test(text) ? Number(text.replaceAll(",", "")) : Number.NaN;
  if (/^-?[\d.]+ ?%$/.test(text)) return { value: Number(text.replace(/ ?%/, "")) / 100, display: text };
  return Number.isNaN(number) ? { value: text, display: text } : { value: number, display: text };
}

class Sheet {
  constructor(book, name, rows = 100, columns = 26) {
    Object.assign(this, { book, name, rows, columns, cells: new Map(), rules: new Map(), hidden: false });
  }
  getName() {
    return this.name;
  }
  getMaxRows() {
    return this.rows;
  }
  getMaxColumns() {
    return this.columns;
  }
  insertRowsAfter(_, count) {
    this.book.changes("insertRowsAfter");
    this.rows += count;
  }
  insertColumnsAfter(_, count) {
    this.book.changes("insertColumnsAfter");
    this.columns += count;
  }
  hideSheet() {
    this.book.changes("hideSheet");
    this.hidden = true;
  }
  getRange(row, column, rows = 1, columns = 1) {
    if (!(row >= 1 && column >= 1 && rows >= 1 && columns >= 1))
      throw new Refusal("The starting row or column is out of bounds.");
    if (row + rows - 1 > this.rows || column + columns - 1 > this.columns) throw new Refusal("Those columns are out of bounds.");
    return new Range(this, row, column, rows, columns);
  }
}

class Range {
  constructor(sheet, row, column, rows, columns) {
    Object.assign(this, { sheet, row, column, rows, columns });
  }
  getSheet = () => this.sheet;
  getRow = () => this.row;
  getColumn = () => this.column;
  getNumRows = () => this.rows;
  getNumColumns = () => this.columns;
  getCell = (row, column) => this.sheet.getRange(this.row + row - 1, this.column + column - 1);
  offset = (rows, columns) => this.sheet.getRange(this.row + rows, this.column + columns);
  cell = (y, x) => this.sheet.cells.get(`${this.row + y},${this.column + x}`);
  each = (say) =>
    Array.from({ length: this.rows }, (_, y) => Array.from({ length: this.columns }, (_, x) => say(this.cell(y, x))));
  isBlank = () => this.each((cell) => !cell || (cell.value === "" && !cell.formula)).every((row) => row.every(Boolean));
  getDisplayValues = () => this.each((cell) => (cell ? String(cell.display) : ""));
  getDisplayValue = () => this.getDisplayValues()[0][0];
  getValues = () => this.each((cell) => (cell ? cell.value : ""));
  getA1Notation = () => {
    const name = (y, x) => `${String.fromCharCode(64 + this.column + x)}${this.row + y}`;
    return this.rows * this.columns === 1 ? name(0, 0) : `${name(0, 0)}:${name(this.rows - 1, this.columns - 1)}`;
  };
  getDataValidation = () => {
    const choices = this.sheet.rules.get(`${this.row},${this.column}`);
    return choices ? { getCriteriaType: () => VALUE_IN_LIST, getCriteriaValues: () => [choices, true] } : null;
  };
  put = (y, x, value) => {
    const choices = this.sheet.rules.get(`${this.row + y},${this.column + x}`);
    if (choices && !choices.includes(value)) {
      throw new Refusal(
        `The data you entered in cell ${this.getA1Notation()} violates the data validation rules set on this cell.`,
      );
    }
    const isFormula = typeof value === "string" && value.startsWith("=");
    const plain = typeof value === "string" && value.startsWith("'") ? { value: value.slice(1), display: value.slice(1) } : null;
    const cell = isFormula
      ? { value: "", display: "", formula: value }
      : plain || (typeof value === "string" ? typed(value) : { value, display: value });
    this.sheet.cells.set(`${this.row + y},${this.column + x}`, cell);
  };
  setValue = (value) => {
    this.sheet.book.changes("setValue");
    this.put(0, 0, value);
  };
  setFormula = (formula) => {
    this.sheet.book.changes("setFormula");
    if (!formula.startsWith("=")) throw new Refusal("A formula begins with =.");
    this.put(0, 0, formula);
  };
  setValues = (rows) => {
    this.sheet.book.changes("setValues");
    if (rows.length !== this.rows || rows.some((row) => row.length !== this.columns)) {
      throw new Refusal("The number of rows or columns in the data does not match that in the range.");
    }
    for (const [y, row] of rows.entries()) for (const [x, value] of row.entries()) this.put(y, x, value);
  };
  clearContent = () => {
    this.sheet.book.changes("clearContent");
    for (let y = 0; y < this.rows; y += 1)
      for (let x = 0; x < this.columns; x += 1) this.sheet.cells.delete(`${this.row + y},${this.column + x}`);
  };
}

/** A spreadsheet, from worksheets with cells `[row, column, value, display]`, choices and names; rows and columns from 1. */
export class Book {
  constructor(world, { id = "1AbcdefghijklmnopqrstuvwxyZ", sheets = [{ name: "Sheet1" }], names = {} } = {}) {
    Object.assign(this, { world, id, sheets: [], names: new Map(), toasts: [], sidebars: [], menu: [] });
    for (const { name, cells = [], choices = [] } of sheets) {
      const sheet = new Sheet(this, name, 1000, 40);
      for (const [row, column, value, display] of cells)
        sheet.cells.set(`${row},${column}`, { value, display: display ?? value });
      for (const [row, column, list] of choices) sheet.rules.set(`${row},${column}`, list);
      this.sheets.push(sheet);
    }
    for (const [name, [sheet, ...place]] of Object.entries(names))
      this.names.set(name, this.getSheetByName(sheet).getRange(...place));
    this.active = this.sheets[0].getRange(1, 1);
  }
  changes(what) {
    if (this.world.mode === "custom") throw new Refusal(`You do not have permission to call ${what}`);
  }
  getId = () => this.id;
  getSpreadsheetTimeZone = () => "Etc/UTC";
  getSheets = () => this.sheets;
  getSheetByName = (name) => this.sheets.find((one) => one.name === name) || null;
  getActiveSheet = () => this.active.sheet;
  setActiveSheet = (sheet) => {
    if (sheet !== this.active.sheet) this.active = sheet.getRange(1, 1);
  };
  insertSheet = (name) => {
    this.changes("insertSheet");
    if (this.getSheetByName(name)) throw new Refusal(`A sheet with the name "${name}" already exists.`);
    this.sheets.push(new Sheet(this, name));
    const sheet = this.sheets.at(-1);
    this.before = this.active;
    return sheet;
  };
  getRangeByName = (name) => this.names.get(name) || null;
  getNamedRanges = () => [...this.names].map(([name, range]) => ({ getName: () => name, getRange: () => range }));
  setNamedRange = (name, range) => {
    this.changes("setNamedRange");
    if (!/^[A-Za-z_]\w{0,249}$/.test(name)) throw new Refusal("The name is invalid.");
    this.names.set(name, range);
  };
  toast = (text) => {
    this.changes("toast");
    this.toasts.push(text);
  };
  service() {
    const ui = {
      createMenu: (title) => {
        const menu = {
          addItem: (name, handler) => this.menu.push([title, name, handler]) && menu,
          addSeparator: () => menu,
          addToUi: () => {},
        };
        return menu;
      },
      createAddonMenu: () => ui.createMenu("Extensions"),
      showSidebar: (output) => {
        open(this.world, "Sidebar", "Ui.showSidebar");
        this.sidebars.push(output);
      },
    };
    const reached = (what) => {
      open(this.world, "Spreadsheet", "SpreadsheetApp.getActive");
      return what();
    };
    return {
      getActive: () => reached(() => this),
      getActiveRange: () => reached(() => this.active),
      flush: () => {},
      getUi: () => {
        if (["custom", "card"].includes(this.world.mode))
          throw new Refusal("Cannot call SpreadsheetApp.getUi() from this context.");
        return ui;
      },
      DataValidationCriteria: { VALUE_IN_LIST },
    };
  }
}
