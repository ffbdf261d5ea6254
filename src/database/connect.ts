import mongoose, { type Connection } from 'mongoose';
import type { Logger } from 'pino';

// A filter by a field that the schema does not know is a fault of ours. By default mongoose would send it as it is; the
// milder setting leaves it out, and a filter of nothing matches everybody.
mongoose.set('strictQuery', 'throw');

/** Opens the one connection that all rooms share. Rejects when no database answers within ten seconds. */
export async function connectDatabase(uri: string, { logger }: { logger: Logger }): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    appName: 'serik',
    // Long enough for a replica set to choose a new primary.
    serverSelectionTimeoutMS: 10_000,
    connectTimeoutMS: 10_000,
    socketTimeoutMS: 60_000,
    // Under more load than the pool carries a request fails, rather than waits for ever.
    waitQueueTimeoutMS: 10_000,
    maxPoolSize: 20,
    // Each room's `ready()` waits for its indexes: the rules across documents are theirs.
    autoIndex: true,
  });
  connection.on('disconnected', () => logger.warn('database lost'));
  connection.on('error', (error: unknown) => logger.error({ err: error }, 'database error'));
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}
