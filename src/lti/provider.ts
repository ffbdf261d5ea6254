import { createSecretKey, randomUUID } from 'node:crypto';
import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import ltijs from 'ltijs';
import Auth from 'ltijs/dist/Utils/Auth.js';
import type { Cookies } from '../web/cookies.js';
import { securityHeaders } from '../web/security.js';
import type { Launch } from './launch.js';
import { storageKey, type LoginStates } from './login-state.js';
import { ltijsStore } from './ltijs-store.js';
import type { Platforms } from './platforms.js';
import type { SignInPages } from './sign-in-pages.js';
import { LaunchRefused, type createVerifier, type LaunchAnswer } from './verify.js';

/** One request on its way through ltijs, which hands neither the state nor our refusal to its callbacks. */
interface Attempt {
  readonly answer: LaunchAnswer;
  launch?: Launch;
  refusal?: unknown;
}

/**
 * By a handle that ltijs carries in place of the token. (An `AsyncLocalStorage` would do too, but it slows every promise of
 * the process.)
 */
const attempts = new Map<string, Attempt>();
const attemptOf = (req: Request): Attempt | undefined => attempts.get(field(req.body, 'id_token') ?? '');

/** `open`: the answer is left to whoever comes next in the app. */
export type Handled = 'answered' | 'open';

export interface ProviderDeps {
  readonly logins: LoginStates;
  readonly platforms: Platforms;
  readonly cookie: Cookies;
  readonly pages: SignInPages;
  readonly publicUrl: string;
  readonly secret: string;
  readonly verify: ReturnType<typeof createVerifier>;
  /** Outside of ltijs again. */
  readonly onLaunch: (launch: Launch, req: Request, res: Response) => Promise<Handled>;
}

