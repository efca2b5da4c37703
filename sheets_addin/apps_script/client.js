/** Questions over HTTP: alike ones once, many in one call, kept for as long as the service says, always done in time. */

const QUESTIONS_A_CALL = 1000;
const BYTES_A_CALL = 900 * 1024;
const CALLS_AT_ONCE = 8;
const TRIES = 4;
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5000;
const ALLOWED_MS = 22000;
/**
 * A custom function is stopped at 30 s, and all that it has would be lost. The service answers within 15 s and what its last
 * question takes: a call that begins by now ends in time.
 */
const LAST_CALL_MS = 12000;
const RETRIED = [429, 500, 502, 503, 504];

/**
 * Asks for a range. Gives null for empty cells.
 *
 * @param {string[][]} questions
 * @param {string[][]} keys
 * @param {any} stamp
 * @param {boolean=} isBrief Whether sentences and figures are enough: an answer's tables, sums and sources are most of its size.
 * @return {(Told|null)[][]}
 */
function askGrid_(questions, keys, stamp, isBrief) {
  /** @type {Map<string, Asked>} */
  const wanted = new Map();
  const places = questions.map((row, y) =>
    row.map((q, x) => {
      const figure = keys[y][x];
      if (!q) return "";
      const asked = figure && figure !== FIRST_FIGURE ? { q, figure } : isBrief ? { q, brief: true } : { q };
      wanted.set(JSON.stringify(asked), asked);
      return JSON.stringify(asked);
    }),
  );
  const told = wanted.size > 0 ? askAll_(wanted, text_(Array.isArray(stamp) ? stamp[0][0] : stamp)) : new Map();
  return places.map((row) => row.map((place) => (place ? told.get(place) : null)));
}

/**
 * Asks what is not kept, each question once. Gives the answers by the question's JSON.
 *
 * @param {Map<string, Asked>} wanted
 * @param {string} stamp
 * @return {Map<string, Told>}
 */
function askAll_(wanted, stamp) {
  const deadline = Date.now() + LAST_CALL_MS;
  const service = service_();
  const isKept = wanted.size <= MOST_LOOKED_UP;
  const kept = isKept ? keptAnswers_(service, stamp, [...wanted.keys()]) : new Map();
  const rest = [...wanted.keys()].filter((key) => !kept.has(key));
  const calls = chunks_(rest);
  for (let first = 0; first < calls.length; first += CALLS_AT_ONCE) {
    const some = calls.slice(first, first + CALLS_AT_ONCE);
    if (Date.now() >= deadline) return unanswered_(kept, rest);
    const replies = send_(
      service,
      some.map((keys) => askRequest_(service, keys)),
      deadline,
    );
    for (const [index, reply] of replies.entries()) {
      const answers = takeAnswers_(service, kept, some[index], reply);
      if (isKept) keepAnswers_(service, stamp, some[index], answers, reply);
    }
  }
  return kept;
}

/**
 * Says of every question that there was no time for that it was not asked.
 *
 * @param {Map<string, Told>} told
 * @param {string[]} keys
 * @return {Map<string, Told>}
 */
function unanswered_(told, keys) {
  const missing = keys.filter((key) => !told.has(key));
  const detail = `${missing.length} of these questions were not asked: there was no time for more. Split the range.`;
  for (const key of missing) told.set(key, { title: "Not asked", status: 503, detail });
  return told;
}

/**
 * Splits questions into calls of a size that the service takes.
 *
 * @param {string[]} keys
 * @return {string[][]}
 */
function chunks_(keys) {
  /** @type {string[][]} */
  const calls = [];
  let room = 0;
  for (const key of keys) {
    const size = bytes_(key) + 1;
    const last = calls[calls.length - 1];
    if (!last || last.length >= QUESTIONS_A_CALL || size > room) {
      calls.push([key]);
      room = BYTES_A_CALL - size;
    } else {
      last.push(key);
      room -= size;
    }
  }
  return calls;
}

/**
 * Gives how many bytes a text takes in UTF-8; thousands of texts are counted here sooner than by a service of Google's.
 *
 * @param {string} text
 * @return {number}
 */
function bytes_(text) {
  let count = text.length;
  for (const sign of text) {
    const code = /** @type {number} */ (sign.codePointAt(0));
    count += code > 0x7ff ? 2 : code > 0x7f ? 1 : 0;
  }
  return count;
}

/**
 * @param {Service} service
 * @param {string[]} keys
 * @return {GoogleAppsScript.URL_Fetch.URLFetchRequest}
 */
function askRequest_(service, keys) {
  return request_(service, "/v1/ask", `{"questions":[${keys.join(",")}]}`);
}

