// Makes calls of google-spreadsheet, a client of Google's, to the Google of the tests, and prints what each gave as a line of JSON.
//
// The client is as its authors ship it: only the addresses of Google lead to the server.
import { GoogleSpreadsheet } from "google-spreadsheet";

const [server, token, other] = process.argv.slice(2);
const GOOGLE = new Set(["sheets.googleapis.com", "www.googleapis.com", "docs.google.com"]);
const send = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (!GOOGLE.has(url.hostname)) throw new Error(`not Google: ${url}`);
  return send(new Request(new URL(url.pathname + url.search, server), request));
};

const auth = { token };
const area = (startRowIndex, endRowIndex, startColumnIndex, endColumnIndex) => ({
  startRowIndex, endRowIndex, startColumnIndex, endColumnIndex,
});
let doc, sheet, rows, second, copy;
const values = async (range) => (await sheet.getCellsInRange(range)) ?? null;
const kept = async (what) => {
  const fields = `sheets(properties.sheetId,${what})`;
  const { sheets } = await (await doc.sheetsApi.get("", { searchParams: { fields } })).json();
  return sheets.find((one) => one.properties.sheetId === sheet.sheetId)[what.split(/[.(]/)[0]] ?? null;
};

const calls = {
  createNewSpreadsheetDocument: async () => {
    doc = await GoogleSpreadsheet.createNewSpreadsheetDocument(auth, { title: "Made by another" });
    return doc.title;
  },
  loadInfo: async () => {
    await doc.loadInfo();
    return doc.sheetsByIndex.map((one) => one.title);
  },
  updateProperties: async () => {
    await doc.updateProperties({ title: "Renamed" });
    return doc.title;
  },
  addSheet: async () => {
    sheet = await doc.addSheet({ title: "It's: a list", headerValues: ["name", "credits"] });
    await sheet.updateProperties({ title: "It's a list" });
    return sheet.title;
  },
  loadHeaderRow: async () => {
    await sheet.loadHeaderRow();
    return sheet.headerValues;
  },
  addRow: async () => (await sheet.addRow({ name: "Sales", credits: 20 })).rowNumber,
  addRows: async () => (await sheet.addRows([["Service", 40], ["IT", "=B2+B3"]])).map((row) => row.rowNumber),
  getRows: async () => {
    rows = await sheet.getRows();
    return rows.map((row) => row.toObject());
  },
  "row.save": async () => {
    rows[0].set("credits", "25");
    await rows[0].save();
    return (await sheet.getRows())[2].get("credits");
  },
  "row.delete": async () => {
    await rows[1].delete();
    return values("A1:B9");
  },
  loadCells: async () => {
    await sheet.loadCells("A1:C5");
    return [sheet.getCell(1, 1).value, sheet.getCell(2, 1).formula];
  },
  saveUpdatedCells: async () => {
    sheet.getCell(4, 0).value = "Legal";
    sheet.getCell(4, 1).value = 7.5;
    sheet.getCell(4, 1).note = "estimated";
    sheet.getCell(4, 1).backgroundColor = { red: 1, green: 1, blue: 0 };
    await sheet.saveUpdatedCells();
    return [sheet.getCell(4, 1).value, sheet.getCell(4, 1).note];
  },
  clearRows: async () => {
    await sheet.clearRows({ start: 5 });
    return values("A5:B5");
  },
  batchGetCellsInRange: () => sheet.batchGetCellsInRange(["A1:A2", "B1:B2"]),
  mergeCells: async () => {
    await sheet.mergeCells(area(0, 1, 3, 5));
    return (await kept("merges")).length;
  },
  unmergeCells: async () => {
    await sheet.unmergeCells(area(0, 1, 3, 5));
    return kept("merges");
  },
  copyPaste: async () => {
    await sheet.copyPaste(area(1, 2, 0, 2), area(9, 10, 0, 2));
    return values("A10:B10");
  },
  cutPaste: async () => {
    await sheet.cutPaste(area(9, 10, 0, 2), { rowIndex: 10, columnIndex: 1 });
    return [await values("A10:B10"), await values("B11:C11")];
  },
  insertDimension: async () => {
    await sheet.insertDimension("ROWS", { startIndex: 1, endIndex: 3 }, false);
    return values("A4:B4");
  },
  deleteDimension: async () => {
    await sheet.deleteDimension("ROWS", { startIndex: 1, endIndex: 3 });
    return values("A2:B2");
  },
  insertRange: async () => {
    await sheet.insertRange(area(1, 2, 0, 1), "ROWS");
    return values("A1:B3");
  },
  deleteRange: async () => {
    await sheet.deleteRange(area(1, 2, 0, 1), "ROWS");
    return values("A1:B2");
  },
  findReplace: async () => {
    await sheet.findReplace("Sales", "Field sales", { matchEntireCell: true });
    return values("A2:B2");
  },
  sortRange: async () => {
    await sheet.sortRange(area(1, 3, 0, 2), [{ dimensionIndex: 0, sortOrder: "DESCENDING" }]);
    return values("A1:A3");
  },
  resize: async () => {
    await sheet.resize({ rowCount: 50, columnCount: 8 });
    return [sheet.rowCount, sheet.columnCount];
  },
  updateDimensionProperties: async () => {
    await sheet.updateDimensionProperties("COLUMNS", { pixelSize: 250 }, { startIndex: 0, endIndex: 1 });
    return (await kept("data.columnMetadata.pixelSize"))[0].columnMetadata.slice(0, 2).map((one) => one.pixelSize);
  },
  updateBorders: async () => {
    await sheet.updateBorders(area(0, 3, 0, 2), { bottom: { style: "SOLID" } });
    const drawn = (await kept("data.rowData.values.userEnteredFormat.borders"))[0].rowData;
    return drawn.flatMap(({ values }) => values ?? []).filter((one) => one.userEnteredFormat?.borders?.bottom).length;
  },
  setDataValidation: async () => {
    const condition = { type: "NUMBER_GREATER", values: [{ userEnteredValue: "0" }] };
    await sheet.setDataValidation(area(1, 9, 1, 2), { condition, strict: true });
    const ruled = (await kept("data.rowData.values.dataValidation"))[0].rowData;
    return ruled.flatMap(({ values }) => values ?? []).filter((one) => one.dataValidation).length;
  },
  addConditionalFormatRule: async () => {
    const condition = { type: "NOT_BLANK" };
    const rule = { ranges: [{ sheetId: sheet.sheetId, ...area(1, 9, 1, 2) }], booleanRule: { condition, format: {} } };
    await sheet.addConditionalFormatRule(rule, 0);
    return (await kept("conditionalFormats")).length;
  },
  addNamedRange: async () => (await doc.addNamedRange("heads", { sheetId: sheet.sheetId, ...area(0, 1, 0, 2) })).namedRange.name,
  addProtectedRange: async () => {
    const protection = { range: { sheetId: sheet.sheetId, ...area(0, 1, 0, 2) }, warningOnly: true };
    const made = await sheet.addProtectedRange(protection);
    return made.protectedRange.warningOnly;
  },
  addFilterView: async () => {
    const view = { title: "All", range: { sheetId: sheet.sheetId, ...area(0, 9, 0, 2) } };
    return (await sheet.addFilterView(view)).filter.title;
  },
  searchDeveloperMetadata: async () => {
    const location = { dimensionRange: { sheetId: sheet.sheetId, dimension: "ROWS", startIndex: 1, endIndex: 2 } };
    await sheet.createDeveloperMetadata({ metadataKey: "kept", metadataValue: "1", location, visibility: "DOCUMENT" });
    const found = await doc.searchDeveloperMetadata([{ developerMetadataLookup: { metadataKey: "kept" } }]);
    return found.map((one) => one.metadataValue);
  },
  duplicate: async () => {
    second = await sheet.duplicate({ title: "Copy" });
    return second.title;
  },
  copyToSpreadsheet: async () => (await sheet.copyToSpreadsheet(other))?.title ?? null,
  downloadAsCSV: async () => Buffer.from(await sheet.downloadAsCSV()).toString(),
  share: async () => {
    await doc.share("dana@example.com", { role: "reader", emailMessage: false });
    return (await doc.listPermissions()).map((one) => [one.emailAddress, one.role]);
  },
  deleteSheet: async () => {
    await doc.deleteSheet(second.sheetId);
    return doc.sheetCount;
  },
  "refuses a title that is taken": async () => {
    try {
      await doc.addSheet({ title: "It's a list" });
    } catch (error) {
      return error.message;
    }
    return "taken";
  },
  delete: async () => {
    await doc.delete();
    try {
      await new GoogleSpreadsheet(doc.spreadsheetId, auth).loadInfo();
    } catch (error) {
      return error.message;
    }
    return "still there";
  },
};

for (const [name, call] of Object.entries(calls)) {
  let outcome;
  try {
    outcome = { got: await call() };
  } catch (error) {
    outcome = { error: String(error.message) };
  }
  console.log(JSON.stringify({ call: name, ...outcome }));
}
