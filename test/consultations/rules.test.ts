import { describe, expect, test } from '@jest/globals';
import {
  clashesOf,
  coverageOf,
  faultsOf,
  nextOf,
  offersOf,
  ownOf,
  phaseOf,
  slotsInRow,
  usualCapacity,
} from '../../src/consultations/rules.js';
import type { Slot } from '../../src/consultations/slot.js';
import { momentFrom } from '../../src/consultations/times.js';
import { at, NOW, people, SECRET_LINK } from './consultation-app.js';

const slot = (wish: Partial<Slot> & { seats?: readonly string[] } = {}): Slot => {
  const { seats = [], capacity = 8, ...rest } = wish;
  return {
    id: 'x',
    stage: 'midterm-1',
    startsAt: at('2026-10-14T09:00:00Z'),
    endsAt: at('2026-10-14T09:30:00Z'),
    zone: 'Asia/Almaty',
    place: { kind: 'teams', detail: SECRET_LINK },
    capacity,
    free: capacity - seats.length,
    bookings: seats.map((sub) => ({ sub, name: '', at: NOW, token: `token-${sub}` })),
    state: 'published',
    host: { sub: 'tutor-1', name: '' },
    revision: 1,
    made: 'form#1',
    ...rest,
  };
};

describe('the phase of a slot', () => {
  test.each([
    ['2026-10-14T08:59:59Z', 'open'],
    ['2026-10-14T09:00:00Z', 'running'],
    ['2026-10-14T09:29:59Z', 'running'],
    ['2026-10-14T09:30:00Z', 'over'],
  ])('at %s it is %s', (moment, phase) => {
    expect(phaseOf(slot(), at(moment))).toBe(phase);
  });

  test('drafts and cancelled slots stay what they are', () => {
    for (const state of ['draft', 'cancelled'] as const)
      expect(phaseOf(slot({ state }), at('2027-01-01T00:00:00Z'))).toBe(state);
  });
});

test('slots in a row leave the break between them', () => {
  const row = slotsInRow({ startsAt: at('2026-10-14T09:00:00Z'), minutes: 30, count: 3, breakMinutes: 10 });
  expect(row.map(({ startsAt }) => startsAt.toISOString().slice(11, 16))).toEqual(['09:00', '09:40', '10:20']);
});

describe('overlaps', () => {
  const time = (start: string, end: string) => ({
    startsAt: at(`2026-10-14T${start}:00Z`),
    endsAt: at(`2026-10-14T${end}:00Z`),
  });
  test.each([
    ['one that ends when the other begins', '08:30', '09:00', 0],
    ['one that begins when the other ends', '09:30', '10:00', 0],
    ['one inside the other', '09:10', '09:20', 1],
    ['one round the other', '08:00', '10:00', 1],
    ['one that ends inside the other', '08:45', '09:01', 1],
  ])('%s: %s to %s', (_what, start, end, count) => {
    expect(clashesOf([time(start, end)], [slot()], 'tutor-1')).toHaveLength(count);
  });

  test('another tutor’s slots, cancelled ones and the slot itself are in nobody’s way', () => {
    const same = [time('09:00', '09:30')];
    expect(clashesOf(same, [slot()], 'tutor-2')).toEqual([]);
    expect(clashesOf(same, [slot({ state: 'cancelled' })], 'tutor-1')).toEqual([]);
    expect(clashesOf(same, [slot()], 'tutor-1', 'x')).toEqual([]);
  });
});