const field = (body: unknown, name: string): string | undefined => {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** Puts our verifier in the place where ltijs asks whether a token is good; ltijs then routes as usual. */
function takeTheSeam(verify: ProviderDeps['verify']): void {
  Auth.validateToken = async (handle) => {
    const attempt = attempts.get(handle);
    if (!attempt) throw new Error('A token reached ltijs outside a launch');
    try {
      const { payload, launch } = await verify(attempt.answer);
      attempt.launch = launch;
      return { ...payload, clientId: launch.platform.clientId, platformId: launch.platform.key };
    } catch (error) {
      attempt.refusal = error;
      throw error;
    }
  };
}

/**
 * The secret that the LMS's storage kept for this browser. Only our own page brings it (`Origin`): another site could else
 * send a sign-in of its own, secret and all, and let this browser in as somebody else.
 */
function keptSecret(req: Request, publicUrl: string): string | undefined {
  return req.get('origin') === new URL(publicUrl).origin ? field(req.body, 'browser') : undefined;
}

/** Where no cookie came but the LMS keeps data for us, a page asks it for the secret and comes back with it. */
async function asksTheStorage(deps: ProviderDeps, req: Request, res: Response, answer: LaunchAnswer): Promise<boolean> {
  const { idToken, state, opened } = answer;
  if (idToken === undefined || state === undefined || field(req.body, 'browser') !== undefined) return false;
  if (opened?.found !== 'foreign-browser' || opened.storage === undefined) return false;
  const platform = await deps.platforms.find(opened.issuer, opened.clientId);
  if (!platform) return false;
  deps.pages.fetch(req, res, platform, { target: opened.storage, key: storageKey(state), idToken, state });
  return true;
}

/** What a request gets back when it leaves ltijs. */
interface Outside {
  /** ltijs has no cookies of its own here, and its parser throws at some of what a stranger can write. */
  readonly cookie: string | undefined;
  readonly leave: (error?: unknown) => void;
}
const outside = new WeakMap<Request, Outside>();

/** ltijs' Express 4 puts prototypes of its own under request and response, and does not look after promises. */
function enter(req: Request, res: Response, next: NextFunction): void {
  const [asked, answer] = [Object.getPrototypeOf(req) as object, Object.getPrototypeOf(res) as object];
  const { cookie } = req.headers;
  delete req.headers.cookie;
  Object.defineProperty(req, 'query', { value: {}, writable: true, configurable: true, enumerable: true });
  outside.set(req, {
    cookie,
    leave: (error) => {
      Object.setPrototypeOf(req, asked);
      Object.setPrototypeOf(res, answer);
      Reflect.deleteProperty(req, 'query');
      // It takes back a cookie that it would have set at its own login.
      res.removeHeader('Set-Cookie');
      next(error);
    },
  });
}

/** Gives each launch its attempt, and takes away the `ltik` door: a token in a URL is no session here. */
const guard =
  (deps: ProviderDeps): RequestHandler =>
  (req, res, next) => {
    const { cookie, leave } = outside.get(req) ?? { leave: next };
    Object.assign(req, { token: undefined });
    if (cookie !== undefined) req.headers.cookie = cookie;
    const body: unknown = req.body;
    if (field(body, 'error') !== undefined) {
      leave(new LaunchRefused('lms-error', { cause: body }));
      return;
    }
    const state = field(body, 'state');
    const browser = { cookies: deps.cookie.readAll(req), stored: keptSecret(req, deps.publicUrl) };
    const opened = state === undefined || state === '' ? undefined : deps.logins.open(state, browser);
    const answer = { idToken: field(body, 'id_token'), state, browser, opened };
    asksTheStorage(deps, req, res, answer)
      .then((asked) => {
        if (asked) return;
        const handle = randomUUID();
        attempts.set(handle, { answer });
        res.on('close', () => attempts.delete(handle));
        // Nothing of what was sent reaches ltijs: it makes a cookie's name of the state, for one, and a hostile one makes it
        // throw where nothing catches.
        req.body = { id_token: handle };
        next();
      })
      .catch(leave);
  };

/**
 * Sets ltijs up as the router of `/lti/launch`. It is a singleton of the process. Mounted as a plain
 * function, since its Express 4 cannot live inside Express 5 (the lazy `req.query` is lost).
 */
export async function startProvider(deps: ProviderDeps): Promise<RequestHandler> {
  takeTheSeam(deps.verify);
  const provider = ltijs.Provider.setup(
    // As a key: of a text its token library first tries to read a private key, and fails, for half a millisecond a launch.
    createSecretKey(Buffer.from(deps.secret)),
    { plugin: ltijsStore },
    {
      appRoute: '/launch',
      // All three are ours; ltijs must not answer them.
      keysetRoute: '/ltijs-keys',
      loginRoute: '/ltijs-login',
      dynRegRoute: '/ltijs-register',
      cors: false,
      ltiaas: true,
      serverAddon: (app) => {
        // ltijs' own headers lie over ours; with its `no-referrer` our page's form would say `Origin: null`.
        for (const handler of [...securityHeaders, guard(deps)]) app.use(handler);
      },
    },
  );
  const arrive = (_token: unknown, req: Request) => {
    const attempt = attemptOf(req);
    const refusal = attempt?.launch ? undefined : (attempt?.refusal ?? new LaunchRefused('no-token'));
    outside.get(req)?.leave(refusal);
  };
  provider.onConnect(arrive);
  provider.onDeepLinking(arrive);
  provider.onInvalidToken((req) => arrive(undefined, req));

  const before = process.listeners('SIGINT');
  await provider.deploy({ serverless: true, silent: true });
  // ltijs ends the process on SIGINT by itself; stopping gracefully is main's matter.
  for (const listener of process.listeners('SIGINT'))
    if (!before.includes(listener)) process.removeListener('SIGINT', listener);

  const throughLtijs: RequestHandler = (req, res, next) => {
    enter(req, res, next);
    provider.app(req, res, (error?: unknown) => outside.get(req)?.leave(error));
  };
  return Router().post('/launch', throughLtijs, async (req, res, next) => {
    const launch = attemptOf(req)?.launch;
    if (!launch) throw new LaunchRefused('no-token');
    if ((await deps.onLaunch(launch, req, res)) === 'open') next();
  });
}
