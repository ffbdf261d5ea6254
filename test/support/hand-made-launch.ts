import { createBrowser, type Browser, type Page } from '../../scripts/driver/browser.js';
import type { TestTool } from './tool.js';

export const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';

export interface Begun {
  readonly browser: Browser;
  readonly state: string;
  readonly nonce: string;
  readonly claims: Record<string, unknown>;
}

/** Starts a login at the tool as the LMS would, and stops before the LMS answers; gives what a good answer holds. */
export async function begin({ lms, url }: TestTool, browser: Browser = createBrowser()): Promise<Begun> {
  const tool = lms.tools()[0];
  const tutor = lms.people.find(({ kind }) => kind === 'tutor');
  if (!tool || !tutor) throw new Error('The demo LMS has no tool or no tutor');
  const login = new URL(`${url}/lti/login`);
  const params = { iss: lms.url, login_hint: tutor.id, target_link_uri: `${url}/lti/launch`, client_id: tool.clientId };
  for (const [name, value] of Object.entries(params)) login.searchParams.set(name, value);
  // The first answer sets the browser's cookie and asks for it; the second goes to the LMS.
  const asked = await browser.stop(await browser.stop(login.href));
  const to = new URL(asked);
  const now = Math.floor(Date.now() / 1000);
  const nonce = to.searchParams.get('nonce') ?? '';
  return {
    browser,
    state: to.searchParams.get('state') ?? '',
    nonce,
    claims: { ...lms.launchClaims('2', tutor.id), nonce, iat: now, exp: now + 60 },
  };
}

export const answer = ({ url }: TestTool, browser: Browser, form: Record<string, string>): Promise<Page> =>
  browser.post(`${url}/lti/launch`, form);
