import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Stoppable {
  stop(): Promise<unknown>;
}

/** Everything that a run started, so that nothing stays when it ends: in order, by an error, or by Ctrl-C half-way. */
export interface Started {
  /** Starts it unless the run is over; what gets ready too late is stopped at once. */
  start<T extends Stoppable>(begin: () => Promise<T>): Promise<T>;
  /** Stops one before the others. */
  end(one: Stoppable): Promise<void>;
  /** What fails from now on fails because it was stopped. */
  isOver(): boolean;
  /** The last one started goes first. May be called twice. */
  endAll(): Promise<void>;
}

function createStarted(): Started {
  const running: Stoppable[] = [];
  const starting = new Set<Promise<unknown>>();
  let over: Promise<void> | undefined;

  async function endAll(): Promise<void> {
    await Promise.allSettled(starting);
    for (const one of running.splice(0).toReversed())
      await one.stop().catch((error: unknown) => console.error('  could not be stopped:', error));
  }

  return {
    async start(begin) {
      if (over) throw new Error('The run is over');
      const coming = begin().then((one) => {
        running.push(one);
        return one;
      });
      starting.add(coming);
      try {
        return await coming;
      } finally {
        starting.delete(coming);
      }
    },
    async end(one) {
      const at = running.indexOf(one);
      if (at >= 0) running.splice(at, 1);
      await one.stop();
    },
    isOver: () => over !== undefined,
    endAll: () => (over ??= endAll()),
  };
}

/** A folder of its own below the system's temporary one, which goes when the run ends. */
export async function temporaryFolder(started: Started, prefix: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  await started.start(() =>
    Promise.resolve({
      stop() {
        rmSync(folder, { recursive: true, force: true });
        return Promise.resolve();
      },
    }),
  );
  return folder;
}

/** Runs a bench, and stops whatever it started: at its end, at an error, or at Ctrl-C. */
export async function runStarted(run: (started: Started) => Promise<void>): Promise<void> {
  const started = createStarted();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => {
      console.error('\n  Stopping…');
      void started.endAll().then(() => process.exit(code));
    });
  try {
    await run(started);
  } catch (error) {
    if (!started.isOver()) console.error(`  ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await started.endAll();
  }
}
