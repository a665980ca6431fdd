// server: none
//
// Proves the harness on a page of its own: what is sound passes, and each kind of trouble is seen.

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, journey } from "../lib.mjs";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";

// What each path adds to a sound page, and the word by which the harness must report it.
const TROUBLES = {
  "/csp": { markup: `<p style="color:#111">styled in place</p>`, report: "content security policy" },
  "/script": { script: "setTimeout(() => { throw new Error('planted') })", report: "script: planted" },
  "/console": { script: "console.error('planted')", report: "console: planted" },
  "/label": { markup: `<input type="text">`, report: "accessibility, critical: label" },
  "/broken": { script: "fetch('/500')", report: "500 from" },
  "/absent": { markup: `<script src="/absent.js"></script>`, report: "missing:" },
  "/heavy": { markup: `<!--${"x".repeat(310 * 1024)}-->`, report: "first load weighs more" },
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const script = pathname.match(/^\/script-of(\/.+)$/);
  if (script) {
    response.setHeader("Content-Type", "text/javascript");
    return response.end(TROUBLES[script[1]].script);
  }
  if (pathname === "/favicon.ico") return response.writeHead(204).end();
  if (pathname === "/500" || pathname === "/absent.js") return response.writeHead(pathname === "/500" ? 500 : 404).end();
  const zh = (request.headers["accept-language"] ?? "").startsWith("zh");
  const trouble = TROUBLES[pathname] ?? {};
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.setHeader("Content-Security-Policy", POLICY);
  response.end(`<!doctype html><html lang="${zh ? "zh-CN" : "en"}"><head><title>Lianbing</title></head>
<body><main><h1>${zh ? "从能懂到会用" : "From understood to used"}</h1><a href="/next">${zh ? "下一页" : "Next"}</a>
${trouble.markup ?? ""}</main>${trouble.script ? `<script src="/script-of${pathname}"></script>` : ""}</body></html>`);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const base = `http://127.0.0.1:${server.address().port}`;

if (process.env.PLANTED) {
  // The child: walks into one planted trouble and is expected to fail.
  await journey("planted", async ({ page, step }) => {
    await step("planted", async () => {
      await page.goto(new URL(process.env.PLANTED, process.env.BASE_URL).href);
      // Gives scripts that run after the load the time to fail.
      await page.waitForTimeout(200);
    });
  });
} else {
  await journey("harness", walk, { base, dark: true });
}
server.close();

async function walk({ page, step, lang, theme }) {
  await step("open", async () => {
    await page.goto("/");
    const heading = await page.locator("h1").textContent();
    expect(heading === (lang === "zh" ? "从能懂到会用" : "From understood to used"), `heading is ${heading}`);
    const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    expect(dark === (theme === "dark"), `dark is ${dark} in the ${theme} theme`);
  });
  await step("next page", async () => {
    await page.getByRole("link").click();
    await page.waitForURL("**/next");
  });
  if (lang !== "en") return;
  for (const [path, { report }] of Object.entries(TROUBLES)) {
    await step(`sees ${report}`, async () => {
      const output = await plant(path);
      expect(output.code === 1 && output.text.includes(report), `exit ${output.code}, output:\n${output.text}`);
    });
  }
}

/** Walks into the trouble at `path` in a process of its own; its exit code and what it printed. */
async function plant(path) {
  const env = { ...process.env, PLANTED: path, BASE_URL: base, LANGS: "en", OUT: `${process.env.OUT ?? "target/journeys/harness"}/planted${path}` };
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { env });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  const [code] = await once(child, "close");
  return { code, text };
}
