// Runs the project as Apps Script would: one order a line on standard input, one outcome a line on standard output.

import { readdirSync, readFileSync } from "node:fs";
import readline from "node:readline";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { Sidebar } from "./sidebar.mjs";
import { services } from "./services.mjs";
import { Book } from "./sheets.mjs";

const folder = process.argv[2]
  ? pathToFileURL(`${process.argv[2]}/`)
  : new URL("../../sheets_addin/apps_script/", import.meta.url);
const world = {
  folder,
  mode: "menu",
  later: 0,
  latency: 0,
  identity: "",
  manifest: JSON.parse(readFileSync(new URL("appsscript.json", folder), "utf8")),
  routes: {},
  refusal: "",
  calls: [],
  slept: [],
  cache: new Map(),
  properties: new Map(),
};

function loaded(spreadsheet) {
  world.book = new Book(world, spreadsheet);
  world.context = vm.createContext(services(world));
  const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
  for (const name of files.sort())
    new vm.Script(readFileSync(new URL(name, folder), "utf8"), { filename: name }).runInContext(world.context);
}

/** Calls a function as a cell, the menu, a trigger or a page does; a page reaches no private function. */
function called(mode, name, args) {
  world.mode = mode;
  try {
    if (mode === "page" && name.endsWith("_")) throw new Error(`${name} is private`);
    const revived = "(text) => JSON.parse(text, (_, value) => (value?.date ? new Date(value.date) : value))";
    const given = vm.runInContext(
      `(...args) => ${name}(...args)`,
      world.context,
    )(...vm.runInContext(revived, world.context)(JSON.stringify(args)));
    return mode === "custom" ? inCells(given) : JSON.parse(JSON.stringify(given ?? null));
  } finally {
    world.mode = "menu";
  }
}

/** What a cell or range shows of a value that a custom function gave; a day is `{date}`, as it comes in. */
function inCells(given) {
  const isDay = (value) => Object.prototype.toString.call(value) === "[object Date]";
  const isCell = (value) => ["string", "number", "boolean"].includes(typeof value) || isDay(value);
  const rows = Array.isArray(given) ? given : [[given]];
  if (!rows.every((row) => Array.isArray(row) && row.every(isCell)))
    throw new Error(`No value for cells: ${JSON.stringify(given)}`);
  const shown = (value) => (Array.isArray(value) ? value.map(shown) : isDay(value) ? { date: value.toISOString() } : value);
  return JSON.parse(JSON.stringify(shown(given)));
}

function state() {
  const { book } = world;
  const cells = book.sheets.flatMap((sheet) =>
    [...sheet.cells].map(([place, cell]) => [sheet.name, ...place.split(",").map(Number), cell.formula ?? cell.value]),
  );
  return {
    cells,
    names: [...book.names.keys()],
    hidden: book.sheets.filter((one) => one.hidden).map((one) => one.name),
    menu: book.menu,
    toasts: book.toasts,
    sidebars: book.sidebars.map((one) => one.title),
    properties: Object.fromEntries(world.properties),
    calls: world.calls.map(({ url, payload }) => [url, payload ?? null]),
    slept: world.slept,
    cached: [...world.cache],
  };
}

const sidebar = new Sidebar((name, args) => called("page", name, args));
const orders = {
  load: ({ spreadsheet }) => loaded(spreadsheet),
  set: ({ values }) => void Object.assign(world, values),
  keep: ({ name, value }) => void world.properties.set(name, value),
  choose: ({ sheet, place }) => {
    world.book.active = world.book.getSheetByName(sheet).getRange(...place);
  },
  call: ({ mode, name, args }) => called(mode, name, args),
  state,
  open: ({ name }) => {
    called("menu", name, []);
    return sidebar.open(world.book.sidebars.at(-1).getContent());
  },
  page: ({ name, args }) => sidebar[name](...args),
};

loaded({});
for await (const line of readline.createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  try {
    const value = await orders[order.order](order);
    process.stdout.write(`${JSON.stringify({ value: value ?? null })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
  }
}
await sidebar.close();
process.exit(0);
