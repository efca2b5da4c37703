// Apps Script's other services, refusing what Google's refuse; time only passes when something sleeps or answers late.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { open, Refusal } from "./sheets.mjs";

const worker = new Worker(new URL("./fetcher.mjs", import.meta.url));
worker.unref();

function fetchedAtOnce(requests) {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  worker.postMessage({ requests, signal, port: port2 }, [port2]);
  Atomics.wait(signal, 0, 0);
  return receiveMessageOnPort(port1).message;
}

function fetching(world) {
  const fetchAll = (asked) => {
    open(world, "UrlFetchApp", "UrlFetchApp.fetchAll");
    if (world.refusal) throw new Refusal(world.refusal);
    const allowed = world.manifest.urlFetchWhitelist;
    for (const { url } of asked)
      if (allowed && !allowed.some((prefix) => url.startsWith(prefix))) throw new Refusal(`${url} is not in urlFetchWhitelist.`);
    const routed = (url) => {
      const from = Object.keys(world.routes).find((one) => url.startsWith(one));
      return from ? world.routes[from] + url.slice(from.length) : url;
    };
    const requests = asked.map((one) => ({ ...one, url: routed(one.url) }));
    for (const { url, payload = "" } of requests) {
      if (url.length > 2082) throw new Refusal("Limit Exceeded: URLFetch URL Length.");
      if (payload.length > 50 * 1024 * 1024) throw new Refusal("Limit Exceeded: URLFetch POST Size.");
    }
    world.calls.push(...asked);
    const replies = fetchedAtOnce(requests);
    world.later += world.latency;
    return replies.map((one, index) => {
      if (one.error) throw new Refusal(`Address unavailable: ${requests[index].url}`);
      if (!requests[index].muteHttpExceptions && one.status >= 400)
        throw new Refusal(`Request failed for ${requests[index].url}`);
      return { getResponseCode: () => one.status, getContentText: () => one.text, getHeaders: () => one.headers };
    });
  };
  return { fetchAll, fetch: (url, options = {}) => fetchAll([{ url, ...options }])[0] };
}

function caching(world) {
  const require = (keys, seconds = 600) => {
    if (keys.some((key) => key.length > 250)) throw new Refusal("Argument too large: key");
    if (seconds > 21600) throw new Refusal("Invalid argument: expirationInSeconds");
  };
  const put = (key, value, seconds) => {
    require([key], seconds);
    if (typeof value !== "string" || Buffer.byteLength(value) > 100 * 1024) throw new Refusal("Argument too large: value");
    world.cache.set(key, value);
    if (world.cache.size > 1000) for (const old of [...world.cache.keys()].slice(0, 100)) world.cache.delete(old);
  };
  const cache = {
    get: (key) => world.cache.get(key) ?? null,
    put,
    getAll: (keys) => {
      require(keys);
      return Object.fromEntries(keys.filter((key) => world.cache.has(key)).map((key) => [key, world.cache.get(key)]));
    },
    putAll: (values, seconds) => {
      for (const [key, value] of Object.entries(values)) put(key, value, seconds);
    },
  };
  const given = () => {
    open(world, "Cache", "CacheService.getDocumentCache");
    return world.mode === "card" ? null : cache;
  };
  return { getDocumentCache: given };
}

function keeping(world) {
  const properties = {
    getProperty: (name) => world.properties.get(name) ?? null,
    setProperty: (name, value) => {
      if (Buffer.byteLength(String(value)) > 9 * 1024) throw new Refusal("Argument too large: value");
      world.properties.set(name, String(value));
    },
    deleteProperty: (name) => world.properties.delete(name),
  };
  const given = () => {
    open(world, "Properties", "PropertiesService.getDocumentProperties");
    return world.mode === "card" ? null : properties;
  };
  return { getDocumentProperties: given };
}

function utilities(world) {
  return {
    DigestAlgorithm: { SHA_256: "sha256" },
    Charset: { UTF_8: "utf8" },
    computeDigest: (kind, text) =>
      [...createHash(kind).update(text, "utf8").digest()].map((byte) => (byte > 127 ? byte - 256 : byte)),
    base64EncodeWebSafe: (bytes) => Buffer.from(bytes).toString("base64").replaceAll("+", "-").replaceAll("/", "_"),
    newBlob: (text) => ({ getBytes: () => [...Buffer.from(text, "utf8")] }),
    formatDate: (date) => date.toISOString().slice(0, 10),
    sleep: (milliseconds) => {
      if (milliseconds > 300_000) throw new Refusal("Invalid argument: sleep");
      world.slept.push(milliseconds);
      world.later += milliseconds;
    },
  };
}

function pages(world) {
  const output = (content) => {
    const made = { getContent: () => content, setTitle: (title) => Object.assign(made, { title }) };
    return made;
  };
  const read = (name) => readFileSync(new URL(`${name}.html`, world.folder), "utf8");
  const filled = (text) =>
    text
      .replace(/<\?!=\s*(.+?)\s*\?>/g, (_, code) => vm.runInContext(code, world.context))
      .replace(/<\?[^!].*?\?>/g, () => {
        throw new Refusal("A scriptlet that is not printed.");
      });
  return {
    createHtmlOutputFromFile: (name) => output(read(name)),
    createTemplateFromFile: (name) => ({ evaluate: () => output(filled(read(name))) }),
  };
}

/** Builders of cards: what was set and added, in order; a card shows nothing that Google's has no word for. */
function cards(world) {
  const KNOWN = {
    newCardBuilder: ["setHeader", "addSection", "build"],
    newCardHeader: ["setTitle", "setSubtitle"],
    newCardSection: ["setHeader", "addWidget"],
    newTextInput: ["setFieldName", "setTitle", "setHint", "setValue"],
    newTextButton: ["setText", "setOnClickAction"],
    newTextParagraph: ["setText"],
    newAction: ["setFunctionName"],
    newNavigation: ["updateCard"],
    newActionResponseBuilder: ["setNavigation", "build"],
  };
  const made = (kind) => {
    const told = { kind: kind.slice(3) };
    const builder = { toJSON: () => told };
    for (const name of KNOWN[kind]) {
      builder[name] = (value) => {
        if (name.startsWith("set") && value === undefined) throw new Refusal(`Invalid argument: ${name}`);
        if (name.startsWith("add")) told[name] = [...(told[name] ?? []), value];
        else if (name !== "build") told[name] = value;
        return builder;
      };
    }
    return builder;
  };
  const service = {};
  for (const kind of Object.keys(KNOWN)) {
    service[kind] = () => {
      open(world, "Card", `CardService.${kind}`);
      return made(kind);
    };
  }
  return service;
}

/** Everything a project sees, by the names that it is seen by. */
export function services(world) {
  const now = () => Date.now() + world.later;
  class Later extends Date {
    constructor(...args) {
      super(...(args.length ? args : [now()]));
    }
    static now = now;
  }
  return {
    Date: Later,
    console,
    UrlFetchApp: fetching(world),
    CacheService: caching(world),
    PropertiesService: keeping(world),
    Utilities: utilities(world),
    HtmlService: pages(world),
    ScriptApp: {
      getIdentityToken: () => {
        open(world, "Identity", "ScriptApp.getIdentityToken");
        return world.identity;
      },
      AuthMode: { NONE: "NONE", LIMITED: "LIMITED", FULL: "FULL", CUSTOM_FUNCTION: "CUSTOM_FUNCTION" },
    },
    CardService: cards(world),
    SpreadsheetApp: world.book.service(),
  };
}
