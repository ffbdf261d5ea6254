import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import type { Role } from '../../src/launch/permissions.js';
import { testDatabase } from '../support/database.js';
import { addSlot, asStudent, at, consultationApp, fresh, newCourse, NOW, SECRET_LINK } from './consultation-app.js';

let database: { connection: Connection; close(): Promise<void> };
let room: Awaited<ReturnType<typeof consultationApp>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  room = await consultationApp(database.connection);
});

const FORM = {
  stage: 'midterm-1',
  key: 'form-key-1',
  date: '2026-10-15',
  time: '09:00',
  minutes: '30',
  capacity: '8',
  count: '3',
  break: '10',
  place: 'teams',
  link: SECRET_LINK,
  room: '',
  state: 'draft',
};
const add = (fields: Partial<typeof FORM> & { overlap?: string } = {}, role: Role = 'tutor') =>
  room.post('/consultations/slots', { ...FORM, ...fields }, { role });
const edit = (id: string, fields: Record<string, string> = {}, role: Role = 'tutor') =>
  room.post(`/consultations/slots/${id}`, { ...FORM, revision: '1', ...fields }, { role });
const act = (id: string, what: string, role: Role = 'tutor') =>
  room.post(`/consultations/slots/${id}/${what}`, {}, { role });
const book = (slot: string, sub: string, from?: string) =>
  room.post('/consultations/bookings', { slot, ...(from === undefined ? {} : { from }) }, asStudent(sub));
const slots = async () => (await room.consultations.board(room.course, room.clock.now)).slots;
const slot = (wish: Parameters<typeof addSlot>[2] = {}) => addSlot(room.consultations, room.course, wish);
const now = (id: string) => fresh(room.consultations, room.course, id);
const noticeOf = (location: string | undefined) => new URLSearchParams(location?.split('?')[1]).get('notice');

describe('who may do what', () => {
  const WRITES = (id: string): [string, Record<string, string>][] => [
    ['/consultations/slots', FORM],
    ['/consultations/publish', { stage: 'midterm-1' }],
    [`/consultations/slots/${id}`, { ...FORM, revision: '1' }],
    [`/consultations/slots/${id}/publish`, {}],
    [`/consultations/slots/${id}/cancel`, {}],
    [`/consultations/slots/${id}/delete`, {}],
  ];

  test.each(['student', 'observer'] as const)(
    'a %s cannot make, change, publish, cancel or delete slots',
    async (role) => {
      const before = await slot({ state: 'draft' });
      for (const [path, fields] of WRITES(before.id)) await room.post(path, fields, { role }).expect(403);
      expect(await slots()).toEqual([before]);
    },
  );

  test('an assistant does what a tutor does', async () => {
    await add({}, 'assistant').expect(303);
    const [first] = await slots();
    await act(first?.id ?? '', 'publish', 'assistant').expect(303);
    expect((await now(first?.id ?? '')).state).toBe('published');
  });

  test.each(['tutor', 'assistant', 'observer'] as const)('a %s cannot book', async (role) => {
    const { id } = await slot();
    await room.post('/consultations/bookings', { slot: id }, { role }).expect(403);
    await room.post('/consultations/bookings/cancel', { slot: id }, { role }).expect(403);
    expect((await now(id)).bookings).toEqual([]);
  });

  test('slots of another course do not exist here', async () => {
    const { id } = await addSlot(room.consultations, newCourse());
    for (const [path, fields] of WRITES(id).slice(2)) await room.post(path, fields).expect(404);
    await book(id, 's1').expect(404);
    await room.post('/consultations/bookings/cancel', { slot: id }, asStudent('s1')).expect(404);
  });

  test('a draft does not exist for students', async () => {
    const { id } = await slot({ state: 'draft' });
    await book(id, 's1').expect(404);
    await room.post('/consultations/bookings/cancel', { slot: id }, asStudent('s1')).expect(404);
  });

  test('a form without the token of the session is refused', async () => {
    const { id } = await slot();
    await room.post('/consultations/bookings', { slot: id, _csrf: 'another' }, asStudent('s1')).expect(409);
    expect((await now(id)).free).toBe(8);
  });

  test('a student cannot cancel another student’s booking', async () => {
    const { id } = await slot();
    await book(id, 's1').expect(303);
    const answer = await room.post('/consultations/bookings/cancel', { slot: id }, asStudent('s2')).expect(303);
    expect(noticeOf(answer.headers['location'])).toBe('not-booked');
    expect((await now(id)).bookings.map(({ sub }) => sub)).toEqual(['s1']);
  });

  test('a student sees neither who else is booked nor the link of a slot that is not theirs', async () => {
    const one = await slot();
    await slot({ start: '2026-10-14T10:00:00Z', detail: 'https://zoom.us/j/other-meeting', kind: 'zoom' });
    await book(one.id, 's2').expect(303);
    const before = (await room.get('/consultations', asStudent('s1'))).text;
    for (const hidden of ['Person s2', 'Student No 2', 's2', 'secret-meeting', 'other-meeting'])
      expect(before).not.toContain(hidden);
    await book(one.id, 's1').expect(303);
    const after = (await room.get('/consultations', asStudent('s1'))).text;
    expect(after).toContain(`href="${SECRET_LINK}"`);
    for (const hidden of ['Person s2', 'Student No 2', 'other-meeting']) expect(after).not.toContain(hidden);
  });
});

