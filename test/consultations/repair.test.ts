import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { createConsultations, type Consultations } from '../../src/consultations/index.js';
import { consultationModels } from '../../src/consultations/models.js';
import type { Claim, Slot } from '../../src/consultations/slot.js';
import { courseRef, type Course } from '../../src/launch/course.js';
import { testDatabase } from '../support/database.js';
import { addSlot, fresh, newCourse, NOW } from './consultation-app.js';

/** What a process that was killed between two writes leaves: written here by hand, as it would stand. */
let database: { connection: Connection; close(): Promise<void> };
let consultations: Consultations;
let models: ReturnType<typeof consultationModels>;
let course: Course;

beforeAll(async () => {
  database = await testDatabase();
  consultations = createConsultations(database.connection);
  await consultations.ready();
  models = consultationModels(database.connection);
});
afterAll(() => database.close());
beforeEach(() => {
  course = newCourse();
});

const LATER = new Date(NOW.getTime() + 31_000);
const key = (sub = 's1') => ({ ...courseRef(course), stage: 'midterm-1' as const, sub });
const trying = (slot: Slot, token = 'dying') => ({ slot: slot.id, token, at: NOW });

const writeClaim = (claim: Partial<Claim>) =>
  models.claims.findOneAndUpdate(
    key(),
    { $set: { slot: null, token: null, trying: null, ...claim } },
    { upsert: true },
  );
const writeSeat = (slot: Slot, token = 'dying', sub = 's1') =>
  models.slots.updateOne(
    { _id: slot.id },
    { $inc: { free: -1 }, $push: { bookings: { sub, name: '', at: NOW, token } } },
  );
const now = (slot: Slot) => fresh(consultations, course, slot.id);
const own = async (at = LATER) => (await consultations.own(course, 's1', at)).map(({ slot }) => slot);
const book = (slot: Slot, from?: Slot, at = LATER) =>
  consultations.book(course, { slot: slot.id, from: from?.id, sub: 's1', name: '' }, at);

test('died after the announcement: the claim is void and the student books again', async () => {
  const [wanted, other] = [await addSlot(consultations, course), await addSlot(consultations, course)];
  await writeClaim({ trying: trying(wanted) });
  expect(await own()).toEqual([]);
  expect(await models.claims.countDocuments(key())).toBe(0);
  await writeClaim({ trying: trying(wanted) });
  expect(await book(other)).toBe('booked');
  expect((await now(wanted)).free).toBe(8);
});

test('died after the seat was taken: the booking stands', async () => {
  const slot = await addSlot(consultations, course, { capacity: 1 });
  await writeClaim({ trying: trying(slot) });
  await writeSeat(slot);
  await consultations.board(course, LATER);
  expect(await own()).toEqual([slot.id]);
  expect((await now(slot)).free).toBe(0);
  expect(await book(slot)).toBe('booked');
  expect((await now(slot)).free).toBe(0);
});

test('one who presses again soon after the crash waits a moment, and has one seat', async () => {
  const slot = await addSlot(consultations, course);
  await writeClaim({ trying: trying(slot) });
  await writeSeat(slot);
  expect(await book(slot, undefined, NOW)).toBe('booked');
  expect((await now(slot)).bookings).toHaveLength(1);
});

test('what is younger than the lease is left to its own process', async () => {
  const slot = await addSlot(consultations, course);
  await writeClaim({ trying: trying(slot) });
  await consultations.board(course, NOW);
  expect((await models.claims.findOne(key()))?.trying?.token).toBe('dying');
});

test('died in a move after the new seat was taken: the move is finished and the old seat is free', async () => {
  const [old, next] = [await addSlot(consultations, course), await addSlot(consultations, course)];
  await book(old, undefined, NOW);
  await models.claims.updateOne(key(), { $set: { trying: trying(next) } });
  await writeSeat(next);
  await consultations.board(course, LATER);
  expect(await own()).toEqual([next.id]);
  expect((await now(old)).free).toBe(8);
  expect((await now(next)).free).toBe(7);
});

test('died in a move before the new seat was taken: the old seat stays', async () => {
  const [old, next] = [await addSlot(consultations, course), await addSlot(consultations, course)];
  await book(old, undefined, NOW);
  await models.claims.updateOne(key(), { $set: { trying: trying(next) } });
  expect(await own()).toEqual([old.id]);
  expect((await now(old)).free).toBe(7);
});

test('died in a move, and the new slot was cancelled: the old seat stays', async () => {
  const [old, next] = [await addSlot(consultations, course), await addSlot(consultations, course)];
  await book(old, undefined, NOW);
  await models.claims.updateOne(key(), { $set: { trying: trying(next) } });
  await writeSeat(next);
  await consultations.cancelSlot(course, next.id, 'tutor-1', NOW);
  await consultations.board(course, LATER);
  expect(await own()).toEqual([old.id]);
  expect((await now(old)).free).toBe(7);
});

test('died in a move, and the new slot is over: the old seat that is still ahead stays, the other is given back', async () => {
  const old = await addSlot(consultations, course, { start: '2026-10-20T09:00:00Z' });
  const next = await addSlot(consultations, course, { start: '2026-10-13T06:00:00Z' });
  await book(old, undefined, NOW);
  await models.claims.updateOne(key(), { $set: { trying: trying(next) } });
  await writeSeat(next);
  const after = new Date('2026-10-13T08:00:00Z');
  await consultations.board(course, after);
  expect(await own(after)).toEqual([old.id]);
  expect((await now(old)).free).toBe(7);
  expect((await now(next)).free).toBe(8);
});

test('died in a move from a slot that was cancelled: the new seat is taken', async () => {
  const [old, next] = [await addSlot(consultations, course), await addSlot(consultations, course)];
  await book(old, undefined, NOW);
  await models.claims.updateOne(key(), { $set: { trying: trying(next) } });
  await writeSeat(next);
  await consultations.cancelSlot(course, old.id, 'tutor-1', NOW);
  expect(await own()).toEqual([next.id]);
});

test('died before the old seat was given back: it is, once anyone looks', async () => {
  const [old, next] = [await addSlot(consultations, course), await addSlot(consultations, course)];
  await writeClaim({ slot: next.id, token: 'new' });
  await writeSeat(next, 'new');
  await writeSeat(old, 'old');
  const offers = await consultations.offers(course, LATER);
  expect(offers.map(({ free }) => free)).toEqual(expect.arrayContaining([8, 7]));
  expect((await now(old)).free).toBe(8);
  expect(await own()).toEqual([next.id]);
});

test('a seat of one’s own that no claim knows does not keep one out of that slot', async () => {
  const slot = await addSlot(consultations, course, { capacity: 1 });
  await writeSeat(slot, 'stray');
  expect(await book(slot)).toBe('booked');
  const after = await now(slot);
  expect([after.free, after.bookings.length]).toEqual([0, 1]);
  expect(after.bookings[0]?.token).not.toBe('stray');
});

test('a seat given back once is not given back again', async () => {
  const slot = await addSlot(consultations, course);
  await writeSeat(slot, 'stray');
  await Promise.all([
    consultations.board(course, LATER),
    consultations.board(course, LATER),
    consultations.board(course, LATER),
  ]);
  expect((await now(slot)).free).toBe(8);
});
