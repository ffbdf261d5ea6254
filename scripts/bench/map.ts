import { parseArgs } from 'node:util';
import { percentile, round } from './figures.js';
import { openMap, type Opened } from './map-opening.js';
import { setMapStage } from './map-stage.js';
import { typeInto, type Typed } from './map-typing.js';
import { runStarted, type Started } from './started.js';

const USAGE = `npm run bench:map [-- --quick]
  The editor of a map of 60 rows in Chromium, on the tool, database and LMS of real use: how long a key takes until it is
  painted, how large the request is that saves a cell, and how much is loaded to open the page. --quick: fewer keys, an
  answer within 40 s.`;

const GOAL = { paintedMs: 50, saveBytes: 3 * 1024, openBytes: 120 * 1024 };

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

const verdict = (value: number, goal: number) => (value < goal ? 'met' : 'not met');

function report({ html, css, js, compressedByServer }: Opened, { paintedMs, saveBytes }: Typed): void {
  const painted = percentile(paintedMs, 0.95);
  const save = Math.max(...saveBytes);
  const open = html + css + js;
  const how = compressedByServer ? 'as the server compressed it' : 'as gzip, level 6; the server does not compress';
  console.log(`
  ${paintedMs.length} keys, from key to painted: p50 ${percentile(paintedMs, 0.5).toFixed(1)} ms, p95 ${painted.toFixed(1)} ms, longest ${Math.max(...paintedMs).toFixed(1)} ms
  ${saveBytes.length} save requests with their headers: p50 ${percentile(saveBytes, 0.5)} bytes, largest ${save} bytes
  Opening (${how}): HTML ${html}, CSS ${css}, JS ${js}, together ${open} bytes

  Goal, key to painted under ${GOAL.paintedMs} ms (p95): ${verdict(painted, GOAL.paintedMs)} (${painted.toFixed(1)})
  Goal, a save under ${GOAL.saveBytes} bytes: ${verdict(save, GOAL.saveBytes)} (${save})
  Goal, opening under ${GOAL.openBytes} bytes: ${verdict(open, GOAL.openBytes)} (${open})
`);
  console.log(JSON.stringify({ key_to_paint_p95_ms: round(painted), save_bytes: save, open_bytes: open }));
}

async function run(started: Started): Promise<void> {
  const { context, url } = await setMapStage(started);
  const page = await context.newPage();
  const opened = await openMap(page, url);
  const rows = await page.locator('#map-plan tr[id^="row-"]').count();
  const keys = values.quick ? 96 : 600;
  console.log(`  The map has ${rows} rows; typing ${keys} keys`);
  const typed = await typeInto(page, keys);
  if (typed.paintedMs.length < keys || typed.saveBytes.length === 0)
    throw new Error(`Only ${typed.paintedMs.length} keys and ${typed.saveBytes.length} saves were seen`);
  await started.endAll();
  report(opened, typed);
}

if (values.help) console.log(USAGE);
else await runStarted(run);
