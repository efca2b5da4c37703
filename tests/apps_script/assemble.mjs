// Writes each page as Sheets would serve it, and its scripts as one file, into the folder `checked`, for tsc and Biome to read.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const project = new URL("../../sheets_addin/apps_script/", import.meta.url);
const checked = new URL("./checked/", import.meta.url);

function assembled(name) {
  const text = readFileSync(new URL(name, project), "utf8");
  return text.replace(/<\?!= include_\("(\w+)"\) \?>/g, (_, part) => assembled(`${part}.html`));
}

rmSync(checked, { recursive: true, force: true });
mkdirSync(checked);
for (const name of readdirSync(project).filter((one) => one.endsWith("_page.html"))) {
  const page = assembled(name);
  const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code]) => code);
  writeFileSync(new URL(name, checked), page.replace(/<script>[\s\S]*?<\/script>/g, ""));
  writeFileSync(new URL(name.replace(".html", ".js"), checked), `${scripts.join("\n")}\nexport {};\n`);
}