describe('adding slots', () => {
  test('makes them one after another, in Almaty’s time', async () => {
    const answer = await add().expect(303);
    expect(answer.headers['location']).toBe(`/c/${room.course.id}/consultations?stage=midterm-1&notice=added&n=3`);
    expect((await slots()).map(({ startsAt, endsAt }) => [startsAt.toISOString(), endsAt.toISOString()])).toEqual([
      ['2026-10-15T04:00:00.000Z', '2026-10-15T04:30:00.000Z'],
      ['2026-10-15T04:40:00.000Z', '2026-10-15T05:10:00.000Z'],
      ['2026-10-15T05:20:00.000Z', '2026-10-15T05:50:00.000Z'],
    ]);
    const [first] = await slots();
    expect(first).toMatchObject({
      state: 'draft',
      capacity: 8,
      free: 8,
      zone: 'Asia/Almaty',
      host: { sub: 'tutor-1' },
    });
  });

  test('Almaty kept UTC+6 until 1 March 2024', async () => {
    room.clock.now = at('2024-02-01T00:00:00Z');
    await add({ date: '2024-02-15', count: '1' }).expect(303);
    await add({ date: '2024-03-15', count: '1' }).expect(303);
    expect((await slots()).map(({ startsAt }) => startsAt.toISOString())).toEqual([
      '2024-02-15T03:00:00.000Z',
      '2024-03-15T04:00:00.000Z',
    ]);
  });

  test('a form that is sent twice, even at once, adds its slots once', async () => {
    const answers = await Promise.all([add(), add(), add()]);
    for (const { status, headers } of answers)
      expect([status, String(headers['location']).slice(-3)]).toEqual([303, 'n=3']);
    expect(await slots()).toHaveLength(3);
    await add({ time: '15:00' }).expect(303);
    expect(await slots()).toHaveLength(6);
  });

  test.each([
    ['a time that has passed', { date: '2026-10-13', time: '10:40' }, 'This time has passed.'],
    ['a year too far', { date: '2062-10-15' }, 'This is more than a year away. Check the year.'],
    ['no date', { date: '' }, 'Give a date.'],
    ['a date that does not exist', { date: '2026-02-30' }, 'Give a date.'],
    ['no time', { time: '' }, 'Give a time, for example 14:00.'],
    ['a plain http link', { link: 'http://teams.microsoft.com/l/x' }, 'Start the link with https://'],
    ['a link that is a script', { link: 'javascript:alert(1)' }, 'Start the link with https://'],
    ['a link with a password', { link: 'https://me:secret@zoom.us/j/1' }, 'Start the link with https://'],
    ['no link', { link: '' }, 'Start the link with https://'],
    ['no room', { place: 'room' }, 'Name the room.'],
    ['an unknown place', { place: 'moon' }, 'Choose where.'],
    ['no seats', { capacity: '0' }, 'Give 1 to 300 seats.'],
    ['minutes in words', { minutes: 'half an hour' }, 'Give 5 to 240 minutes.'],
    ['thirteen in a row', { count: '13' }, 'Give 1 to 12 slots.'],
    ['a negative break', { break: '-5' }, 'Give 0 to 120 minutes.'],
  ])('%s is refused, and what was typed stays', async (_what, fields, message) => {
    const typed = { capacity: '17', ...fields };
    const { text } = await add(typed).expect(400);
    expect(text).toContain(message.replaceAll('=', '&#x3D;'));
    expect(text).toContain('Not saved. Please mend the marked fields.');
    expect(text).toContain('aria-invalid="true"');
    for (const value of Object.values(typed).filter((one) => one !== '' && one !== 'moon' && one !== 'room'))
      expect(text).toContain(`value="${value.replaceAll('=', '&#x3D;')}"`);
    expect(text).toContain('value="form-key-1"');
    expect(await slots()).toEqual([]);
  });

  test('several mistakes are said at once', async () => {
    const { text } = await add({ minutes: '1', capacity: '999', link: 'x' }).expect(400);
    expect(text.match(/aria-invalid="true"/g)).toHaveLength(3);
  });

  test('one who runs into their own slots is asked first; the second press takes it', async () => {
    await slot({ start: '2026-10-15T04:10:00Z', stage: 'exam' });
    const { text } = await add().expect(409);
    expect(text).toContain('These times run into your own slots:');
    expect(text).toContain('Thu 15 Oct, 09:10 (Exam)');
    expect(text).toContain('name="overlap" value="accepted"');
    expect(await slots()).toHaveLength(1);
    await add({ overlap: 'accepted' }).expect(303);
    expect(await slots()).toHaveLength(4);
  });

  test('hostile text stays text', async () => {
    await add({ place: 'room', room: '"><script>alert(1)</script>', state: 'published', count: '1' }).expect(303);
    for (const who of [{}, asStudent('s1')]) {
      const { text } = await room.get('/consultations', who).expect(200);
      expect(text).not.toContain('<script>alert');
      expect(text).toContain('&lt;script&gt;alert(1)');
    }
  });
});

