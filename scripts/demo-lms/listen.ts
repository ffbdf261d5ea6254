import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

const TRIES = 10;

/** Loopback only, on IPv4 and, where there is one, IPv6: `localhost` may mean either. */
export async function listenOnLoopback(port: number, listener: RequestListener, tries = TRIES): Promise<Listening> {
  const first = createServer(listener);
  const taken = await listenOn(first, port, '127.0.0.1');
  const second = createServer(listener);
  try {
    await listenOn(second, taken, '::1');
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') return { port: taken, close: () => close(first) };
    // Somebody else would answer half of our `localhost`.
    await close(first);
    if (port !== 0 || tries <= 1) throw error;
    return listenOnLoopback(0, listener, tries - 1);
  }
  return {
    port: taken,
    async close() {
      await Promise.all([close(first), close(second)]);
    },
  };
}
