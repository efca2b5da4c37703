/** Heads of columns of workloads, English and German: what the cells below them say in the question language. */

/** @type {Object<string, string>} Words of heads and the words of the question language that they mean. */
const HEAD_WORDS = {
  chats: "interactions",
  chat: "interaction",
  conversations: "interactions",
  conversation: "interaction",
  interaktionen: "interactions",
  interaktion: "interaction",
  gespräche: "interactions",
  gespräch: "interaction",
  konversationen: "interactions",
  konversation: "interaction",
  aktionen: "actions",
  aktion: "action",
  nutzer: "users",
  benutzer: "users",
  anwender: "users",
  plätze: "seats",
  platz: "seat",
  mitarbeiter: "employees",
  paket: "pack",
  pakete: "packs",
  preis: "price",
  rabatt: "discount",
  nachlass: "discount",
  wachstum: "growth",
  sprache: "voice",
  gelöst: "resolved",
  tag: "day",
  monat: "month",
  jahr: "year",
  pro: "per",
  je: "per",
  "/": "per",
  und: "and",
  monatlich: "monthly",
  monatliche: "monthly",
  jährlich: "yearly",
  jährliche: "yearly",
  annual: "yearly",
};
/** Words that a head may have beside what it names. */
const FILLERS =
  /^(#|no\.?|nr\.?|number|anzahl|of|der|the|avg\.?|average|durchschnittliche?|ø|our|your|in|%|total|gesamt|percent|prozent|share|anteil|rate|usd|\$)$/;
/** What is counted: at least one of these, and nothing beside but what it is counted per. */
const COUNTED = /^(interactions|actions|users|seats|employees|credits|tokens)$/;
const COUNTED_PER = /^(per|and|each|day|month|year|monthly|yearly|interaction|action|user|seat)$/;
/** @type {Object<string, string>} Shares of a workload, and the word of the question that says them. */
const SHARES = { discount: "discount", growth: "growth", sandbox: "sandbox", voice: "voice", resolved: "resolved" };
const PRICED = /^price per (action|interaction|pack|user|seat)$/;
/** @type {Object<string, RegExp>} Heads of words that a question takes as they are. */
const AS_SAID = { buying: /^(payg|precommit|prepurchase)$/i, audience: /^(customers|employees)$/i };
/** Heads that speak of a workload: one of these that is not understood is no label, since a figure would be without it. */
const ABOUT_WORKLOAD =
  /interact|interakt|action|aktion|conversation|konversation|gespräch|chats?\b|users?\b|seats?\b|employees|nutzer|token|discount|rabatt|nachlass|growth|wachstum|sandbox|voice|resol|gelöst|price|preis|buying/;
const ERROR_CELL = /^#(N\/A|NV|REF!|BEZUG!|VALUE!|WERT!|DIV\/0!|NAME\?|NUM!|ZAHL!|NULL!|ERROR!)$/;

/**
 * Gives what a head of a column means; null where it is a label.
 *
 * @param {string} text
 * @return {{say: (text: string) => string, isKnown: boolean}|null}
 */
function head_(text) {
  const words = headWords_(text);
  const said = words.join(" ");
  if (words.some((word) => COUNTED.test(word)) && words.every((word) => COUNTED.test(word) || COUNTED_PER.test(word))) {
    return { isKnown: true, say: (cell) => cell && withUnit_(cell, unitOf_(words)) };
  }
  const [share, ...period] = words;
  if (SHARES[share] && /^(per (month|year))?$/.test(period.join(" "))) {
    const per = share === "growth" ? period.join(" ") : "";
    return {
      isKnown: true,
      say: (cell) => [withShare_(cell, SHARES[share], text), per].filter((one, _, all) => all[0] && one).join(" "),
    };
  }
  if (PRICED.test(said)) {
    return { isKnown: true, say: (cell) => cell && `$${cell.replace(/^\$\s*/, "")} ${said.slice("price ".length)}` };
  }
  const taken = AS_SAID[said];
  if (taken) {
    const sentence = (/** @type {string} */ cell) => `“${cell}” under “${text}” is none that a question takes.`;
    return { isKnown: true, say: (cell) => (!cell || taken.test(cell) ? cell : fault_(sentence(cell))) };
  }
  if (!ABOUT_WORKLOAD.test(text.toLowerCase())) return null;
  return { isKnown: false, say: (cell) => cell && fault_(notUnderstood_(text)) };
}

/**
 * Gives the words of a head in the question language, without what it has beside them.
 *
 * @param {string} text
 * @return {string[]}
 */
function headWords_(text) {
  const plain = text
    .toLowerCase()
    .replace(/\([^)]*\)/g, " ")
    .replace(/[:*]+\s*$/, "");
  const words = plain
    .replace(/\//g, " / ")
    .replace(/[_\s-]+/g, " ")
    .trim()
    .split(" ");
  const known = words.filter((word) => !FILLERS.test(word)).map((word) => HEAD_WORDS[word] || word);
  const [first, ...rest] = known;
  return first === "monthly" || first === "yearly" ? [...rest, "per", first.replace("ly", "")] : known;
}

/**
 * Gives the unit of a number as the question language has it: a month is what interactions are counted in anyway.
 *
 * @param {string[]} words
 * @return {string}
 */
function unitOf_(words) {
  const said = words.join(" ");
  return said.replace(/^interactions( per month| monthly)$/, "interactions").replace(/^users per (month|year)$/, "users");
}

/**
 * @param {string} head
 * @return {string}
 */
function notUnderstood_(head) {
  return `The head “${head}” is none that is known, and without its column the figure would be of another workload. Rename or leave out the column.`;
}

/**
 * Throws a sentence, where a value is wanted.
 *
 * @param {string} sentence
 * @return {never}
 */
function fault_(sentence) {
  throw new Error(sentence);
}

/**
 * Gives the answers that are of the command that was asked; of any other a problem, since its figures mean something else.
 *
 * @param {(Told|null)[][]} told
 * @param {string} command
 * @return {(Told|null)[][]}
 */
function ofCommand_(told, command) {
  return told.map((row) =>
    row.map((one) => {
      if (!one || "detail" in one || one.question.split(" ")[0] === command) return one;
      return {
        title: "Read otherwise",
        status: 422,
        detail: `That was read as “${one.question}”, which is no “${command}”. Say it in other words.`,
      };
    }),
  );
}
