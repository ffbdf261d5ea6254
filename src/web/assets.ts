import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../root.js';

/** Gives the hashed address of a built file, for example `app.css` → `/assets/app-K3X1.css`. */
export type AssetUrl = (name: string) => string;

export const publicFolder = join(projectRoot, 'public');

export function readAssets(): AssetUrl {
  const text = readFileSync(join(publicFolder, 'manifest.json'), 'utf8');
  const manifest = z.record(z.string(), z.string()).parse(JSON.parse(text));
  return (name) => {
    const file = manifest[name];
    if (file === undefined) throw new Error(`No built file ${name}: run npm run build`);
    return `/assets/${file}`;
  };
}
