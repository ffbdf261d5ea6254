import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/root.js';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly allowScripts?: Record<string, boolean>;
}
interface Lock {
  readonly packages: Record<
    string,
    { resolved?: string; integrity?: string; link?: boolean; hasInstallScript?: boolean }
  >;
}
const read = (name: string): unknown => JSON.parse(readFileSync(join(projectRoot, name), 'utf8'));

const manifest = read('package.json') as Manifest;
const packages = Object.entries((read('package-lock.json') as Lock).packages).filter(([path]) => path !== '');

test('every dependency is one exact version', () => {
  const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('every package of the lock file has its checksum and comes from the registry', () => {
  expect(packages.length).toBeGreaterThan(300);
  const odd = packages.filter(
    ([, { resolved = '', integrity = '', link }]) =>
      link !== true && !(/^sha512-/.test(integrity) && (resolved === '' || /^https:\/\//.test(resolved))),
  );
  expect(odd.map(([path]) => path)).toEqual([]);
});

test('no package runs a script when it is installed, unless it is named and switched off', () => {
  const scripts = packages
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  const unnamed = scripts.filter((name) => manifest.allowScripts?.[name] !== false && name !== 'fsevents');
  expect(unnamed).toEqual([]);
});
