import { decodeJwt, type JWTPayload } from 'jose';
import { createBrowser, formsOf, frameOf, type Browser, type Form, type Page } from '../../scripts/driver/browser.js';
import type { DemoLms } from '../../scripts/demo-lms/index.js';

/** Somebody with a browser of their own at a page of the LMS. */
export async function visitAs(
  lms: DemoLms,
  personId: string,
  path: string,
  browser: Browser = createBrowser(),
): Promise<{ browser: Browser; page: Page }> {
  const home = `${lms.url}/switch?to=${personId}&return=/`;
  await browser.get(home);
  return { browser, page: await browser.get(lms.url + path) };
}

/** The login initiation that the frame of this page sends to the tool. */
export async function initiationOf(browser: Browser, page: Page): Promise<Form> {
  const frame = await browser.get(frameOf(page));
  const form = formsOf(frame).find(({ action }) => action.includes('/lti/login'));
  if (!form) throw new Error(frame.html);
  return form;
}

/** What the tool asks the authorisation endpoint after this initiation. */
export function authorizationOf(
  lms: DemoLms,
  { fields }: Form,
  redirectUri: string,
  changes: Record<string, string | undefined> = {},
): string {
  const tool = lms.tools().find(({ clientId }) => clientId === fields['client_id']);
  const url = new URL(lms.connection(tool?.id ?? '').authorizationEndpoint);
  const usual = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: fields['client_id'],
    redirect_uri: redirectUri,
    login_hint: fields['login_hint'],
    lti_message_hint: fields['lti_message_hint'],
    state: 'state-1',
    nonce: 'nonce-1',
    ...changes,
  };
  for (const [name, value] of Object.entries(usual)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** From a page with the tool's frame to the claims that the tool gets. */
export async function launchedFrom(
  lms: DemoLms,
  browser: Browser,
  page: Page,
  redirectUri: string,
): Promise<JWTPayload> {
  const initiation = await initiationOf(browser, page);
  const answer = await browser.get(authorizationOf(lms, initiation, redirectUri));
  return decodeJwt(formsOf(answer)[0]?.fields['id_token'] ?? '');
}
