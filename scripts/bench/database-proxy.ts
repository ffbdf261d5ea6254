import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One request to the database: the command and, where it has one, the collection. */
export interface DatabaseRequest {
  readonly command: string;
  readonly collection: string;
}

export interface DatabaseProxy {
  /** The address of the same database through here. */
  uri(mongodbUri: string): string;
  /** All requests since it was last asked. */
  taken(): DatabaseRequest[];
  close(): Promise<void>;
}

const HEADER = 16;
const OP_MSG = 2013;
const SECTIONS = HEADER + 4;
const STRING = 0x02;
/** The driver's own conversation: who is there, is it alive, we are leaving. */
const HOUSEKEEPING = new Set(['hello', 'ismaster', 'isMaster', 'ping', 'endSessions', 'buildInfo']);

/**
 * The command is the first element of the message's first document (MongoDB wire protocol, OP_MSG); its value names the
 * collection.
 */
function requestIn(message: Buffer): DatabaseRequest | undefined {
  if (message.readInt32LE(12) !== OP_MSG || message[SECTIONS] !== 0) return undefined;
  const element = SECTIONS + 1 + 4;
  const nameEnd = message.indexOf(0, element + 1);
  const command = message.toString('utf8', element + 1, nameEnd);
  const length = message[element] === STRING ? message.readInt32LE(nameEnd + 1) : 1;
  const collection = message.toString('utf8', nameEnd + 5, nameEnd + 5 + length - 1);
  return HOUSEKEEPING.has(command) ? undefined : { command, collection };
}

/** Calls back for each whole message of one side of a connection. */
function messagesOf(socket: Socket, each: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      each(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}

/** Stands between a tool and its database and counts, because what happens inside the tool's process cannot be seen. */
export async function startDatabaseProxy(target: string): Promise<DatabaseProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let seen: DatabaseRequest[] = [];
  const server = createServer((inner) => {
    const outer = connect(Number(port), hostname);
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('error', () => socket.destroy());
    }
    messagesOf(inner, (message) => {
      const request = requestIn(message);
      if (request) seen.push(request);
    });
    inner.pipe(outer);
    outer.pipe(inner);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const own = server.address() as AddressInfo;
  return {
    uri(mongodbUri) {
      const through = new URL(mongodbUri);
      through.host = `127.0.0.1:${own.port}`;
      // A replica set would tell the driver its own addresses, which lead past here.
      through.searchParams.set('directConnection', 'true');
      return through.href;
    },
    taken() {
      const all = seen;
      seen = [];
      return all;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
