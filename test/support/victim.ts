import type { Ids } from '../http/route-table.js';
import { slotForm } from '../http/route-table.js';
import { formsOf } from '../../scripts/driver/browser.js';
import { arrive, ask, personOf, type Guest, type Visitor } from './guests.js';
import { CLAIM } from './hand-made-launch.js';
import type { TestTool } from './tool.js';

/** A course with something in every room, and the tutor and a student who sit in it. */
export interface Victim {
  readonly tutor: Guest;
  readonly student: Guest;
  readonly ids: Ids;
  /** Words that must not come out of the course. */
  readonly markers: readonly string[];
  /** Everything that its people see, without what differs from request to request. */
  look(): Promise<string>;
}

export const selecting: Record<string, unknown> = {
  [`${CLAIM}/message_type`]: 'LtiDeepLinkingRequest',
  [`${CLAIM}/resource_link`]: undefined,
  'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
    accept_types: ['ltiResourceLink'],
    accept_presentation_document_targets: ['iframe'],
    accept_multiple: true,
    deep_link_return_url: 'https://lms.example/return',
  },
};

const PAGES = [
  'get /',
  'get /students',
  'get /map',
  'get /map/apply',
  'get /agreement',
  'get /consultations',
  'get /results',
  'get /results.csv',
];

/** Waits for what is done outside the request. */
export async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`It did not happen within 20 s: ${what}`);
    await new Promise((go) => setTimeout(go, 50));
  }
}

/** Waits until no roster and no gradebook is being read for this course. */
export const quiet = (tutor: Guest): Promise<void> =>
  until('nothing is being read', async () => {
    const { status, html } = await ask(tutor, 'get /overview/state.json', tutor.home);
    if (status !== 200) throw new Error(`The state of the course is not to be had: ${status} ${html.slice(0, 300)}`);
    return !(JSON.parse(html) as { waiting: boolean }).waiting;
  });

const stable = (html: string) =>
  html
    .replace(/(name="(_csrf|csrf|key|_new)" (?:value|content)=")[^"]*/g, '$1')
    .replace(/data-new="[^"]*"/g, '')
    .replace(/\b\d{1,2}:\d{2}(:\d{2})?\b/g, '');

export async function victimCourse(tool: TestTool, visitor: Visitor = {}): Promise<Victim> {
  const tutor = await arrive(tool, visitor);
  const studentId = personOf(tool, 'student');
  const student = await arrive(tool, { ...visitor, person: studentId });
  await quiet(tutor);
  const must = async (route: string, sent: Parameters<typeof ask>[3], guest = tutor) => {
    const page = await ask(guest, route, guest.home, sent);
    if (page.status !== 200) throw new Error(`${route}: ${page.status} ${page.html.slice(0, 500)}`);
    return page;
  };
  await must('post /map/start', { form: {} });
  await must('patch /map', {
    json: { since: 1, changes: [{ path: 'head.semester', base: '', value: 'secret term' }] },
  });
  const board = await must('post /consultations/slots', { form: slotForm({ key: 'first', room: 'secret room' }) });
  const slot = /\/consultations\/slots\/([\w-]+)\/|#slot-([\w-]+)/.exec(board.html)?.slice(1).find(Boolean) ?? '';
  const drafts = await must('post /consultations/slots', {
    form: slotForm({ key: 'second', time: '15:00', state: 'draft' }),
  });
  const draft = /\/consultations\/slots\/([\w-]+)\/publish/.exec(drafts.html)?.[1] ?? '';
  await must('post /consultations/bookings', { form: { slot } }, student);
  await must('patch /results', { json: { column: 'midterm-1', sub: studentId, base: null, value: '64' } });
  const asked = await arrive(tool, { ...visitor, browser: tutor.browser, claims: { ...visitor.claims, ...selecting } });
  const selection = formsOf(asked.page).flatMap(({ action }) => /\/place\/([\w-]+)$/.exec(action)?.[1] ?? [])[0] ?? '';
  const preview = await must('get /map/apply', {});
  const shown = /name="shown" value="([^"]+)"/.exec(preview.html)?.[1] ?? '';
  if ([slot, draft, selection, shown].includes(''))
    throw new Error(`Not all is there: ${slot} ${draft} ${selection} ${shown}`);
  const name = tool.lms.people.find(({ id }) => id === studentId)?.familyName ?? '';
  return {
    tutor,
    student,
    ids: { slot, draft, selection, student: studentId, origin: 'none', shown },
    markers: [tool.lms.courses.find(({ id }) => id === (visitor.course ?? '2'))?.title ?? '', name, 'secret'],
    async look() {
      const pages = [];
      for (const route of PAGES) pages.push(await ask(tutor, route, tutor.home));
      pages.push(await ask(student, 'get /consultations', student.home));
      return pages.map(({ status, html }) => `${status} ${stable(html)}`).join('\n');
    },
  };
}

/** The route with the ids of this course in it. */
export const filledWith = ({ slot, draft, selection, origin }: Ids, route: string): string =>
  route
    .replace(':slot', /publish|delete/.test(route) ? draft : slot)
    .replace(':selection', selection)
    .replace(/^get \/copied$/, `get /copied?from=${origin}`)
    .replace(/^get \/map\/changes$/, 'get /map/changes?since=0');
