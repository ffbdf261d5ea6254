import type { DemoLms } from '../demo-lms/index.js';
import { createBrowser, frameOf, submit, type Browser, type Page } from './browser.js';

/** An administrator's steps in the LMS: open the link in its frame, press "Register", activate where Moodle asks for it. */
export async function registerTool(lms: DemoLms, link: string): Promise<Page> {
  const admin = createBrowser();
  const asked = await admin.get(lms.registrationUrl(link));
  const done = await submit(admin, asked, '/lti/register/');
  const administrator = lms.people.find((person) => person.kind === 'administrator');
  if (done.status === 200 && lms.tools().some(({ state }) => state === 'pending')) {
    await admin.get(`${lms.url}/switch?to=${administrator?.id ?? ''}&return=/admin/tools`);
    await submit(admin, await admin.get(`${lms.url}/admin/tools`), 'activate');
  }
  return done;
}

/** Signs a person in at the LMS and opens the tool from the course page; gives the first page of the tool. */
export async function launch(
  lms: DemoLms,
  personId: string,
  courseId: string,
  browser: Browser = createBrowser(),
): Promise<Page> {
  const coursePath = `/course/${encodeURIComponent(courseId)}`;
  await browser.get(`${lms.url}/switch?to=${personId}&return=${encodeURIComponent(coursePath)}`);
  const view = await browser.get(`${lms.url}${coursePath}/serik`);
  const initiation = await browser.get(frameOf(view));
  const answer = await submit(browser, initiation, '/lti/login');
  return submit(browser, answer, '/lti/launch');
}
