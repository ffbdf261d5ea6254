import { describe, expect, test } from '@jest/globals';
import { dutiesOf } from '../../src/tutoring/duties.js';
import type { OverviewFacts } from '../../src/tutoring/overview-facts.js';

const nothingYet: OverviewFacts = {
  students: 60,
  roster: { state: 'read', pages: 1, people: 63 },
  gradebook: { state: 'read', columns: [] },
  map: { exists: false, sections: [], updatedAt: null, lastEditorName: null },
  stages: [{ stage: 'midterm-1', slots: 0, drafts: 0, booked: 0, freeSeats: 0, missingSeats: 60 }],
  columns: [{ column: 'midterm-1', entered: 0, unsent: 0, sent: 0, waiting: 0, refused: 0 }],
};
const stage = (change: Partial<OverviewFacts['stages'][number]>): OverviewFacts['stages'] => [
  { stage: 'midterm-1', slots: 0, drafts: 0, booked: 0, freeSeats: 0, missingSeats: 60, ...change },
];
const column = (change: Partial<OverviewFacts['columns'][number]>): OverviewFacts['columns'] => [
  { column: 'midterm-1', entered: 0, unsent: 0, sent: 0, waiting: 0, refused: 0, ...change },
];
const map = (missing: number): OverviewFacts['map'] => ({
  exists: true,
  sections: [{ section: 4, missing, complete: missing === 0 }],
  updatedAt: new Date(0),
  lastEditorName: null,
});
const short = (facts: OverviewFacts) => dutiesOf(facts).map(({ id, state, count }) => `${id} ${state} ${count}`);

describe('what a tutor is told to do next', () => {
  test('in a new course: the map, then times, then marks', () => {
    expect(short(nothingYet)).toEqual(['map open 0', 'slots open 60', 'marks open 0']);
  });

  test('nothing for a midterm that the applied map has not', () => {
    expect(short({ ...nothingYet, stages: [], columns: [] })).toEqual(['map open 0']);
  });

  test('each duty names its clause of the regulation and where it is done', () => {
    expect(dutiesOf(nothingYet).map(({ clause, path }) => `${clause} ${path}`)).toEqual([
      '7.4 /map',
      '7.2 /consultations?stage=midterm-1',
      '7.3 /results',
    ]);
  });

  test.each([
    ['drafts are to be published', { stages: stage({ drafts: 4 }) }, 'publish open 4'],
    ['seats are missing', { stages: stage({ slots: 5, booked: 27, missingSeats: 20 }) }, 'seats open 20'],
    ['everyone has a seat', { stages: stage({ slots: 8, booked: 48, missingSeats: 0 }) }, 'seats done 48'],
    ['fields of the map are empty', { map: map(3) }, 'map open 3'],
    ['the map is complete', { map: map(0) }, 'map done 0'],
    ['marks are entered and not sent', { columns: column({ entered: 44, unsent: 4 }) }, 'send open 4'],
    ['all marks are in', { columns: column({ entered: 60, sent: 60 }) }, 'marks done 60'],
  ])('%s', (_name, change, expected) => {
    expect(short({ ...nothingYet, ...change })).toContain(expected);
  });

  test('a refused mark comes before everything, what is done comes last', () => {
    const facts = { ...nothingYet, map: map(0), columns: column({ entered: 10, sent: 9, refused: 1 }) };
    expect(short(facts)).toEqual(['refused urgent 1', 'slots open 60', 'marks open 10', 'map done 0']);
  });

  test('a course without students is not told that all its marks are in', () => {
    expect(short({ ...nothingYet, students: 0 })).toContain('marks open 0');
  });
});
