import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { createConsultations, type Consultations } from '../../src/consultations/index.js';
import type { Slot } from '../../src/consultations/slot.js';
import type { Course } from '../../src/launch/course.js';
import { testDatabase } from '../support/database.js';
import { addSlot, fresh, newCourse, NOW, people } from './consultation-app.js';

let database: { connection: Connection; close(): Promise<void> };
let consultations: Consultations;
let course: Course;

beforeAll(async () => {
  database = await testDatabase();
  consultations = createConsultations(database.connection);
  await consultations.ready();
});
afterAll(() => database.close());
beforeEach(() => {
  course = newCourse();
});

const book = (slot: Slot, sub: string, from?: Slot) =>
  consultations.book(course, { slot: slot.id, from: from?.id, sub, name: `Name of ${sub}` }, NOW);
const cancel = (slot: Slot, sub: string) => consultations.cancelBooking(course, { slot: slot.id, sub }, NOW);
const now = (slot: Slot) => fresh(consultations, course, slot.id);
const seated = async (slot: Slot) => (await now(slot)).bookings.map(({ sub }) => sub).sort();

/** Seats and claims agree: every seat is someone's, every claim has its seat, and the free seats add up. */
async function expectSound(): Promise<void> {
  const { slots, claims } = await consultations.board(course, NOW);
  for (const { bookings, capacity, free } of slots) expect(bookings.length + free).toBe(capacity);
  const seats = slots.flatMap(({ id, bookings }) => bookings.map(({ sub, token }) => `${id} ${sub} ${token}`)).sort();
  expect(claims.map(({ slot, sub, token }) => `${slot ?? ''} ${sub} ${token ?? ''}`).sort()).toEqual(seats);
  expect(claims.filter(({ trying }) => trying !== null)).toEqual([]);
}

test('of 60 students who race for 8 seats exactly 8 get one', async () => {
  const slot = await addSlot(consultations, course, { capacity: 8 });
  const outcomes = await Promise.all(people(60).map(({ sub }) => book(slot, sub)));
  expect(outcomes.filter((outcome) => outcome === 'booked')).toHaveLength(8);
  expect(outcomes.filter((outcome) => outcome === 'full')).toHaveLength(52);
  const after = await now(slot);
  expect(after.free).toBe(0);
  expect(new Set(after.bookings.map(({ sub }) => sub)).size).toBe(8);
  await expectSound();
});

test('of two who race for the last seat one gets it, every time', async () => {
  for (let round = 0; round < 10; round++) {
    const slot = await addSlot(consultations, course, { capacity: 1 });
    const outcomes = await Promise.all([book(slot, `a${round}`), book(slot, `b${round}`)]);
    expect(outcomes.sort()).toEqual(['booked', 'full']);
  }
  await expectSound();
});

test('a student who races with themselves on two slots of a stage has one booking', async () => {
  const slots = [await addSlot(consultations, course), await addSlot(consultations, course)] as const;
  for (let round = 0; round < 5; round++) {
    const sub = `twice-${round}`;
    const outcomes = await Promise.all(slots.map((slot) => book(slot, sub)));
    expect(outcomes.sort()).toEqual(['already-booked', 'booked']);
    expect(await consultations.own(course, sub, NOW)).toHaveLength(1);
  }
  await expectSound();
});

test('the same booking pressed six times at once takes one seat', async () => {
  const slot = await addSlot(consultations, course);
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => book(slot, 's1')));
  expect(new Set(outcomes)).toEqual(new Set(['booked']));
  expect((await now(slot)).free).toBe(7);
  await expectSound();
});

test('one student may hold a seat of each stage', async () => {
  for (const stage of ['midterm-1', 'midterm-2', 'exam'] as const)
    expect(await book(await addSlot(consultations, course, { stage }), 's1')).toBe('booked');
  expect((await consultations.own(course, 's1', NOW)).map(({ stage }) => stage).sort()).toEqual([
    'exam',
    'midterm-1',
    'midterm-2',
  ]);
});

test('a move gives the old seat back once the new one is sure', async () => {
  const [old, next] = [await addSlot(consultations, course), await addSlot(consultations, course)];
  await book(old, 's1');
  expect(await book(next, 's1', old)).toBe('moved');
  expect(await seated(old)).toEqual([]);
  expect(await seated(next)).toEqual(['s1']);
  expect(await book(next, 's1', old)).toBe('moved');
  await expectSound();
});

test('a move to a full slot keeps the old seat', async () => {
  const [old, full] = [await addSlot(consultations, course), await addSlot(consultations, course, { capacity: 1 })];
  await book(full, 'other');
  await book(old, 's1');
  expect(await book(full, 's1', old)).toBe('full');
  expect(await seated(old)).toEqual(['s1']);
  await expectSound();
});

test('ten students who swap between two slots at once all keep exactly one seat', async () => {
  const [one, two] = [
    await addSlot(consultations, course, { capacity: 6 }),
    await addSlot(consultations, course, { capacity: 6 }),
  ];
  const subs = people(10).map(({ sub }) => sub);
  await Promise.all(subs.map((sub, index) => book(index % 2 ? one : two, sub)));
  const outcomes = await Promise.all(subs.map((sub, index) => (index % 2 ? book(two, sub, one) : book(one, sub, two))));
  expect(outcomes.every((outcome) => outcome === 'moved' || outcome === 'full')).toBe(true);
  expect([...(await seated(one)), ...(await seated(two))].sort()).toEqual([...subs].sort());
  await expectSound();
});

