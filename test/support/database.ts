import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import { connectDatabase } from '../../src/database/index.js';

export interface TestDatabase {
  readonly connection: Connection;
  readonly uri: string;
  /** Drops the database. */
  close(): Promise<void>;
}

/**
 * A fresh database on the engine that the whole run shares; the caller closes it in `afterAll`.
 * All names are of one length: the Java engine drops every database whose name begins with the dropped one's.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const base = process.env['TEST_MONGODB_URI'];
  if (base === undefined)
    throw new Error('TEST_MONGODB_URI is not set: run through jest, whose global setup starts the database');
  const uri = new URL(base);
  uri.pathname = `/test_${randomBytes(6).toString('hex')}`;
  const connection = await connectDatabase(uri.href, { logger: pino({ level: 'silent' }) });
  return {
    connection,
    uri: uri.href,
    async close() {
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
