// The harness of the journeys: a person's way through the product in a real browser.
//
// A journey is one call of `journey(name, walk)`. It is walked once per language (and once more in the dark
// theme, where asked for). Every step leaves a picture; every page it stops at is read by axe-core; and it fails
// on whatever a person might not notice: errors in the console, breaches of the content security policy, script
// errors, answers of 5xx, a first load that is too heavy.
//
// Environment: BASE_URL (where the product answers), LANGS (zh,en), OUT (folder for the pictures),
// CHROMIUM (the browser's program).

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

// The second-hand office screen for which the product is made.
const SCREEN = { width: 1366, height: 768 };

// What the browser is told, so that it talks to the product and to nobody else.
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// The most that a first load may weigh over the wire, in bytes.
const FIRST_LOAD_LIMIT = 300 * 1024;

// The longest that one wait inside a step may take, in milliseconds.
const PATIENCE_MS = 15_000;

// Impacts of axe-core that fail a journey.
const SERIOUS = new Set(["serious", "critical"]);

const LOCALES = { zh: "zh-CN", en: "en-GB" };

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * Walks a journey in every language and ends the process with its outcome.
 *
 * @param {string} name the journey's name, that of its file
 * @param {(tools: {page, step, lang, theme, shot, base}) => Promise<void>} walk the way; `step(title, action)` is
 *   one thing a person does: it is timed, checked, and pictured. `shot(title)` takes one more picture.
 * @param {{dark?: boolean, base?: string}} options `dark` walks once more, in the first language, in the dark
 *   theme; `base` replaces BASE_URL for a journey that brings its own server
 */
export async function journey(name, walk, options = {}) {
  const base = options.base ?? process.env.BASE_URL;
  if (!base) {
    console.error("BASE_URL is not set: start journeys by `cargo xtask journey`");
    process.exit(2);
  }
  const languages = (process.env.LANGS ?? "zh,en").split(",").filter(Boolean);
  const walks = languages.map((lang) => ({ lang, theme: "light" }));
  if (options.dark) walks.push({ lang: languages[0], theme: "dark" });

  const total = { passed: 0, failed: 0 };
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGUMENTS,
  });
  try {
    for (const { lang, theme } of walks) {
      const { passed, failed } = await walkOnce(browser, { name, walk, base, lang, theme });
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    await browser.close();
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

/** Fails a step unless `condition` holds. */
export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

async function walkOnce(browser, { name, walk, base, lang, theme }) {
  const label = theme === "dark" ? `${lang}-dark` : lang;
  const folder = join(process.env.OUT ?? join("target", "journeys", name), label);
  await mkdir(folder, { recursive: true });
  const context = await browser.newContext({
    baseURL: base,
    viewport: SCREEN,
    locale: LOCALES[lang] ?? lang,
    timezoneId: "Asia/Shanghai",
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const troubles = await watch(page);
  const weight = await weigh(page);
  const read = new Set();
  const counts = { passed: 0, failed: 0 };
  let number = 0;

  const shot = async (title) => {
    number += 1;
    const file = `${String(number).padStart(2, "0")}-${slug(title)}.png`;
    await page.screenshot({ path: join(folder, file) });
  };

  const step = async (title, action) => {
    const since = performance.now();
    try {
      await action();
      await page.waitForLoadState("load");
      await shot(title);
      await readAloud(page, read);
      if (troubles.length > 0) throw new Error(troubles.splice(0).join("\n"));
    } catch (error) {
      counts.failed += 1;
      console.log(`  ✘ ${label}: ${title}\n${indent(error.message)}`);
      await page.screenshot({ path: join(folder, "failed.png") }).catch(() => {});
      throw new Stopped();
    }
    counts.passed += 1;
    console.log(`  ✔ ${label}: ${title} (${Math.round(performance.now() - since)} ms)`);
  };

  console.log(`${name} ${label}`);
  try {
    await walk({ page, step, lang, theme, shot, base });
    const bytes = weight();
    console.log(`  first load: ${(bytes / 1024).toFixed(1)} KiB over the wire`);
    if (bytes > FIRST_LOAD_LIMIT) {
      counts.failed += 1;
      console.log(`  ✘ ${label}: the first load weighs more than ${FIRST_LOAD_LIMIT / 1024} KiB`);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) {
      counts.failed += 1;
      console.log(`  ✘ ${label}: between two steps\n${indent(error.stack ?? String(error))}`);
    }
  } finally {
    await context.close();
  }
  if (counts.passed + counts.failed === 0) {
    counts.failed = 1;
    console.log(`  ✘ ${label}: the journey took no step`);
  }
  return counts;
}

/** Ends a walk whose failed step has been reported already. */
class Stopped extends Error {}

/** Collects what goes wrong on a page without anybody looking. */
async function watch(page) {
  const troubles = [];
  // The violation is an event of the document; the console shows it too, but not with the directive.
  await page.exposeFunction("__violation", (text) => troubles.push(`content security policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      window.__violation(`${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`),
    );
  });
  page.on("console", (message) => {
    // A refused form (422) is an answer like any other, yet the browser logs every status from 400 as an error.
    const answer = message.text().startsWith("Failed to load resource: the server responded with a status of 4");
    if (message.type() === "error" && !answer) troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`script: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 500) troubles.push(`${response.status()} from ${response.url()}`);
    if (response.status() === 404 && ["script", "stylesheet", "image", "font"].includes(response.request().resourceType())) {
      troubles.push(`missing: ${response.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    // What the page itself abandons by going elsewhere is no failure.
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED") troubles.push(`${reason}: ${request.url()}`);
  });
  return troubles;
}

/** Counts the bytes over the wire until the first page has loaded. */
async function weigh(page) {
  let bytes = 0;
  let counting = true;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", (event) => {
    if (counting) bytes += event.encodedDataLength;
  });
  page.once("load", () => {
    // The figures of what was loaded arrive a moment after the event.
    setTimeout(() => (counting = false), 250);
  });
  return () => bytes;
}

/** Has axe-core read every page that has not been read yet; one page is one path and one main heading. */
async function readAloud(page, read) {
  const heading = await page.locator("h1").first().textContent({ timeout: 500 }).catch(() => "");
  const dialogs = await page.locator("dialog[open]").count();
  const key = `${new URL(page.url()).pathname} ${heading} ${dialogs}`;
  if (read.has(key)) return;
  read.add(key);
  // A driver may put a script into the page although the page's own policy forbids it: it evaluates the text
  // through the debugger. A `<script>` element would be refused, and reported as a violation.
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(await readFile(AXE, "utf8"));
  }
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  const serious = violations.filter((violation) => SERIOUS.has(violation.impact));
  if (serious.length > 0) throw new Error(serious.map(describe).join("\n"));
}

function describe({ id, impact, help, nodes }) {
  const places = nodes.slice(0, 5).map((node) => `    ${node.target.join(" ")}: ${node.html.slice(0, 160)}`);
  return [`accessibility, ${impact}: ${id}: ${help} (${nodes.length} places)`, ...places].join("\n");
}

function slug(title) {
  return title.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "step";
}

function indent(text) {
  return text.split("\n").map((line) => `      ${line}`).join("\n");
}
