import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrowser, textOf, type Browser, type Page } from '../../scripts/driver/browser.js';
import type { DemoLms } from '../../scripts/demo-lms/index.js';
import { CLAIM } from './hand-made-launch.js';
import type { TestTool } from './tool.js';

export { CLAIM };
export const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
export const AGS = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
export const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';

const LIS = 'http://purl.imsglobal.org/vocab/lis/v2';
export const contextRole = (name: string) => `${LIS}/membership#${name}`;
export const subRole = (role: string, name: string) => `${LIS}/membership/${role}#${name}`;
export const institutionRole = (name: string) => `${LIS}/institution/person#${name}`;
export const systemRole = (name: string) => `${LIS}/system/person#${name}`;

export type Claims = Record<string, unknown>;

export const without = (claims: Claims, ...names: readonly string[]): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));

export const personOf = (lms: DemoLms, kind: string, nth = 0): string => {
  const person = lms.people.filter((one) => one.kind === kind)[nth];
  if (!person) throw new Error(`The demo LMS has no ${kind} number ${nth}`);
  return person.id;
};

export interface LoginWish {
  readonly browser?: Browser;
  /** By GET as Open edX, or by POST as Moodle. */
  readonly method?: 'get' | 'post';
  /** The tool's number in this LMS: one issuer may have several clients. */
  readonly client?: number;
  /** Changes of the initiation's parameters; an empty one is left out. */
  readonly params?: Readonly<Record<string, string>>;
}

export interface Login {
  readonly browser: Browser;
  /** Where the tool sent the browser. */
  readonly to: URL;
  readonly state: string;
  readonly nonce: string;
  readonly toolId: string;
  readonly clientId: string;
}

/** Begins a sign-in as the LMS would and follows it until the tool sends the browser away. */
export async function beginLogin({ lms, url }: TestTool, wish: LoginWish = {}): Promise<Login> {
  const { browser = createBrowser(), method = 'get', client = 0, params = {} } = wish;
  const tool = lms.tools()[client];
  if (!tool) throw new Error(`The demo LMS has no tool number ${client}`);
  const asked = {
    iss: lms.url,
    login_hint: 'hint',
    target_link_uri: `${url}/lti/launch`,
    client_id: tool.clientId,
    ...params,
  };
  const sent = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''));
  const address = `${url}/lti/login`;
  let to =
    method === 'post'
      ? await browser.stopPost(address, sent)
      : await browser.stop(`${address}?${new URLSearchParams(sent).toString()}`);
  // The first answer of a browser without the cookie sets it and asks for it.
  if (to.startsWith(url)) to = await browser.stop(to);
  const query = new URL(to).searchParams;
  return {
    browser,
    to: new URL(to),
    state: query.get('state') ?? '',
    nonce: query.get('nonce') ?? '',
    toolId: tool.id,
    clientId: tool.clientId,
  };
}

export interface LaunchWish extends LoginWish {
  readonly person?: string;
  readonly course?: string;
  /** What becomes of the good claims. */
  readonly change?: (claims: Claims) => Claims;
}

/** What a good answer to this login holds. In English, whoever it is, so that pages can be read. */
export function goodClaims({ lms }: TestTool, login: Login, { person, course = '2' }: LaunchWish = {}): Claims {
  const now = Math.floor(Date.now() / 1000);
  const claims = lms.launchClaims(course, person ?? personOf(lms, 'tutor'), login.toolId);
  const presentation = { ...(claims[`${CLAIM}/launch_presentation`] as Claims), locale: 'en' };
  return { ...claims, [`${CLAIM}/launch_presentation`]: presentation, nonce: login.nonce, iat: now, exp: now + 60 };
}

/** The same launch from another course of the LMS. */
export const inContext =
  (context: Claims) =>
  (claims: Claims): Claims => ({
    ...claims,
    [`${CLAIM}/context`]: { ...(claims[`${CLAIM}/context`] as Claims), ...context },
  });

export interface Opened {
  readonly page: Page;
  readonly browser: Browser;
  readonly claims: Claims;
  /** The course's address in the tool; empty where nobody got in. */
  readonly home: string;
  readonly courseId: string;
}

export const postAnswer = ({ url }: TestTool, browser: Browser, form: Record<string, string>): Promise<Page> =>
  browser.post(`${url}/lti/launch`, form);

/** A whole launch with a properly signed token. */
export async function open(tool: TestTool, wish: LaunchWish = {}): Promise<Opened> {
  const login = await beginLogin(tool, wish);
  const good = goodClaims(tool, login, wish);
  const claims = wish.change?.(good) ?? good;
  const page = await postAnswer(tool, login.browser, {
    id_token: await tool.lms.signIdToken(claims),
    state: login.state,
  });
  return { page, browser: login.browser, claims, ...placeOf(page) };
}

export function placeOf(page: Page): { home: string; courseId: string } {
  const [, home = '', courseId = ''] = /^(https?:\/\/[^/]+\/c\/([\w-]+))\//.exec(page.url) ?? [];
  return { home, courseId };
}

export const csrfOf = (page: Page): string => /name="csrf" content="([^"]+)"/.exec(page.html)?.[1] ?? '';

export const hasSession = ({ url }: TestTool, browser: Browser): boolean => {
  const { host } = new URL(url);
  const { serik, ...others } = browser.cookies(host);
  const secure = others['__Host-serik'];
  return serik !== undefined || secure !== undefined;
};

/** A refused launch: its words, a number for support, a page that any frame may show, and no session. */
export function expectRefused(
  tool: TestTool,
  { page, browser }: Pick<Opened, 'page' | 'browser'>,
  words: string,
): void {
  expect(textOf(page)).toContain(words);
  expect(page.status).toBe(401);
  expect(page.html).toMatch(/[0-9A-F]{4}-[0-9A-F]{4}/);
  expect(page.headers.get('content-security-policy')).toContain('frame-ancestors *');
  expect(hasSession(tool, browser)).toBe(false);
}

/** What the browser's Accept-Language says must not decide: the launch's locale does. */
export const languageOf = (page: Page): string => /<html[^>]*\slang="([^"]+)"/.exec(page.html)?.[1] ?? '';

export async function until(done: () => Promise<boolean> | boolean, what = 'It'): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within 25 s`);
    await sleep(50);
  }
}
