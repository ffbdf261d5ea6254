import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configurationFiles } from '../src/lti/guides/index.js';
import { projectRoot } from '../src/root.js';

/** The address in the files that are kept with the source. */
const EXAMPLE = 'https://serik.example.edu';

const USAGE = `npm run lti-config [-- --url https://serik.university.edu --out DIR]
    writes what an administrator of each LMS pastes or types. Without options: lti-config/ for the address ${EXAMPLE}`;

const { values } = parseArgs({
  options: { url: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean', default: false } },
});

function run(): void {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const url = (values.url ?? EXAMPLE).replace(/\/+$/, '');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error(`--url is an address such as ${EXAMPLE}\n${USAGE}`);
  // The kept files are about the example: a real address goes to a folder of its own.
  if (values.url !== undefined && values.out === undefined) throw new Error(`--url needs --out\n${USAGE}`);
  const folder = values.out === undefined ? join(projectRoot, 'lti-config') : resolve(values.out);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of configurationFiles(url)) {
    writeFileSync(join(folder, name), text);
    console.log(join(folder, name));
  }
}

try {
  run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