describe('changing slots', () => {
  test('moves time, place and seats, and keeps who is booked', async () => {
    const { id } = await slot();
    await book(id, 's1');
    const answer = await edit(id, { time: '12:00', place: 'room', room: '304', capacity: '2' }).expect(303);
    expect(noticeOf(answer.headers['location'])).toBe('saved');
    expect(await now(id)).toMatchObject({
      startsAt: at('2026-10-15T07:00:00Z'),
      place: { kind: 'room', detail: '304' },
      capacity: 2,
      free: 1,
      revision: 2,
    });
    expect((await room.get('/consultations', asStudent('s1'))).text).toContain('Thu 15 Oct, 12:00–12:30');
  });

  test('there cannot be fewer seats than students', async () => {
    const { id } = await slot();
    await book(id, 's1');
    await book(id, 's2');
    const { text } = await edit(id, { capacity: '1' }).expect(409);
    expect(text).toContain('2 students are booked; there cannot be fewer seats.');
    expect((await now(id)).capacity).toBe(8);
  });

  test('what somebody else changed meanwhile is shown, and saved over only when asked again', async () => {
    const { id } = await slot();
    await edit(id, { capacity: '5' }).expect(303);
    await edit(id, { capacity: '5' }).expect(303);
    const { text } = await edit(id, { capacity: '6' }).expect(409);
    expect(text).toContain('Somebody changed this slot while you did.');
    expect(text).toContain('5 seats');
    expect(text).toContain('name="revision" value="2"');
    expect(text).toContain('name="capacity" type="text" value="6"');
    await edit(id, { capacity: '6', revision: '2' }).expect(303);
    expect((await now(id)).capacity).toBe(6);
  });

  test('a mistake keeps what was typed', async () => {
    const { id } = await slot();
    const { text } = await edit(id, { link: 'http://x.kz', capacity: '21' }).expect(400);
    expect(text).toContain('Start the link with https://');
    expect(text).toContain('value="21"');
  });

  test('what has begun or was cancelled stays as it is', async () => {
    const begun = await slot({ start: '2026-10-13T05:30:00Z' });
    const cancelled = await slot();
    await act(cancelled.id, 'cancel');
    for (const { id } of [begun, cancelled])
      expect(noticeOf((await edit(id).expect(303)).headers['location'])).toBe('closed');
    expect(noticeOf((await act(begun.id, 'cancel').expect(303)).headers['location'])).toBe('closed');
  });
});