/**
 * Gives a request; with a payload it is a POST of JSON.
 *
 * @param {Service} service
 * @param {string} path
 * @param {string=} payload
 * @return {GoogleAppsScript.URL_Fetch.URLFetchRequest}
 */
function request_(service, path, payload) {
  /** @type {Object<string, string>} */
  const headers = service.authorization ? { Authorization: service.authorization } : {};
  const asked = { url: service.address + path, headers, muteHttpExceptions: true, followRedirects: false };
  return payload === undefined ? asked : { ...asked, method: "post", contentType: "application/json", payload };
}

/**
 * Sends requests at once, again those that may work later, until the deadline. Throws the service's sentence.
 *
 * @param {Service} service
 * @param {GoogleAppsScript.URL_Fetch.URLFetchRequest[]} requests
 * @param {number} deadline
 * @return {GoogleAppsScript.URL_Fetch.HTTPResponse[]}
 */
function send_(service, requests, deadline) {
  /** @type {GoogleAppsScript.URL_Fetch.HTTPResponse[]} */
  const replies = [];
  let open = requests.map((_, index) => index);
  for (let tries = 1; ; tries += 1) {
    const some = fetched_(
      service,
      open.map((index) => requests[index]),
    );
    for (const [place, index] of open.entries()) if (some) replies[index] = some[place];
    open = some ? open.filter((index) => RETRIED.includes(replies[index].getResponseCode())) : open;
    if (open.length === 0) return replies.map(orThrow_);
    const pause = pause_(tries, some ? replies[open[0]] : null);
    if (tries >= TRIES || Date.now() + pause >= deadline) break;
    Utilities.sleep(pause);
  }
  if (open.some((index) => !replies[index])) throw new Error(silent_(service));
  return replies.map(orThrow_);
}

/**
 * What Google says where it lets nobody fetch, which no further try changes, and what that means.
 *
 * @type {[RegExp, (service: Service) => string][]}
 */
const CLOSED = [
  [
    /too many times|quota/i,
    () => "Google's limit of calls from this account's spreadsheets is used up for today. A range of questions is one call.",
  ],
  [
    /whitelist|allowlist/i,
    (service) => `This script may not call ${service.address}: urlFetchWhitelist in appsscript.json does not list it.`,
  ],
  [/permission|authoriz/i, () => "Google lets AgentCost call nobody yet. Open AgentCost → Settings and allow what it asks for."],
];

/**
 * Gives the responses, or null where the service cannot be reached. Throws where Google lets nobody fetch.
 *
 * @param {Service} service
 * @param {GoogleAppsScript.URL_Fetch.URLFetchRequest[]} requests
 * @return {GoogleAppsScript.URL_Fetch.HTTPResponse[]|null}
 */
function fetched_(service, requests) {
  try {
    return UrlFetchApp.fetchAll(requests);
  } catch (error) {
    console.warn(`${service.address}: ${sentence_(error)}`);
    const closed = CLOSED.find(([words]) => words.test(sentence_(error)));
    if (closed) throw new Error(closed[1](service));
    return null;
  }
}

/**
 * Gives how long to wait before the next try: what the service says, else twice as long each time, by chance more or less.
 *
 * @param {number} tries
 * @param {GoogleAppsScript.URL_Fetch.HTTPResponse|null} reply
 * @return {number}
 */
function pause_(tries, reply) {
  const headers = /** @type {Object<string, string>} */ (reply ? reply.getHeaders() : {});
  const said = Number(header_(headers, "retry-after")) * 1000 || 0;
  const grown = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
  return said + grown * (0.5 + Math.random());
}

/**
 * @param {Object<string, string>} headers
 * @param {string} name
 * @return {string}
 */
function header_(headers, name) {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name);
  return found ? headers[found] : "";
}

/**
 * Gives a response that worked. Throws the sentence of one that did not.
 *
 * @param {GoogleAppsScript.URL_Fetch.HTTPResponse} reply
 * @return {GoogleAppsScript.URL_Fetch.HTTPResponse}
 */
function orThrow_(reply) {
  const status = reply.getResponseCode();
  if (status === 200) return reply;
  throw new Error(detailOf_(reply.getContentText()) || `The service answered with ${status}. Check AgentCost → Settings.`);
}

/**
 * @param {string} text
 * @return {string}
 */
function detailOf_(text) {
  return parsed_(text)?.detail || "";
}

/**
 * @param {Service} service
 * @return {string}
 */
function silent_(service) {
  return `Nothing answers at ${service.address}. Check the address in AgentCost → Settings, and that the service runs.`;
}
