import { createBrowser, type Browser, type Page } from '../../scripts/driver/browser.js';
import type { Sent } from '../http/route-table.js';
import { CLAIM } from './hand-made-launch.js';
import type { TestTool } from './tool.js';

/** Somebody who was let in: the browser, and what is needed to ask as this person. */
export interface Guest {
  readonly browser: Browser;
  /** The first page. */
  readonly page: Page;
  /** Its address without the closing slash: `http://…/c/<course>`. */
  readonly home: string;
  readonly csrf: string;
}

export type Claims = Readonly<Record<string, unknown>>;

export interface Visitor {
  readonly browser?: Browser;
  /** Of the LMS; the tutor if left out. */
  readonly person?: string;
  readonly course?: string;
  /** What differs from the LMS's own claims; `undefined` leaves one out. */
  readonly claims?: Claims;
  /** The client as which the LMS signs in, where it is not the one that it registered itself. */
  readonly client?: { readonly issuer: string; readonly clientId: string };
}

export const csrfOf = (html: string): string => /name="csrf" content="([^"]+)"/.exec(html)?.[1] ?? '';

export const personOf = ({ lms }: TestTool, kind: string, index = 0): string =>
  lms.people.filter((person) => person.kind === kind)[index]?.id ?? '';

const clientOf = ({ lms }: TestTool) => ({ issuer: lms.url, clientId: lms.tools()[0]?.clientId ?? '' });

/** Begins a sign-in in this browser and gives what the LMS would be asked. */
export async function beginLogin(
  tool: TestTool,
  {
    browser = createBrowser(),
    client = clientOf(tool),
    query = {},
  }: {
    readonly browser?: Browser;
    readonly client?: { readonly issuer: string; readonly clientId: string };
    readonly query?: Readonly<Record<string, string>>;
  } = {},
) {
  const login = new URL(`${tool.url}/lti/login`);
  const params = {
    iss: client.issuer,
    client_id: client.clientId,
    login_hint: 'somebody',
    target_link_uri: `${tool.url}/lti/launch`,
    ...query,
  };
  for (const [name, value] of Object.entries(params)) login.searchParams.set(name, value);
  let address = await browser.stop(login.href);
  // The first answer sets the browser's cookie and asks for it; the second goes to the LMS.
  if (new URL(address).origin === tool.url) address = await browser.stop(address);
  const { searchParams } = new URL(address);
  return {
    browser,
    address,
    state: searchParams.get('state') ?? '',
    nonce: searchParams.get('nonce') ?? '',
  };
}

/** A good answer of the LMS to a sign-in that was begun. */
export async function answerOf(
  tool: TestTool,
  { nonce, state }: { readonly nonce: string; readonly state: string },
  { person = personOf(tool, 'tutor'), course = '2', claims = {}, client = clientOf(tool) }: Visitor = {},
): Promise<{ id_token: string; state: string }> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    ...tool.lms.launchClaims(course, person),
    iss: client.issuer,
    aud: client.clientId,
    nonce,
    iat: now,
    exp: now + 60,
    ...claims,
  };
  return { id_token: await tool.lms.signIdToken(JSON.parse(JSON.stringify(all)) as Claims), state };
}

/** A value that the page's script reads. */
export const attribute = (html: string, name: string): string =>
  (new RegExp(`${name}="([^"]*)"`).exec(html)?.[1] ?? '').replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');

/**
 * A launch in a browser that keeps no cookie in the frame, as our script does it where the LMS keeps the browser's secret:
 * the address to which the frame is sent, with the code for a tab of its own.
 */
export async function launchWithoutCookies(tool: TestTool, visitor: Visitor = {}): Promise<string> {
  const client = visitor.client ?? clientOf(tool);
  const query = new URLSearchParams({
    iss: client.issuer,
    client_id: client.clientId,
    login_hint: 'somebody',
    target_link_uri: `${tool.url}/lti/launch`,
    lti_storage_target: '_parent',
    cookie: 'set',
  });
  const kept = await createBrowser().get(`${tool.url}/lti/login?${query.toString()}`);
  const { searchParams } = new URL(attribute(kept.html, 'data-next'));
  const begun = { state: searchParams.get('state') ?? '', nonce: searchParams.get('nonce') ?? '' };
  const form = { ...(await answerOf(tool, begun, visitor)), browser: attribute(kept.html, 'data-value') };
  return createBrowser().stopPost(`${tool.url}/lti/launch`, form, { Origin: tool.url });
}

/** Lets somebody in by a launch, and gives whatever page comes of it. */
export async function arrive(tool: TestTool, visitor: Visitor = {}): Promise<Guest> {
  const { browser, client } = visitor;
  const begun = await beginLogin(tool, { ...(browser ? { browser } : {}), ...(client ? { client } : {}) });
  const page = await begun.browser.post(`${tool.url}/lti/launch`, await answerOf(tool, begun, visitor));
  return {
    browser: begun.browser,
    page,
    home: /^.*\/(c\/[\w-]+|desk|my)/.exec(page.url)?.[0] ?? page.url,
    csrf: csrfOf(page.html),
  };
}

/** The same, at a place of the LMS as a whole. */
export const arriveAtDesk = (tool: TestTool, role: string, visitor: Visitor = {}): Promise<Guest> =>
  arrive(tool, {
    ...visitor,
    claims: {
      [`${CLAIM}/context`]: undefined,
      [`${CLAIM}/resource_link`]: undefined,
      [`${CLAIM}/roles`]: [role],
      ...visitor.claims,
    },
  });

/** One request as a browser's page of ours would send it, unless headers or token say otherwise. */
export function ask(
  guest: { readonly browser: Browser; readonly csrf?: string },
  route: string,
  base: string,
  sent: Sent = {},
  headers: Readonly<Record<string, string>> = { Origin: new URL(base).origin },
): Promise<Page> {
  const [method = '', path = ''] = route.split(' ');
  const url = base + path;
  if (method === 'get') return guest.browser.get(url, { ...headers });
  const token = guest.csrf === undefined ? {} : { _csrf: guest.csrf };
  if (method === 'post' && sent.json === undefined)
    return guest.browser.post(url, { ...token, ...sent.form }, { ...headers });
  const all = { ...headers, ...(guest.csrf === undefined ? {} : { 'X-CSRF-Token': guest.csrf }) };
  return guest.browser.json(method === 'patch' ? 'PATCH' : 'POST', url, sent.json ?? {}, all);
}
