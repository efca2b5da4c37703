/** Answers kept by Apps Script for as long as the service says they hold, 6 hours at most. */

const LONGEST_KEPT_SECONDS = 21600;
const LARGEST_KEPT_BYTES = 100 * 1024;
const MOST_KEPT_AT_ONCE = 500;
/** Google's cache holds a thousand things: of a larger range it would lose most, and to name them takes seconds. */
const MOST_LOOKED_UP = 900;

/**
 * Gives the cache of this spreadsheet; null where there is none.
 *
 * @return {GoogleAppsScript.Cache.Cache|null}
 */
function cache_() {
  return CacheService.getDocumentCache();
}

/**
 * Gives the name that an answer is kept by: a hash, so that no question is too long and no token can be read.
 *
 * @param {Service} service
 * @param {string} stamp
 * @param {string} key
 * @return {string}
 */
function keptName_(service, stamp, key) {
  const told = [service.address, service.authorization, stamp, key].join("\n");
  return Utilities.base64EncodeWebSafe(Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_256, told, Utilities.Charset.UTF_8));
}

/**
 * Gives the answers that are kept, by the question's JSON.
 *
 * @param {Service} service
 * @param {string} stamp
 * @param {string[]} keys
 * @return {Map<string, Told>}
 */
function keptAnswers_(service, stamp, keys) {
  const cache = cache_();
  /** @type {Map<string, Told>} */
  const told = new Map();
  if (!cache) return told;
  const names = keys.map((key) => keptName_(service, stamp, key));
  const found = /** @type {Object<string, string>} */ (cache.getAll(names));
  for (const [index, key] of keys.entries()) if (found[names[index]]) told.set(key, JSON.parse(found[names[index]]));
  return told;
}

/**
 * Takes the answers out of a response; gives them, too.
 *
 * @param {Service} service
 * @param {Map<string, Told>} told
 * @param {string[]} keys
 * @param {GoogleAppsScript.URL_Fetch.HTTPResponse} reply
 * @return {Told[]}
 */
function takeAnswers_(service, told, keys, reply) {
  const answers = answersIn_(service, reply, keys.length);
  for (const [index, key] of keys.entries()) told.set(key, answers[index]);
  return answers;
}

/**
 * Keeps the answers of a response where they hold for a while.
 *
 * @param {Service} service
 * @param {string} stamp
 * @param {string[]} keys
 * @param {Told[]} answers
 * @param {GoogleAppsScript.URL_Fetch.HTTPResponse} reply
 */
function keepAnswers_(service, stamp, keys, answers, reply) {
  const age = /max-age=(\d+)/.exec(header_(/** @type {Object<string, string>} */ (reply.getHeaders()), "cache-control"));
  const cache = cache_();
  if (!age || !cache) return;
  /** @type {Object<string, string>} */
  const values = {};
  for (const [index, key] of keys.slice(0, MOST_KEPT_AT_ONCE).entries()) {
    const text = JSON.stringify(answers[index]);
    if (text.length * 3 <= LARGEST_KEPT_BYTES) values[keptName_(service, stamp, key)] = text;
  }
  cache.putAll(values, Math.max(1, Math.min(Number(age[1]), LONGEST_KEPT_SECONDS)));
}

/**
 * Gives the answers of a response. Throws where it is not one of agentcost's, as the page of a proxy that wants a login.
 *
 * @param {Service} service
 * @param {GoogleAppsScript.URL_Fetch.HTTPResponse} reply
 * @param {number} count
 * @return {Told[]}
 */
function answersIn_(service, reply, count) {
  const answers = said_(service, reply, "answers");
  if (!Array.isArray(answers)) throw new Error(notAgentcost_(service));
  if (answers.length !== count) {
    throw new Error(`Of ${count} questions ${answers.length} were answered. Refresh with the menu AgentCost → Refresh.`);
  }
  return answers;
}

/**
 * Gives what a response says under a name. Throws where it says nothing there, as no response of agentcost does.
 *
 * @param {Service} service
 * @param {GoogleAppsScript.URL_Fetch.HTTPResponse} reply
 * @param {string} name
 * @return {any}
 */
function said_(service, reply, name) {
  const found = parsed_(reply.getContentText())?.[name];
  if (found === undefined || found === null) throw new Error(notAgentcost_(service));
  return found;
}

/**
 * @param {Service} service
 * @return {string}
 */
function notAgentcost_(service) {
  return `What answers at ${service.address} is not agentcost. Check the address in AgentCost → Settings.`;
}

/**
 * Gives what a text says as JSON; null where it is none.
 *
 * @param {string} text
 * @return {any}
 */
function parsed_(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
