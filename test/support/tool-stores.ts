import mongoose, { type Connection } from 'mongoose';
import { pino } from 'pino';
import { connectDatabase } from '../../src/database/index.js';
import { createLmsFetch } from '../../src/lti/lms-fetch.js';
import { createLtiStores, type LtiStores } from '../../src/lti/index.js';
import { createCallLms } from '../../src/lti/services/call-lms.js';
import type { CallLms } from '../../src/lti/services/call.js';
import type { TestTool } from './tool.js';

/** That of the running tool (`tool.ts`): what it sealed can be opened here. */
const SECRET = 'a secret of the tests only, 0123456789';

export interface BesideTheTool {
  readonly connection: Connection;
  readonly stores: LtiStores;
  readonly callLms: CallLms;
  close(): Promise<void>;
}

/** A second process' view of the running tool's database, as the operator's commands have: a connection of its own. */
export async function besideTheTool({ url, clock }: TestTool): Promise<BesideTheTool> {
  const used = mongoose.connections.find(
    ({ readyState, name }) => readyState === mongoose.STATES.connected && /^test_/.test(name),
  );
  if (!used) throw new Error('The running tool has no database connection');
  const uri = new URL(process.env['TEST_MONGODB_URI'] ?? '');
  uri.pathname = `/${used.name}`;
  const connection = await connectDatabase(uri.href, { logger: pino({ level: 'silent' }) });
  const now = () => new Date(Date.now() + clock.offsetMs);
  const stores = await createLtiStores(connection, { publicUrl: url, secret: SECRET, now });
  const lmsFetch = createLmsFetch({ timeoutMs: 3000, allowPrivate: true });
  const callLms = createCallLms({ platforms: stores.platforms, lmsFetch });
  return { connection, stores, callLms, close: () => connection.close() };
}
