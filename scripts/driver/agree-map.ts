import type { DemoLms } from '../demo-lms/index.js';
import { createBrowser, frameOf, submit, textOf, type Browser, type Page } from './browser.js';

/** The agreement as its people do it: from places of the LMS outside the courses, by the pages' own forms. */

async function openAt(lms: DemoLms, person: string, path: string): Promise<Browser> {
  const browser = createBrowser();
  const view = await browser.get(`${lms.url}/switch?to=${person}&return=${encodeURIComponent(path)}`);
  const answer = await submit(browser, await browser.get(frameOf(view)), '/lti/login');
  const page = await submit(browser, answer, '/lti/launch');
  if (page.status !== 200) throw new Error(`${path} answered ${page.status}: ${textOf(page).slice(0, 300)}`);
  return browser;
}

const saying = (page: Page, text: string): Page => {
  if (!textOf(page).includes(text)) throw new Error(`Not said: "${text}", but: ${textOf(page).slice(0, 600)}`);
  return page;
};

export interface Signing {
  readonly toolUrl: string;
  /** Where the tutor's pages of the course begin. */
  readonly home: string;
  readonly tutor: Browser;
  /** Ids of the LMS. */
  readonly administrator: string;
  readonly leader: string;
  readonly director: string;
}

async function agree(browser: Browser, toolUrl: string, course: string, next: string): Promise<void> {
  await browser.get(`${toolUrl}/my/?lang=en`);
  const path = `/my/approvals/${course}/1`;
  const page = await browser.get(`${toolUrl}${path}`);
  saying(await submit(browser, page, path, { do: 'agree', about: 'map', comment: '' }), next);
}

/**
 * An administrator gives the roles, the tutor submits, the programme leader and the director agree.
 * Gives the text of the page behind the printed code, as somebody without any session reads it.
 */
export async function agreeMap(lms: DemoLms, signing: Signing): Promise<{ code: string; verified: string }> {
  const { toolUrl, home, tutor } = signing;
  const course = home.split('/c/')[1] ?? '';
  const [leader, director] = [
    await openAt(lms, signing.leader, '/my/serik'),
    await openAt(lms, signing.director, '/my/serik'),
  ];
  const administrator = await openAt(lms, signing.administrator, '/admin/serik');
  await administrator.get(`${toolUrl}/desk/?lang=en`);
  for (const [person, role] of [
    [signing.leader, 'programme-leader'],
    [signing.director, 'director'],
  ] as const) {
    const page = await administrator.get(`${toolUrl}/desk/agreement`);
    saying(
      await submit(administrator, page, '/desk/agreement/give', { person, role, scope: '' }),
      'The role is given.',
    );
  }
  const page = await tutor.get(`${home}/agreement`);
  saying(await submit(tutor, page, '/agreement/submit', { reason: 'First version' }), 'The map is submitted.');
  await agree(leader, toolUrl, course, 'Agreed. It goes on');
  await agree(director, toolUrl, course, 'The version is in force.');
  const code = /\/v\/([A-Z0-9]{8})/.exec((await tutor.get(`${home}/agreement`)).html)?.[1] ?? '';
  return { code, verified: textOf(await createBrowser().get(`${toolUrl}/v/${code}?lang=en`)) };
}
