import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function isProjectRoot(folder: string): boolean {
  const file = join(folder, 'package.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'serik';
}

function findRoot(folder: string): string {
  if (isProjectRoot(folder)) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('The folder of the project "serik" was not found');
  return findRoot(parent);
}

/** The project's folder, the same from `src/` as from the compiled `dist/src/`. */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));
