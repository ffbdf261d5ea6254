import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { LANGUAGES } from '../../src/web/i18n.js';
import { testDatabase } from '../support/database.js';
import { addSlot, asStudent, at, consultationApp, people } from './consultation-app.js';

let database: { connection: Connection; close(): Promise<void> };
let room: Awaited<ReturnType<typeof consultationApp>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  room = await consultationApp(database.connection, people(6));
});

const slot = (wish: Parameters<typeof addSlot>[2] = {}) => addSlot(room.consultations, room.course, wish);
const take = (id: string, ...subs: string[]) =>
  Promise.all(
    subs.map((sub) => room.consultations.book(room.course, { slot: id, sub, name: `Person ${sub}` }, room.clock.now)),
  );

const TUTOR_NOTICES = [
  'added',
  'published',
  'none-published',
  'saved',
  'closed',
  'slot-cancelled',
  'deleted',
  'not-a-draft',
  'too-many',
];
const STUDENT_NOTICES = ['booked', 'moved', 'cancelled', 'full', 'gone', 'already-booked', 'not-booked', 'too-late'];

/** A course in which every state of a slot occurs. */
async function everyState() {
  const over = await slot({ start: '2026-10-13T06:00:00Z', capacity: 2 });
  const running = await slot({ start: '2026-10-13T08:50:00Z', stage: 'exam', kind: 'zoom' });
  const full = await slot({ start: '2026-10-13T10:00:00Z', capacity: 1, kind: 'room', detail: '304' });
  const open = await slot({ start: '2026-10-14T10:00:00Z', kind: 'link' });
  const overlapping = await slot({ start: '2026-10-14T10:10:00Z', state: 'draft' });
  const cancelled = await slot({ start: '2026-10-15T10:00:00Z' });
  const past = await slot({ start: '2026-10-13T06:10:00Z', state: 'draft' });
  await take(over.id, 's1', 's2');
  await take(running.id, 's3');
  await take(full.id, 's3');
  await take(open.id, 's4', 's9', 's5', 's6');
  await take(cancelled.id, 's7');
  await room.consultations.cancelSlot(room.course, cancelled.id, 'tutor-1', room.clock.now);
  room.clock.now = at('2026-10-13T09:00:00Z');
  return { over, running, full, open, overlapping, cancelled, past };
}

describe.each(LANGUAGES)('in %s every page has its words', (language) => {
  test('with nothing in the course', async () => {
    for (const role of ['tutor', 'assistant', 'observer', 'student'] as const)
      for (const query of ['', '?stage=exam', '?add=1', '?stage=midterm-2&notice=free'])
        await room.get(`/consultations${query}`, { role, language }).expect(200);
  });

  test('with slots in every state, and after every act', async () => {
    const { open, overlapping } = await everyState();
    for (const role of ['tutor', 'observer'] as const)
      for (const stage of ['midterm-1', 'exam'])
        for (const query of ['', '&add=1', `&edit=${open.id}`, `&cancel=${open.id}`, `&edit=${overlapping.id}`])
          await room.get(`/consultations?stage=${stage}${query}`, { role, language }).expect(200);
    for (const notice of TUTOR_NOTICES)
      for (const count of [1, 5])
        await room.get(`/consultations?notice=${notice}&n=${count}`, { language }).expect(200);
    for (const sub of ['s1', 's3', 's4', 's7', 'nobody'])
      await room.get(`/consultations?cancel=${open.id}`, asStudent(sub, language)).expect(200);
    for (const sub of ['s4', 'nobody'])
      for (const notice of STUDENT_NOTICES)
        await room.get(`/consultations?notice=${notice}`, asStudent(sub, language)).expect(200);
  });

  test('with a form in which everything is wrong', async () => {
    const { id } = await slot();
    const wrong = {
      stage: 'midterm-1',
      key: 'k',
      date: '',
      time: '',
      minutes: '',
      capacity: '',
      count: '',
      break: '',
      revision: '1',
    };
    for (const path of ['', `/${id}`])
      for (const place of ['', 'room', 'zoom'])
        await room.post(`/consultations/slots${path}`, { ...wrong, place }, { language }).expect(400);
  });
});

test('the tutor sees the numbers, the names and the states', async () => {
  await everyState();
  const { text } = await room.get('/consultations').expect(200);
  const words = [
    'All times are Almaty time (UTC+5).',
    '6 of 6 booked',
    'Today, Tue 13 Oct',
    'Full, 2 of 2',
    '15:00–15:30',
    'Room: 304',
    'Tomorrow, Wed 14 Oct',
    '4 of 8 booked',
    'and 2 more',
    'Not published',
    'Overlaps with your Wed 14 Oct, 15:00 (Midterm 1)',
    'Cancelled',
    'Not published, its time has passed',
    'Everybody has a seat.',
    '1 booked person is not on the course list.',
  ];
  for (const word of words) expect(text).toContain(word);
  // They booked at the same moment, so either may stand first.
  expect(text).toMatch(/Student No 1, Student No 2|Student No 2, Student No 1/);
});

test('the tutor sees how many seats are missing, and who has none', async () => {
  const one = await slot({ capacity: 3 });
  await take(one.id, 's1', 's2');
  const { text } = await room.get('/consultations').expect(200);
  expect(text).toContain('2 of 6 booked');
  expect(text).toContain('3 seats short');
  expect(text).toContain('4 students have not booked. 1 more slot of 3 is enough.');
  expect(text).toContain('<li>Student No 6</li>');
  expect(text).not.toContain('<li>Student No 1</li>');
});

test('an observer is offered nothing to press', async () => {
  const { open } = await everyState();
  const { text } = await room.get(`/consultations?cancel=${open.id}&add=1`, { role: 'observer' }).expect(200);
  expect(text).toContain('4 of 8 booked');
  expect(text).not.toMatch(/action="[^"]*consultations/);
  expect(text).not.toContain('Add slots');
});

test('asking to cancel names the students first', async () => {
  const { open } = await everyState();
  const { text } = await room.get(`/consultations?cancel=${open.id}`).expect(200);
  expect(text).toContain('Cancel Wed 14 Oct, 15:00?');
  expect(text).toMatch(/4 students are booked: [^<]*Student No 4/);
});

test('a student sees full times without a button, and their own time at the top', async () => {
  const { open, full } = await everyState();
  const { text } = await room.get('/consultations', asStudent('s4')).expect(200);
  expect(text).toContain('Tomorrow, Wed 14 Oct, 15:00–15:30');
  expect(text).toContain('Midterm 1: other times');
  expect(text).toContain('All times are full now.');
  expect(text).not.toContain(`name="slot" value="${full.id}"`);
  expect(text).not.toContain(`name="from" value="${open.id}"`);
  const other = (await room.get('/consultations', asStudent('s8'))).text;
  expect(other).toContain('Midterm 1: free times');
  expect(other).toContain('4 seats left');
  expect(other).toContain(`name="slot" value="${open.id}"`);
});

test('one whose consultation is over reads so, and is not asked to book it again', async () => {
  await everyState();
  const { text } = await room.get('/consultations', asStudent('s1')).expect(200);
  expect(text).toContain('Over, Tue 13 Oct, 11:00');
  expect(text).not.toContain('Midterm 1: free times');
});

test('dates read as each language writes them', async () => {
  await slot();
  const { text } = await room.get('/consultations', { language: 'kk' });
  expect(text).toContain('Ертең, 14 қазан, сәрсенбі');
  expect(text).toContain('Барлық уақыт Алматы уақыты бойынша');
  expect((await room.get('/consultations', { language: 'ru' })).text).toContain('Завтра, ср, 14 октября');
});
