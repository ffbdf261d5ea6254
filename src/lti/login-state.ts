import { z } from 'zod';
import { digest, randomToken, sealer } from '../web/sealed.js';

/** One sign-in under way: what the LMS's answer will be held against. */
export interface Login {
  readonly issuer: string;
  readonly clientId: string;
  /** What the initiation named, where it named one. */
  readonly deployment?: string | undefined;
  readonly target: string;
  readonly nonce: string;
  /** `lti_storage_target`, where the LMS offers to keep the browser's secret. */
  readonly storage?: string | undefined;
}

const Sealed = z.object({
  i: z.string(),
  c: z.string(),
  d: z.string().optional(),
  t: z.string(),
  n: z.string(),
  s: z.string().optional(),
  /** Digest of the secret that this browser keeps. */
  b: z.string(),
  /** Good until, in seconds. */
  e: z.number(),
});

/** How long a sign-in may take: the LMS may make the person sign in there first. */
export const LOGIN_SECONDS = 10 * 60;

export type Opened =
  /** `byCookie`: the browser kept our cookie; else it was the LMS's storage that kept the secret. */
  | { found: 'login'; login: Login; byCookie: boolean }
  | { found: 'foreign-browser'; issuer: string; clientId: string; storage: string | undefined }
  | { found: 'nothing' };

/** What a browser brings along to show that it began the sign-in. */
export interface BrowserSecrets {
  readonly cookies: readonly string[];
  /** From the LMS's storage. */
  readonly stored?: string | undefined;
}

/**
 * State and nonce of sign-ins. The state *is* the login, sealed: a stranger who begins a million logins writes nothing. That
 * it gets in once is the matter of whoever writes the session (`ticketOf`).
 */
export function createLoginStates({ secret, now }: { secret: string; now: () => Date }) {
  const seals = sealer(secret, 'login state');
  const seconds = () => Math.floor(now().getTime() / 1000);

  return {
    /** Starts a login bound to this browser; gives the state and nonce to send. */
    begin(login: Omit<Login, 'nonce'>, browser: string): { state: string; nonce: string } {
      const nonce = randomToken();
      const state = seals.seal({
        i: login.issuer,
        c: login.clientId,
        d: login.deployment,
        t: login.target,
        n: nonce,
        s: login.storage,
        b: digest(browser),
        e: seconds() + LOGIN_SECONDS,
      } satisfies z.input<typeof Sealed>);
      return { state, nonce };
    },
    /** Reads a state without spending it. An answer from another browser is told apart, so that a page can say what to do. */
    open(state: string, { cookies, stored }: BrowserSecrets): Opened {
      const read = Sealed.safeParse(seals.open(state));
      if (!read.success || read.data.e <= seconds()) return { found: 'nothing' };
      const { i, c, d, t, n, s, b } = read.data;
      const byCookie = cookies.some((secret) => digest(secret) === b);
      if (!byCookie && (stored === undefined || digest(stored) !== b))
        return { found: 'foreign-browser', issuer: i, clientId: c, storage: s };
      return {
        found: 'login',
        login: { issuer: i, clientId: c, deployment: d, target: t, nonce: n, storage: s },
        byCookie,
      };
    },
  };
}

export type LoginStates = ReturnType<typeof createLoginStates>;

/** By what a launch is known that must get in once: many answers with one state have one ticket. */
export const ticketOf = (state: string): string => digest(`login ${state}`);

/** The key under which the LMS keeps the browser's secret for this login (LTI platform storage). */
export const storageKey = (state: string): string => `serik_${digest(state)}`;
