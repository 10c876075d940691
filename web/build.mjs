// Builds the page into the package: `npm ci && npm run build`, or `node build.mjs FOLDER` for another folder.
// The same sources and lock file give the same bytes.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const home = dirname(fileURLToPath(import.meta.url));
const into = resolve(process.argv[2] ?? join(home, "../meshlint/serve/page"));
const COPIED = ["index.html", "icon.svg"];
const SOURCES = [...COPIED, "build.mjs", "package.json", "package-lock.json", "tsconfig.json", "src"];
const BUNDLED = ["preact", "@dagrejs/dagre", "@dagrejs/graphlib"];

async function filesBelow(path) {
  const entries = await readdir(path, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((one) => (one.isDirectory() ? filesBelow(join(path, one.name)) : [join(path, one.name)])),
  );
  return found.flat();
}

/** What the assets were built of: a test holds it against the sources, even where there is no Node. */
async function digest() {
  const listed = await Promise.all(
    SOURCES.map((name) => (name === "src" ? filesBelow(join(home, name)) : [join(home, name)])),
  );
  const paths = listed.flat().map((path) => relative(home, path).split("\\").join("/"));
  const total = createHash("sha256");
  for (const path of paths.sort((a, b) => (a < b ? -1 : 1))) {
    const bytes = await readFile(join(home, path));
    total.update(`${path} ${createHash("sha256").update(bytes).digest("hex")}\n`);
  }
  return total.digest("hex");
}

async function licences() {
  const texts = BUNDLED.map(async (name) => {
    const folder = join(home, "node_modules", name);
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return `${name} ${version}\n\n${(await readFile(join(folder, "LICENSE"), "utf8")).trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
}

await rm(into, { recursive: true, force: true });
await mkdir(into, { recursive: true });
await build({
  absWorkingDir: home,
  entryPoints: { page: "src/main.tsx", layout: "src/mesh/layout.worker.ts" },
  outdir: into,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});
await Promise.all(COPIED.map((name) => copyFile(join(home, name), join(into, name))));
await writeFile(join(into, "licences.txt"), await licences());
await writeFile(join(into, "built-of.txt"), `${await digest()}\n`);
