import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseBusy, type Engine } from './engine.js';

export interface Way {
  /** For the error that names all ways. */
  readonly name: string;
  /** Whose files: no engine reads the other's. */
  readonly files: 'mongod' | 'java';
  start(): Promise<Engine>;
}

/**
 * The first way that works. A folder keeps to the kind of engine that made its files: a mongod installed later must not
 * show an empty database.
 */
export async function firstThatCanBeHad(dataDir: string, ways: readonly Way[]): Promise<Engine> {
  const marker = join(dataDir, 'engine');
  const made = existsSync(marker) ? readFileSync(marker, 'utf8') : undefined;
  const reasons: string[] = [];
  for (const way of ways.filter(({ files }) => made === undefined || files === made))
    try {
      const engine = await way.start();
      writeFileSync(marker, way.files);
      return engine;
    } catch (error) {
      if (error instanceof DatabaseBusy) throw error;
      reasons.push(`  - ${way.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  const kept = made === undefined ? '' : ` The files in ${dataDir} were made by ${made} and need it again.`;
  throw new Error(
    `No database can be had.${kept} Set MONGODB_URI to a MongoDB, or make one of these ways possible:\n${reasons.join('\n')}`,
  );
}
