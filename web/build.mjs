// Bundles the style sheet and the islands into a folder: hashed names, Brotli twins, and a manifest.
//
//   node build.mjs OUT_DIR
//
// Tabler's style sheet is the ground (layer "tabler"), purged to the few classes the components use; our own
// layers stand above it, so that none of its rules can win over a token.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] && path.resolve(process.argv[2]);
if (!out) {
  console.error("usage: node build.mjs OUT_DIR");
  process.exit(2);
}

// What an ordinary office browser of the last years understands; the last Chrome for Windows 7 is 109.
const TARGET = ["chrome109", "edge109", "firefox115", "safari16"];
// The first load of a page stays far below 300 KB; these two files are most of it.
const GZIP_MAX = { "app.css": 30_000, "app.js": 40_000 };
// The only elements and classes that we take from Tabler.
const FROM_TABLER = "html body main a p h1 h2 h3 button input select textarea label legend fieldset table th td summary details svg img small strong mark kbd progress hr btn btn-primary form-control form-select";

const text = (...parts) => readFile(path.join(here, ...parts), "utf8");

async function styles() {
  const tabler = await text("node_modules", "@tabler", "core", "dist", "css", "tabler.css");
  const [purged] = await new PurgeCSS().purge({
    content: [{ raw: `<${FROM_TABLER.split(" ").join("><")}> class="${FROM_TABLER}"`, extension: "html" }],
    css: [{ raw: tabler }],
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  // Its pictures are data: addresses, which the content security policy does not allow.
  const ground = purged.css.replace(/@charset[^;]*;/g, "").replace(/[^;{}]*url\([^)]*\)[^;}]*;?/g, "");
  const light = await text("css", "tokens.css");
  const dark = await text("css", "tokens-dark.css");
  const values = dark.slice(dark.indexOf("{") + 1, dark.lastIndexOf("}"));
  const own = await Promise.all(["base", "layout", "components"].map((name) => text("css", `${name}.css`)));
  const source = [
    "@layer tabler, tokens, own;",
    `@layer tabler {${ground}}`,
    `@layer tokens {${light}
      :root[data-theme="dark"] {${values}}
      @media (prefers-color-scheme: dark) { :root[data-theme="auto"] {${values}} }
      @media print { :root { color-scheme: light; } }}`,
    `@layer own {${own.join("\n")}}`,
  ].join("\n");
  const built = await esbuild.transform(source, { loader: "css", minify: true, target: TARGET, legalComments: "none" });
  if (built.code.includes("url(")) throw new Error("the style sheet must not load anything");
  return `/*! Contains parts of Tabler (MIT); see LICENSES.txt */${built.code}`;
}

async function script() {
  const built = await esbuild.build({
    entryPoints: [path.join(here, "islands", "main.js")],
    bundle: true,
    format: "iife",
    minify: true,
    target: TARGET,
    legalComments: "none",
    write: false,
  });
  const [file] = built.outputFiles;
  return `/*! Contains htmx (0BSD); see LICENSES.txt */${file.text}`;
}

async function licences() {
  const parts = [["Tabler", "@tabler/core"], ["htmx", "htmx.org"]].map(async ([name, folder]) => {
    const root = path.join(here, "node_modules", ...folder.split("/"));
    const file = (await readdir(root)).find((entry) => /^licen[cs]e/i.test(entry));
    const meta = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
    const words = file ? await readFile(path.join(root, file), "utf8") : `Licence: ${meta.license}\n`;
    return `${name} ${meta.version}\n\n${words.trim()}\n`;
  });
  return (await Promise.all(parts)).join("\n\n");
}

const files = {
  "app.css": await styles(),
  "app.js": await script(),
  "favicon.svg": await text("favicon.svg"),
  "LICENSES.txt": await licences(),
};

await mkdir(out, { recursive: true });
// What an earlier build left here goes; anything else in the folder stays.
const stems = Object.keys(files).map((name) => path.parse(name));
for (const name of await readdir(out)) {
  const ours = stems.some(({ name: stem, ext }) => new RegExp(`^${stem}-[0-9A-F]{8}\\${ext}(\\.br)?$`).test(name));
  if (ours) await rm(path.join(out, name));
}
const manifest = {};
let tooLarge = false;
for (const [name, content] of Object.entries(files)) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  const hashed = `${stem}-${hash}${ext}`;
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  await writeFile(path.join(out, hashed), bytes);
  await writeFile(path.join(out, `${hashed}.br`), brotli);
  manifest[name] = hashed;
  const gzip = gzipSync(bytes, { level: 9 }).length;
  console.log(`${hashed}  ${bytes.length} B, gzip ${gzip} B, brotli ${brotli.length} B`);
  if (gzip > (GZIP_MAX[name] ?? Infinity)) {
    console.error(`${name} is ${gzip} B with gzip, above its limit of ${GZIP_MAX[name]} B`);
    tooLarge = true;
  }
}
await writeFile(path.join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
process.exit(tooLarge ? 1 : 0);