describe('publishing, deleting and cancelling', () => {
  test('publishes the drafts of one stage that are still to come; again changes nothing', async () => {
    const [one, past, exam] = [
      await slot({ state: 'draft' }),
      await slot({ state: 'draft', start: '2026-10-13T05:00:00Z' }),
      await slot({ state: 'draft', stage: 'exam' }),
    ];
    const first = await room.post('/consultations/publish', { stage: 'midterm-1' }).expect(303);
    expect(first.headers['location']).toMatch(/notice=published&n=1$/);
    const second = await room.post('/consultations/publish', { stage: 'midterm-1' }).expect(303);
    expect(noticeOf(second.headers['location'])).toBe('none-published');
    expect([await now(one.id), await now(past.id), await now(exam.id)].map(({ state }) => state)).toEqual([
      'published',
      'draft',
      'draft',
    ]);
  });

  test('publishing one twice says the same twice', async () => {
    const { id } = await slot({ state: 'draft' });
    for (const _ of [1, 2])
      expect(noticeOf((await act(id, 'publish').expect(303)).headers['location'])).toBe('published');
    await act(id, 'cancel');
    expect(noticeOf((await act(id, 'publish').expect(303)).headers['location'])).toBe('none-published');
    expect((await now(id)).state).toBe('cancelled');
  });

  test('cancelling tells how many were booked, twice the same', async () => {
    const { id } = await slot();
    await book(id, 's1');
    await book(id, 's2');
    for (const _ of [1, 2])
      expect((await act(id, 'cancel').expect(303)).headers['location']).toMatch(/notice=slot-cancelled&n=2$/);
    const { text } = await room.get('/consultations', asStudent('s1'));
    expect(text).toContain('Cancelled by the tutor');
    expect(text).not.toContain('secret-meeting');
  });

  test('one whose slot was cancelled books another', async () => {
    const [one, two] = [await slot(), await slot({ start: '2026-10-14T11:00:00Z' })];
    await book(one.id, 's1');
    await act(one.id, 'cancel');
    expect(noticeOf((await book(two.id, 's1').expect(303)).headers['location'])).toBe('booked');
    expect((await room.consultations.own(room.course, 's1', NOW)).map(({ slot: id }) => id)).toEqual([two.id]);
  });

  test('a draft is deleted, a second press finds nothing; what students saw cannot be deleted', async () => {
    const draft = await slot({ state: 'draft' });
    expect(noticeOf((await act(draft.id, 'delete').expect(303)).headers['location'])).toBe('deleted');
    await act(draft.id, 'delete').expect(404);
    const { id } = await slot();
    expect(noticeOf((await act(id, 'delete').expect(303)).headers['location'])).toBe('not-a-draft');
    expect((await slots()).map((one) => one.id)).toEqual([id]);
  });
});

describe('booking', () => {
  test('books, moves and cancels, and says so', async () => {
    const [one, two] = [await slot(), await slot({ start: '2026-10-14T11:00:00Z' })];
    const seeNotice = async (location: string | undefined) =>
      (await room.get(String(location).replace(`/c/${room.course.id}`, ''), asStudent('s1')).expect(200)).text;
    const booked = await seeNotice((await book(one.id, 's1').expect(303)).headers['location']);
    expect(booked).toContain('<b>Booked.</b> Midterm 1: Wed 14 Oct, 14:00.');
    const moved = await seeNotice((await book(two.id, 's1', one.id).expect(303)).headers['location']);
    expect(moved).toContain('<b>Moved.</b> Midterm 1: Wed 14 Oct, 16:00. Your earlier seat is free for others.');
    const asked = await room.get(`/consultations?cancel=${two.id}`, asStudent('s1'));
    expect(asked.text).toContain('Give your seat back?');
    const gone = await room.post('/consultations/bookings/cancel', { slot: two.id }, asStudent('s1')).expect(303);
    expect(await seeNotice(gone.headers['location'])).toContain('Your booking is cancelled.');
    expect((await slots()).map(({ free }) => free)).toEqual([8, 8]);
  });

  test('the last seat gone, the student keeps what they have and hears what is free', async () => {
    const [one, full] = [await slot(), await slot({ capacity: 1, start: '2026-10-14T11:00:00Z' })];
    await book(full.id, 's2');
    const none = await book(full.id, 's1').expect(303);
    expect(noticeOf(none.headers['location'])).toBe('full');
    const text = (path: string) => room.get(path, asStudent('s1')).then((answer) => answer.text);
    const path = '/consultations?stage=midterm-1&notice=full';
    expect(await text(path)).toContain('<b>That seat was just taken.</b> 1 more time is free.');
    await book(one.id, 's1');
    expect(noticeOf((await book(full.id, 's1', one.id)).headers['location'])).toBe('full');
    expect(await text(path)).toContain('You still have Wed 14 Oct, 14:00. No other time is free now.');
  });

  test('a notice that nothing bears out is not shown', async () => {
    const { text } = await room.get('/consultations?notice=booked', asStudent('s1'));
    expect(text).not.toContain('Booked.');
    await room.get('/consultations?notice=__proto__&stage=x&edit=%00&n=zz').expect(200);
    await room.get('/consultations?notice=constructor', asStudent('s1')).expect(200);
  });

  test('what has begun can be joined, not cancelled', async () => {
    const { id } = await slot();
    await book(id, 's1');
    room.clock.now = at('2026-10-14T09:10:00Z');
    const { text } = await room.get('/consultations', asStudent('s1'));
    expect(text).toContain(`href="${SECRET_LINK}"`);
    const answer = await room.post('/consultations/bookings/cancel', { slot: id }, asStudent('s1')).expect(303);
    expect(noticeOf(answer.headers['location'])).toBe('too-late');
    expect((await now(id)).free).toBe(7);
  });
});