describe('coverage', () => {
  const students = people(10);
  test('counts students of the list who have a seat, and the seats that can still be had', () => {
    const slots = [
      slot({ seats: ['s1', 's2', 'guest'], capacity: 4 }),
      slot({ startsAt: at('2026-10-13T04:00:00Z'), endsAt: at('2026-10-13T04:30:00Z'), seats: ['s3'], capacity: 4 }),
      slot({ state: 'cancelled', seats: ['s4'] }),
      slot({ state: 'draft', capacity: 5 }),
    ];
    expect(coverageOf(slots, students, NOW)[0]).toEqual({
      stage: 'midterm-1',
      students: 10,
      slots: 2,
      seats: 8,
      booked: 3,
      taken: 4,
      freeSeats: 1,
      missingSeats: 6,
      drafts: 1,
      draftSeats: 5,
    });
  });

  test('an empty course misses nothing', () => {
    for (const { missingSeats, slots } of coverageOf([], [], NOW)) expect([missingSeats, slots]).toEqual([0, 0]);
  });
});

test('offers say how many seats, never whose, nor where to join', () => {
  const offers = offersOf([slot({ seats: ['s1'] }), slot({ state: 'draft' }), slot({ state: 'cancelled' })], NOW);
  expect(offers.map(({ free }) => free)).toEqual([7]);
  expect(JSON.stringify(offers)).not.toMatch(/s1|meetup-join/);
});

test('the link is a student’s own until the consultation ends', () => {
  const url = (moment: string, state: Slot['state'] = 'published') => ownOf([slot({ state })], at(moment))[0]?.joinUrl;
  expect(url('2026-10-14T08:00:00Z')).toBe(SECRET_LINK);
  expect(url('2026-10-14T09:15:00Z')).toBe(SECRET_LINK);
  expect(url('2026-10-14T10:00:00Z')).toBeNull();
  expect(url('2026-10-14T08:00:00Z', 'cancelled')).toBeNull();
});

test('what comes next leaves out drafts, cancelled slots and the past', () => {
  const slots = [
    slot({ id: 'a' }),
    slot({ id: 'b', state: 'draft' }),
    slot({ id: 'c', state: 'cancelled' }),
    slot({ id: 'd' }),
  ];
  expect(nextOf(slots, NOW, 5).map(({ id }) => id)).toEqual(['a', 'd']);
  expect(nextOf(slots, NOW, 1).map(({ id }) => id)).toEqual(['a']);
  expect(nextOf(slots, at('2026-10-15T00:00:00Z'), 5)).toEqual([]);
});

test('the usual number of seats is the last one used', () => {
  expect(usualCapacity([], 'exam')).toBe(8);
  expect(usualCapacity([slot({ capacity: 5 }), slot({ capacity: 9, state: 'cancelled' })], 'midterm-1')).toBe(5);
});

test('a seat is an orphan when no claim knows its token, in whatever state the claim is', () => {
  const claim = { stage: 'midterm-1', sub: 's1', slot: 'x', token: 'token-s1', trying: null } as const;
  const trying = { slot: 'x', token: 'token-s2', at: NOW };
  const claims = [claim, { ...claim, sub: 's2', slot: null, token: null, trying }];
  const { orphans, stalled } = faultsOf([slot({ seats: ['s1', 's2', 's3'] })], claims, NOW);
  expect(orphans.map(({ seat }) => seat.sub)).toEqual(['s3']);
  expect(stalled).toEqual([]);
  expect(faultsOf([], claims, at('2026-10-13T05:42:00Z')).stalled).toEqual([claims[1]]);
});

describe('a time as it was typed', () => {
  test.each([
    ['2026-10-13', '09:00', 'Asia/Almaty', '2026-10-13T04:00:00.000Z'],
    ['2024-02-15', '09:00', 'Asia/Almaty', '2024-02-15T03:00:00.000Z'],
    ['2026-10-13', '24:00', 'Asia/Almaty', undefined],
    ['2026-02-29', '09:00', 'Asia/Almaty', undefined],
    ['13.10.2026', '09:00', 'Asia/Almaty', undefined],
    ['2026-03-29', '02:30', 'Europe/Berlin', undefined],
  ])('%s %s in %s', (date, time, zone, utc) => {
    expect(momentFrom(date, time, zone)?.toISOString()).toBe(utc);
  });
});
