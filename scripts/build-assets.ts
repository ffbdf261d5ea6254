import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from '../src/root.js';

const from = (...parts: string[]) => join(projectRoot, ...parts);
const out = from('public');

/** Every module directly in `src/client/` is an entry; what they share lies in its folders. */
const entries = readdirSync(from('src', 'client'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .map((name) => from('src', 'client', name));

/** Icons are named in views as `icon name="x"` and in view models as `icon: 'x'` (or `"icon"` data): both are collected. */
function iconNames(): string[] {
  const known = new Set(
    readdirSync(from('node_modules', 'bootstrap-icons', 'icons')).map((name) => basename(name, '.svg')),
  );
  const texts = [from('views'), from('src')].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(hbs|ts)$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  const named = texts.flatMap((text) =>
    [...text.matchAll(/icon(?:\s+name=|:\s*|Name:\s*)["']([a-z0-9-]+)["']/g)].map(([, name = '']) => name),
  );
  const unknown = named.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`No such icon in bootstrap-icons: ${unknown.join(', ')}`);
  return [...new Set(named)].sort();
}

function iconSprite(): string {
  const symbols = iconNames().map((name) => {
    const svg = readFileSync(from('node_modules', 'bootstrap-icons', 'icons', `${name}.svg`), 'utf8');
    const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '');
    return `<symbol id="${name}" viewBox="0 0 16 16">${inner.trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}

function writeHashed(name: string, content: string): [string, string] {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const file = name.replace(/(\.\w+)$/, `-${hash}$1`);
  writeFileSync(join(out, file), content);
  return [name, file];
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const result = await build({
  entryPoints: [...entries, { in: from('src', 'client', 'styles.css'), out: 'app' }].map((entry) =>
    typeof entry === 'string' ? { in: entry, out: basename(entry, '.ts') } : entry,
  ),
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome110', 'firefox115', 'safari16'],
  outdir: out,
  write: false,
  logLevel: 'warning',
});
const manifest = Object.fromEntries([
  ...result.outputFiles.map((file) => writeHashed(basename(file.path), file.text)),
  writeHashed('icons.svg', iconSprite()),
]);
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
