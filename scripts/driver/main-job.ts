import { DateTime } from 'luxon';
import type { DemoLms } from '../demo-lms/index.js';
import { createBrowser, formsOf, submit, textOf, type Browser, type Page } from './browser.js';
import { launch } from './launch.js';

/** The main job as a browser does it: the pages' own forms and the requests of their scripts. */

const TOPICS = 15;
/** This is the seventh week. */
const SEMESTER_START = DateTime.now().setZone('Asia/Almaty').startOf('week').minus({ weeks: 6 }).toISODate() ?? '';

const origin = (url: string) => ({ Origin: new URL(url).origin });
const csrfOf = (page: Page) => /name="csrf" content="([^"]+)"/.exec(page.html)?.[1] ?? '';

function sure(page: Page, what: string): Page {
  if (page.status !== 200) throw new Error(`${what} answered ${page.status}: ${textOf(page).slice(0, 400)}`);
  return page;
}

async function sendJson(
  browser: Browser,
  page: Page,
  method: 'POST' | 'PATCH',
  url: string,
  body: unknown,
): Promise<Page> {
  return browser.json(method, url, body, { 'X-CSRF-Token': csrfOf(page), ...origin(url) });
}

const revisionOf = (page: Page) => Number(/data-revision="(\d+)"/.exec(page.html)?.[1] ?? 0);

/** Starts the map from the template and fills what the main job needs, a field at a time as the editor saves it. */
export async function buildMap(
  browser: Browser,
  home: string,
  { semesterStart = SEMESTER_START } = {},
): Promise<{ topics: number; moocs: number }> {
  await submit(browser, await browser.get(`${home}/map`), '/map/start');
  const page = sure(await browser.get(`${home}/map`), 'The map');
  if (!page.html.includes('Hotel business management')) throw new Error('Section 1 does not know the discipline');
  const since = revisionOf(page);
  const added = await sendJson(browser, page, 'POST', `${home}/map/act`, { since, act: { do: 'add-mooc', id: 'm2' } });
  sure(added, 'Adding a MOOC');
  const values: Record<string, string> = {
    'head.semester': 'Autumn 2026',
    ...(semesterStart === '' ? {} : { 'head.semesterStart': semesterStart }),
    'head.form': 'full-time',
    'head.level': 'bachelor',
    'head.language': 'en',
    'head.attestation': 'exam',
    'head.hours': '150',
    'head.credits': '5',
    'head.model': '2',
    'moocs.m1.title': 'Hotel Management: Distribution, Revenue and Demand',
    'moocs.m1.link': 'https://www.coursera.org/specializations/hotel-management',
    'moocs.m1.match': '80',
    'moocs.m2.title': 'Қонақжайлылық негіздері',
    'moocs.m2.link': 'https://openu.kz/kz/courses/hospitality',
    'moocs.m2.match': '60',
    ...Object.fromEntries(Array.from({ length: TOPICS }, (_, n) => [`rows.l${n + 1}.topic`, `Topic ${n + 1}`])),
    ...Object.fromEntries(Array.from({ length: TOPICS }, (_, n) => [`rows.l${n + 1}.delivery`, 'asynchronous'])),
  };
  const shown = sure(await browser.get(`${home}/map`), 'The map');
  for (const [path, value] of Object.entries(values)) {
    const body = { since: revisionOf(shown), changes: [{ path, base: '', value }] };
    const saved = await sendJson(browser, shown, 'PATCH', `${home}/map`, body);
    if (saved.status !== 200) throw new Error(`${path} was not saved: ${saved.status} ${saved.html.slice(0, 300)}`);
  }
  const again = sure(await browser.get(`${home}/map`), 'The map after a reload');
  const lost = Object.values(values).filter((value) => !again.html.includes(value));
  if (lost.length > 0) throw new Error(`After a reload the map lost: ${lost.join(', ')}`);
  return { topics: TOPICS, moocs: 2 };
}

/** Looks at what the plan asks of the course, and applies it; gives what the page says then. */
export async function applyPlan(browser: Browser, home: string): Promise<string> {
  const preview = sure(await browser.get(`${home}/map/apply`), 'The preview');
  return textOf(sure(await submit(browser, preview, '/map/apply'), 'Applying the plan'));
}

export interface SlotWish {
  readonly capacity: number;
  readonly howMany: number;
  readonly link?: string;
}

/** Publishes times for the midterm 1 consultation, the day after tomorrow, in Teams. */
export async function publishSlots(browser: Browser, home: string, wish: SlotWish): Promise<Page> {
  const page = sure(await browser.get(`${home}/consultations?stage=midterm-1&add=1`), 'The consultations');
  const day = DateTime.now().setZone('Asia/Almaty').plus({ days: 2 }).toISODate() ?? '';
  const published = await submit(browser, page, '/consultations/slots', {
    date: day,
    time: '14:00',
    minutes: '30',
    capacity: String(wish.capacity),
    count: String(wish.howMany),
    break: '10',
    place: 'teams',
    link: wish.link ?? 'https://teams.microsoft.com/l/meetup-join/19%3ademo',
    state: 'published',
  });
  return sure(published, 'Publishing times');
}

export interface Booked {
  readonly outcome: string;
  readonly slot: string;
  /** The text of the weekly plan that the student sees. */
  readonly plan: string;
}

/** A student opens the tool and books the first free time, or the one that is named. */
export async function bookFirstSlot(lms: DemoLms, personId: string, courseId: string, slot?: string): Promise<Booked> {
  const browser = createBrowser();
  const home = (await launch(lms, personId, courseId, browser)).url.replace(/\/$/, '');
  await browser.get(`${home}/?lang=en`);
  const plan = textOf(sure(await browser.get(`${home}/plan`), 'The plan'));
  const page = sure(await browser.get(`${home}/consultations`), 'The times');
  const offered = formsOf(page).find(({ action }) => action.endsWith('/consultations/bookings'))?.fields['slot'];
  const wanted = slot ?? offered ?? '';
  const form = { _csrf: csrfOf(page), slot: wanted };
  const answer = await browser.post(`${home}/consultations/bookings`, form, origin(home));
  return { outcome: new URL(answer.url).searchParams.get('notice') ?? `status ${answer.status}`, slot: wanted, plan };
}

/** Enters midterm 1 marks, one request a cell, as the grid saves them. */
export async function enterMarks(browser: Browser, home: string, marks: ReadonlyMap<string, number>): Promise<void> {
  const page = sure(await browser.get(`${home}/results`), 'The results');
  for (const [sub, mark] of marks) {
    const body = { column: 'midterm-1', sub, base: '', value: String(mark) };
    const saved = await sendJson(browser, page, 'PATCH', `${home}/results`, body);
    if (saved.status !== 200)
      throw new Error(`The mark of ${sub} was not saved: ${saved.status} ${saved.html.slice(0, 300)}`);
  }
}

/** Looks at what would be sent, and sends it. */
export async function sendMarks(browser: Browser, home: string): Promise<Page> {
  const page = sure(await browser.get(`${home}/results`), 'The results');
  return sure(await submit(browser, page, '/results/send'), 'Sending');
}
