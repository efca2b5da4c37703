// Does what UrlFetchApp does, in a thread of its own, while the caller waits.

import { parentPort } from "node:worker_threads";

async function answered({ url, method = "get", headers = {}, contentType, payload, followRedirects = true }) {
  try {
    const reply = await fetch(url, {
      method,
      headers: contentType ? { ...headers, "Content-Type": contentType } : headers,
      body: payload,
      redirect: followRedirects ? "follow" : "manual",
    });
    return { status: reply.status, text: await reply.text(), headers: Object.fromEntries(reply.headers) };
  } catch (error) {
    return { error: String(error) };
  }
}

parentPort.on("message", async ({ requests, signal, port }) => {
  port.postMessage(await Promise.all(requests.map(answered)));
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