test('one who holds a seat and did not ask to leave it is told so', async () => {
  const [old, next, third] = [
    await addSlot(consultations, course),
    await addSlot(consultations, course),
    await addSlot(consultations, course),
  ];
  await book(old, 's1');
  expect(await book(next, 's1')).toBe('already-booked');
  expect(await book(next, 's1', third)).toBe('already-booked');
  await expectSound();
});

test('a booking and its cancellation at once leave either a seat or none, never half of one', async () => {
  const slot = await addSlot(consultations, course, { capacity: 1 });
  for (let round = 0; round < 8; round++) {
    const [booked, cancelled] = await Promise.all([book(slot, 's1'), cancel(slot, 's1')]);
    expect(booked).toBe('booked');
    expect(['cancelled', 'not-booked']).toContain(cancelled);
    expect((await now(slot)).free).toBe(cancelled === 'cancelled' ? 1 : 0);
    await expectSound();
    await cancel(slot, 's1');
  }
});

test('a seat that is given back goes to one of those who wait for it', async () => {
  const slot = await addSlot(consultations, course, { capacity: 1 });
  await book(slot, 's1');
  const outcomes = await Promise.all([cancel(slot, 's1'), ...['a', 'b', 'c'].map((sub) => book(slot, sub))]);
  expect(outcomes[0]).toBe('cancelled');
  expect(outcomes.filter((outcome) => outcome === 'booked').length).toBeLessThanOrEqual(1);
  await expectSound();
});

test('a cancellation pressed twice at once gives one seat back', async () => {
  const slot = await addSlot(consultations, course);
  await Promise.all([book(slot, 's1'), book(slot, 's2')]);
  expect((await Promise.all([cancel(slot, 's1'), cancel(slot, 's1')])).sort()).toEqual(['cancelled', 'not-booked']);
  expect((await now(slot)).free).toBe(7);
  await expectSound();
});

test('capacity that shrinks while students book never falls below the seats taken', async () => {
  for (let round = 0; round < 5; round++) {
    const slot = await addSlot(consultations, course, { capacity: 10 });
    const { startsAt, endsAt, place } = slot;
    const edit = { startsAt, endsAt, place, zone: 'Asia/Almaty', capacity: 4, revision: 1 };
    const [saved, ...outcomes] = await Promise.all([
      consultations.editSlot(course, slot.id, edit, 'tutor-1', NOW),
      ...people(8).map(({ sub }) => book(slot, `${sub}-${round}`)),
    ]);
    const after = await now(slot);
    const taken = outcomes.filter((outcome) => outcome === 'booked').length;
    expect(after.bookings).toHaveLength(taken);
    expect(after.capacity).toBe(saved.kind === 'saved' ? 4 : 10);
    expect(after.free).toBe(after.capacity - taken);
    await consultations.cancelSlot(course, slot.id, 'tutor-1', NOW);
    await Promise.all(people(8).map(({ sub }) => cancel(slot, `${sub}-${round}`)));
  }
});

test('whoever books while the tutor cancels is either affected or refused', async () => {
  const slot = await addSlot(consultations, course, { capacity: 10 });
  const [cancelled, ...outcomes] = await Promise.all([
    consultations.cancelSlot(course, slot.id, 'tutor-1', NOW),
    ...people(10).map(({ sub }) => book(slot, sub)),
  ]);
  const affected = 'affected' in cancelled ? cancelled.affected.map(({ sub }) => sub) : [];
  for (const [index, { sub }] of people(10).entries())
    expect(outcomes[index]).toBe(affected.includes(sub) ? 'booked' : 'gone');
  const next = await addSlot(consultations, course, { capacity: 10 });
  expect(await Promise.all(people(10).map(({ sub }) => book(next, sub)))).toEqual(people(10).map(() => 'booked'));
});

test('the same id in another course leads nowhere', async () => {
  const slot = await addSlot(consultations, course);
  const other = newCourse();
  expect(await consultations.book(other, { slot: slot.id, sub: 's1', name: '' }, NOW)).toBe('no-such-slot');
  expect(await consultations.cancelBooking(other, { slot: slot.id, sub: 's1' }, NOW)).toBe('no-such-slot');
  expect(await consultations.deleteDraft(other, slot.id)).toBe('no-such-slot');
  expect(await consultations.cancelSlot(other, slot.id, 'tutor-1', NOW)).toEqual({ kind: 'no-such-slot' });
  expect(await consultations.publish(other, { id: slot.id }, 'tutor-1', NOW)).toBe(0);
  expect((await now(slot)).state).toBe('published');
});

test('drafts cannot be booked, nor what has begun', async () => {
  const draft = await addSlot(consultations, course, { state: 'draft' });
  const begun = await addSlot(consultations, course, { start: '2026-10-13T05:30:00Z' });
  expect(await book(draft, 's1')).toBe('no-such-slot');
  expect(await book(begun, 's1')).toBe('gone');
});
