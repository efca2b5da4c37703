// Starts emulate's Slack on the loopback alone and prints the address of a door before it.
//
// emulate binds every interface, so listening is pinned here. It takes arguments in the body of a POST only, where Slack's SDK
// also asks by GET and in the address: the door puts them there.
import net from "node:net";
import http from "node:http";

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  const callback = rest.find((one) => typeof one === "function");
  return listen.call(this, typeof port === "object" ? { ...port, host: "127.0.0.1" } : { port, host: "127.0.0.1" }, callback);
};

const { createEmulator } = await import("emulate");
const [port, scopes] = process.argv.slice(2);
const slack = await createEmulator({
  service: "slack",
  port: Number(port),
  seed: {
    slack: {
      team: { name: "Emulated", domain: "emulated" },
      users: [{ name: "developer", real_name: "Developer", email: "dev@example.com" }],
      channels: [{ name: "general" }],
      bots: [{ name: "agentcost" }],
      strict_scopes: true,
      tokens: [{ token: "xoxb-emulated", user: "developer", scopes: scopes.split(",") }],
    },
  },
});
const target = new URL(`http://127.0.0.1:${port}`);

const door = http.createServer((request, response) => {
  const [path, query] = request.url.split("?");
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const sent = Buffer.concat(chunks);
    const isAsked = path.startsWith("/api/") && sent.length === 0;
    const body = isAsked ? Buffer.from(query ?? "") : sent;
    const headers = { ...request.headers, host: target.host, "content-length": body.length };
    if (isAsked) headers["content-type"] = "application/x-www-form-urlencoded";
    const options = { host: target.hostname, port: target.port, path: isAsked ? path : request.url, headers };
    const asked = http.request({ ...options, method: isAsked ? "POST" : request.method }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    asked.on("error", () => response.writeHead(502).end());
    asked.end(body);
  });
});
door.listen(0, () => console.log(`http://127.0.0.1:${door.address().port}`));
process.on("SIGTERM", () => slack.close().finally(() => process.exit(0)));
