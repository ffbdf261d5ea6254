import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Received {
  readonly to: readonly string[];
  /** As it came: headers, an empty line, the text. */
  readonly raw: string;
}

export interface Mailbox {
  readonly url: string;
  readonly letters: Received[];
  /** The next recipients are answered so: 550 for good, 451 for now. */
  refuse: number | undefined;
  close(): Promise<void>;
}

/** A mail server that keeps what it is given. */
export async function openMailbox(): Promise<Mailbox> {
  const letters: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(_address, _session, done) {
      const code = mailbox.refuse;
      done(code === undefined ? null : Object.assign(new Error('No'), { responseCode: code }));
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        letters.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(parts).toString(),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const mailbox: Mailbox = {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    refuse: undefined,
    close: () => new Promise((done) => server.close(done)),
  };
  return mailbox;
}

const decoded = (text: string, encoding: string) =>
  /quoted-printable/i.test(encoding)
    ? Buffer.from(
        text
          .replace(/=\r?\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        'latin1',
      ).toString()
    : /base64/i.test(encoding)
      ? Buffer.from(text, 'base64').toString()
      : text;

/** Subject and text as a person reads them. */
export function readLetter({ raw }: Received): {
  readonly subject: string;
  readonly text: string;
  readonly id: string;
} {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const header = (name: string) =>
    new RegExp(`^${name}: ([\\s\\S]*?)(?=\\r\\n\\S)`, 'mi').exec(`${head}\r\nX`)?.[1]?.replace(/\r\n\s+/g, ' ') ?? '';
  const subject = header('subject')
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, words: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(words, 'base64').toString()
        : decoded(words.replaceAll('_', ' '), 'quoted-printable'),
    );
  const text = decoded(rest.join('\r\n\r\n'), header('content-transfer-encoding'));
  return { subject, text, id: header('message-id') };
}
