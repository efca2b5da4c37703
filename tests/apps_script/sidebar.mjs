// A page in a headless Chromium as wide as a sidebar, with a google.script.run that calls the real functions.

const WIDTH = 300;
const HEIGHT = 640;
const PATIENCE_MS = 60_000;

function shim() {
  const running = (handlers) =>
    new Proxy(
      {},
      {
        get: (_, name) => {
          if (name === "withSuccessHandler") return (succeeded) => running({ ...handlers, succeeded });
          if (name === "withFailureHandler") return (failed) => running({ ...handlers, failed });
          return (...args) => {
            window.__run(name, args).then(({ value, error }) => {
              if (error === undefined) handlers.succeeded?.(value);
              else handlers.failed?.(new Error(error));
            });
          };
        },
      },
    );
  window.google = { script: { run: running({}) } };
}

export class Sidebar {
  constructor(run) {
    this.run = run;
  }

  async open(html) {
    if (!this.browser) {
      const { chromium } = await import("playwright-core");
      this.browser = await chromium.launch({
        executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
        args: ["--no-sandbox"],
      });
    }
    await this.page?.close();
    this.page = await this.browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
    this.page.setDefaultTimeout(PATIENCE_MS);
    this.troubles = [];
    this.page.on("pageerror", (error) => this.troubles.push(error.message));
    await this.page.exposeFunction("__run", (name, args) => {
      try {
        return { value: this.run(name, args) };
      } catch (error) {
        return { error: error.message };
      }
    });
    await this.page.addInitScript(shim);
    await this.page.route("**/*", (route) =>
      route.request().url() === "http://sidebar.test/" ? route.fulfill({ contentType: "text/html", body: html }) : route.abort(),
    );
    await this.page.goto("http://sidebar.test/");
    await this.settled();
  }

  /** Waits until nothing is under way: every button can be used again. */
  async settled() {
    await this.page.waitForFunction(() => ![...document.querySelectorAll("button")].some((one) => one.disabled));
  }

  async fill(selector, text) {
    await this.page.fill(selector, text);
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  async press(key) {
    await this.page.keyboard.press(key);
    await this.settled();
  }

  async select(selector, value) {
    await this.page.selectOption(selector, value);
  }

  async click(selector) {
    await this.page.click(selector);
    await this.settled();
  }

  async text(selector) {
    return await this.page.innerText(selector);
  }

  async texts(selector) {
    return await this.page.locator(selector).allInnerTexts();
  }

  async value(selector) {
    return await this.page.inputValue(selector);
  }

  async attribute(selector, name) {
    return await this.page.getAttribute(selector, name);
  }

  async visible(selector) {
    return await this.page.isVisible(selector);
  }

  async focused() {
    return await this.page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName);
  }

  /** Gives what a page tells assistive technology: role and name of everything that can be used, in the order of the Tab key. */
  async reachable() {
    return await this.page.evaluate(() => {
      const usable = [...document.querySelectorAll("input, select, button, summary, [tabindex='0']")].filter((one) =>
        one.checkVisibility(),
      );
      const named = (one) => one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText;
      return usable.map((one) => [one.tagName.toLowerCase(), named(one) || ""]);
    });
  }

  /** Gives the smallest contrast of any text on the page with what is behind it. */
  async contrast() {
    return await this.page.evaluate(() => {
      const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
      const light = (colour) => {
        const [r, g, b] = channels(colour).map((c) =>
          c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const behind = (one) => {
        for (let at = one; at; at = at.parentElement) {
          const colour = getComputedStyle(at).backgroundColor;
          if ((channels(colour)[3] ?? 1) > 0) return colour;
        }
        return "rgb(255, 255, 255)";
      };
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      let least = 21;
      while (walker.nextNode()) {
        const one = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !one.checkVisibility() || one.closest("script, style")) continue;
        const [a, b] = [light(getComputedStyle(one).color), light(behind(one))];
        least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
      }
      return least;
    });
  }

  async trouble() {
    return this.troubles;
  }

  async picture(path) {
    const height = await this.page.evaluate(() => document.documentElement.scrollHeight);
    await this.page.setViewportSize({ width: WIDTH, height: Math.min(Math.max(height, 200), 900) });
    await this.page.screenshot({ path });
    await this.page.setViewportSize({ width: WIDTH, height: HEIGHT });
  }

  async close() {
    await this.browser?.close();
  }
}
