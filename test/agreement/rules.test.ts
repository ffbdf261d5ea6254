import { describe, expect, test } from '@jest/globals';
import { newCode, printedCode, readCode } from '../../src/agreement/code.js';
import {
  ACTS,
  after,
  covers,
  daysBetween,
  isOwn,
  mayAnswer,
  owedBy,
  PARTS,
  standingOf,
  STATES,
  type GivenRole,
  type State,
} from '../../src/agreement/rules.js';

/** Everything that may be done; whatever is not here is refused. */
const ALLOWED: Readonly<Record<string, State>> = {
  'draft submit tutor': 'submitted',
  'submitted agree programme-leader': 'agreed-by-leader',
  'submitted return programme-leader': 'returned',
  'submitted withdraw submitter': 'withdrawn',
  'agreed-by-leader agree director': 'in-force',
  'agreed-by-leader return director': 'returned',
  'agreed-by-leader withdraw submitter': 'withdrawn',
};

const ALL = STATES.flatMap((state) => ACTS.flatMap((act) => PARTS.map((part) => [state, act, part] as const)));

describe('a version of a map', () => {
  test.each(ALL)('%s, %s, by the %s', (state, act, part) => {
    expect(after(state, act, part)).toBe(ALLOWED[`${state} ${act} ${part}`]);
  });

  test('every state times every act times every part was tried', () => {
    expect(ALL).toHaveLength(6 * 4 * 4);
    expect(ALL.filter((one) => ALLOWED[one.join(' ')] !== undefined)).toHaveLength(Object.keys(ALLOWED).length);
  });

  test('the programme leader answers first, then the director; then nobody', () => {
    expect(STATES.map((state) => owedBy(state))).toEqual([
      undefined,
      'programme-leader',
      'director',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('the one in force stays so until a later one comes into force', () => {
    const one = { number: 1, state: 'in-force' } as const;
    const open = { number: 2, state: 'agreed-by-leader' } as const;
    expect(standingOf(one, [open, one])).toBe('in-force');
    expect(standingOf(open, [open, one])).toBe('agreed-by-leader');
    expect(standingOf(one, [{ number: 2, state: 'in-force' }, one])).toBe('replaced');
  });
});

const course = { label: 'HOSP-204', title: 'Қонақ үй бизнесі' };
const leader = (scope = ''): GivenRole => ({ role: 'programme-leader', scope });
const director: GivenRole = { role: 'director', scope: '' };

describe('who may answer', () => {
  test.each([
    ['', true],
    ['HOSP', true],
    ['hosp-2', true],
    ['қонақ', true],
    ['204', false],
    ['TOUR', false],
  ])('a programme leader of courses beginning with %j: %s', (scope, covered) => {
    expect(covers(leader(scope), course)).toBe(covered);
  });

  test('a director answers for all courses', () => {
    expect(covers({ role: 'director', scope: 'TOUR' }, course)).toBe(true);
  });

  const version = (state: State) => ({ state, submittedBy: { sub: 'tutor' }, editors: ['helper'] });
  test.each([
    ['submitted', 'dean', [leader()], { role: 'programme-leader' }],
    ['submitted', 'dean', [leader('TOUR')], { refused: 'not-yours' }],
    ['submitted', 'dean', [director], { refused: 'not-yours' }],
    ['submitted', 'dean', [], { refused: 'not-yours' }],
    ['agreed-by-leader', 'dean', [leader()], { refused: 'not-yours' }],
    ['agreed-by-leader', 'dean', [director], { role: 'director' }],
    ['in-force', 'dean', [leader(), director], { refused: 'not-now' }],
    ['returned', 'dean', [leader(), director], { refused: 'not-now' }],
    ['withdrawn', 'dean', [leader(), director], { refused: 'not-now' }],
    ['submitted', 'tutor', [leader()], { refused: 'own-map' }],
    ['submitted', 'helper', [leader()], { refused: 'own-map' }],
    ['agreed-by-leader', 'helper', [director], { refused: 'own-map' }],
  ] as const)('%s, %s with %j: %j', (state, sub, roles, answer) => {
    expect(mayAnswer({ version: version(state), course, sub, roles }, false)).toEqual(answer);
  });

  test('with the setting, also one’s own map', () => {
    const own = { version: version('submitted'), course, sub: 'tutor', roles: [leader()] };
    expect(isOwn(own.version, 'tutor')).toBe(true);
    expect(mayAnswer(own, true)).toEqual({ role: 'programme-leader' });
  });
});

test('a wait is counted in whole days', () => {
  const from = new Date('2026-10-09T11:20:00Z');
  expect(daysBetween(from, new Date('2026-10-10T11:19:00Z'))).toBe(0);
  expect(daysBetween(from, new Date('2026-10-12T11:20:00Z'))).toBe(3);
  expect(daysBetween(from, new Date('2026-10-01T00:00:00Z'))).toBe(0);
});

describe('a code', () => {
  test('has eight letters and digits that are not taken for one another', () => {
    const codes = Array.from({ length: 200 }, newCode);
    for (const code of codes) expect(code).toMatch(/^[ACDEFGHJKMNPQRTWXY34679]{8}$/);
    expect(new Set(codes).size).toBe(200);
  });

  test.each([
    ['7Q4M-9F3A', '7Q4M9F3A'],
    [' 7q4m 9f3a ', '7Q4M9F3A'],
    ['7Q4M–9F3A', '7Q4M9F3A'],
    // From a Cyrillic keyboard.
    ['АСЕН-КМРТ', 'ACEHKMPT'],
    ['7Q4M9F3', undefined],
    ['7Q4M9F3A7', undefined],
    ['7Q4M9F3O', undefined],
    ['../../etc', undefined],
    ['', undefined],
  ])('%j is read as %j', (typed, code) => {
    expect(readCode(typed)).toBe(code);
  });

  test('is printed in two halves', () => {
    expect(printedCode('7Q4M9F3A')).toBe('7Q4M-9F3A');
  });
});
