import { createTransport } from 'nodemailer';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  /** The same for the same letter: a mail program shows one that was sent twice once. */
  readonly id: string;
}

export type Posted =
  | { readonly outcome: 'sent' }
  /** For good: sending it again changes nothing. */
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'later'; readonly reason: string };

export interface Mail {
  post(letter: Letter): Promise<Posted>;
  close(): void;
}

export interface MailOptions {
  /** `smtp://` or `smtps://`, with name and password where the server asks for them. */
  readonly url: string;
  readonly from: string;
}

/** In milliseconds: to connect, and to hear the next word of the server. */
const PATIENCE = 20_000;

const replyOf = (error: unknown): number | undefined => {
  const code = (error as { responseCode?: unknown }).responseCode;
  return typeof code === 'number' ? code : undefined;
};

/** Letters by SMTP. RFC 5321, 4.2.1: a reply of 5yz is for good, of 4yz for now; where there is none, the server is away. */
export function createMail({ url, from }: MailOptions): Mail {
  const transport = createTransport({
    url,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
  });
  const host =
    from
      .split('@')
      .at(-1)
      ?.replace(/[^\w.-]/g, '') ?? 'serik';
  return {
    async post({ to, subject, text, id }) {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${host}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return { outcome: 'sent' };
      } catch (error) {
        const reply = replyOf(error);
        const reason = reply === undefined ? 'mail-unreachable' : `mail-${reply}`;
        // A wrong password is mended by the operator, and then the letter goes.
        const forGood = reply !== undefined && reply >= 500 && (error as { code?: unknown }).code === 'EENVELOPE';
        return { outcome: forGood ? 'refused' : 'later', reason };
      }
    },
    close: () => transport.close(),
  };
}
