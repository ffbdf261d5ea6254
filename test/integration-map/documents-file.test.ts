import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultText } from '../../src/integration-map/documents/file-fault.js';
import { mapFile } from '../../src/integration-map/documents/map-file.js';
import { readMapFile } from '../../src/integration-map/documents/read-map-file.js';
import {
  CELL_FIELDS,
  hasField,
  HEAD_FIELDS,
  LIMITS,
  MOOC_FIELDS,
  ROW_FIELDS,
  ROW_KINDS,
  specOf,
  STAGES,
  type Cell,
  type FieldPath,
} from '../../src/integration-map/map.js';
import type { MapContent } from '../../src/integration-map/content.js';
import { emptyMooc, emptyRow, newModule, newOutcome } from '../../src/integration-map/template.js';
import { normalise, readText } from '../../src/integration-map/text.js';
import { LANGUAGES } from '../../src/web/i18n.js';
import { hotelMap, readerIn } from './document-maps.js';

/** Any text that the editor would have stored in this field. */
function stored(path: FieldPath): fc.Arbitrary<string> {
  const { choices, lines, max } = specOf(path);
  if (choices) return fc.constantFrom('', ...choices);
  return fc
    .oneof(
      fc.string({ maxLength: Math.min(max, 60) }),
      fc.string({ unit: 'binary', maxLength: Math.min(max, 60) }),
      fc.constantFrom('=1+1', '"\\', '</script>', '__proto__', 'Ә\nҒ\tҚ', '1,5', 'https://x.kz/?a=1&b=2'),
    )
    .map((raw) => normalise(raw, lines))
    .filter((text) => {
      const read = readText(path, text);
      return 'text' in read && read.text === text;
    });
}

const record = <F extends string>(fields: readonly F[], at: (field: F) => FieldPath) =>
  fc
    .tuple(...fields.map((field) => stored(at(field))))
    .map((texts) => Object.fromEntries(fields.map((field, index) => [field, texts[index] ?? ''])) as Record<F, string>);

const row = fc
  .constantFrom(...ROW_KINDS)
  .chain((kind) =>
    fc.tuple(
      fc.constant(kind),
      fc.constantFrom(...STAGES),
      record(
        ROW_FIELDS.filter((field) => hasField(kind, field)),
        (field) => ({ group: 'rows', id: 'r1', field }),
      ),
    ),
  )
  .map(([kind, stage, fields]) => ({
    ...emptyRow('r0', kind, kind === 'consultation' || kind === 'control' ? stage : null),
    ...fields,
  }));

/** Outcomes, modules of the MOOCs and cells of them, as an import names them. */
function withMatrix(map: Pick<MapContent, 'head' | 'moocs' | 'rows'>): fc.Arbitrary<MapContent> {
  const cell = record(CELL_FIELDS, (field) => ({ group: 'cells', id: 'o1-d1', outcome: 'o1', module: 'd1', field }));
  return fc
    .record({
      texts: fc.array(stored({ group: 'outcomes', id: 'o1', field: 'text' }), { maxLength: 4 }),
      titles: fc.array(fc.array(stored({ group: 'modules', id: 'd1', field: 'title' }), { maxLength: 3 }), {
        maxLength: map.moocs.length,
      }),
      picks: fc.array(fc.tuple(fc.nat(), fc.nat(), cell), { maxLength: 6 }),
    })
    .map(({ texts, titles, picks }) => {
      const outcomes = texts.map((text, index) => newOutcome(`o${index + 1}`, text));
      const owned = titles.flatMap((ofMooc, at) => ofMooc.map((title) => ({ title, mooc: `m${at + 1}` })));
      const modules = owned.map(({ title, mooc }, index) => newModule(`d${index + 1}`, mooc, title));
      const cells = picks.flatMap(([row, column, written]): [string, Cell][] => {
        const [outcome, module] = [outcomes[row % outcomes.length], modules[column % modules.length]];
        const filled = written.level !== '' || written.note !== '';
        return outcome && module && filled ? [[`${outcome.id}-${module.id}`, written]] : [];
      });
      return { ...map, outcomes, modules, cells: Object.fromEntries(cells) };
    });
}

const anyMap: fc.Arbitrary<MapContent> = fc
  .record({
    head: record(HEAD_FIELDS, (field) => ({ group: 'head', field })),
    moocs: fc
      .array(
        record(MOOC_FIELDS, (field) => ({ group: 'moocs', id: 'm1', field })),
        { maxLength: LIMITS.moocs },
      )
      .map((moocs) => moocs.map((mooc, index) => ({ ...emptyMooc(`m${index + 1}`), ...mooc }))),
    rows: fc
      .array(row, { maxLength: LIMITS.rows })
      .map((rows) => rows.map((one, index) => ({ ...one, id: `r${index + 1}` }))),
  })
  .chain(withMatrix);

describe('a map as a file', () => {
  test('any map that is exported is imported as the same map', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const read = readMapFile(JSON.stringify(mapFile(map), null, 2));
        expect(read).toEqual({ map });
      }),
      { numRuns: 60 },
    );
  });

  test('names nobody, keeps the order, and leaves out what was taken out', () => {
    const file = mapFile(hotelMap());
    expect(Object.keys(file)).toEqual(['serik', 'version', 'head', 'outcomes', 'moocs', 'rows']);
    expect([file.serik, file.version]).toEqual(['integration-map', 2]);
    const text = JSON.stringify(file);
    expect(text).not.toMatch(/Гүлмира|taken out|deleted|revision|"id"/);
    expect(file.rows.slice(0, 2).map(({ kind, topic }) => [kind, topic])).toEqual([
      ['lecture', 'Қонақ үй бизнесіне кіріспе'],
      ['practical', expect.stringContaining('Талдау')],
    ]);
    const consultation = file.rows.find(({ kind }) => kind === 'consultation');
    expect(Object.keys(consultation ?? {})).toEqual([
      'kind',
      'stage',
      'hours',
      'tasks',
      'delivery',
      'platform',
      'link',
    ]);
  });

  test('is read with a byte-order mark before it, as some editors write it', () => {
    expect(readMapFile(`\ufeff${JSON.stringify(mapFile(hotelMap()))}\r\n`)).toHaveProperty('map');
  });
});

/** What version 1 wrote: no outcomes, no modules, fewer fields of MOOCs; its first files had no dates. */
const ofVersion1 = () => {
  const { outcomes: _outcomes, ...file } = mapFile(hotelMap());
  const moocs = file.moocs.map(({ modules: _modules, licence: _licence, reason: _reason, ...mooc }) => mooc);
  const { semesterStart: _start, holidays: _holidays, ...head } = file.head;
  return { ...file, version: 1, head, moocs };
};

describe('a file of version 1', () => {
  test('is imported as it was, with an empty matrix', () => {
    const read = readMapFile(JSON.stringify(ofVersion1()));
    expect(read).toMatchObject({ map: { outcomes: [], modules: [], cells: {}, head: { semesterStart: '' } } });
    const moocs = 'map' in read ? read.map.moocs : [];
    expect(moocs.map(({ title, match, licence, reason }) => [title, match, licence, reason])).toEqual([
      ['Hotel Management', '80', '', ''],
      ['Қонақжайлылық негіздері', '60 %', '', ''],
    ]);
  });

  test('still has to be whole', () => {
    const { semester: _semester, ...head } = ofVersion1().head;
    expect(readMapFile(JSON.stringify({ ...ofVersion1(), head }))).toEqual({
      fault: { kind: 'missing', path: ['head', 'semester'] },
    });
  });
});

describe('the matrix in a file', () => {
  const matrix = (cells: readonly object[], titles = ['Module']) => ({
    ...mapFile(hotelMap()),
    outcomes: ['One', 'Two'],
    moocs: [{ ...mapFile(hotelMap()).moocs[0], modules: titles.map((title) => ({ title, cells })) }],
  });
  const faultOf = (file: object) => {
    const read = readMapFile(JSON.stringify(file));
    return 'fault' in read ? read.fault : null;
  };

  test.each([
    ['an outcome that the file does not have', [{ outcome: 3, level: 'fully', note: '' }], 'wrong-type'],
    ['the same outcome twice', [1, 1].map((outcome) => ({ outcome, level: 'fully', note: '' })), 'wrong-type'],
    ['a level that there is not', [{ outcome: 1, level: 'none', note: '' }], 'not-a-choice'],
    ['a cell without a note', [{ outcome: 1, level: 'fully' }], 'missing'],
    ['a field more', [{ outcome: 1, level: 'fully', note: '', by: 'x' }], 'unknown-field'],
  ])('%s is told with its place', async (_name, cells, kind) => {
    const fault = faultOf(matrix(cells));
    expect(fault).toMatchObject({ kind, path: expect.arrayContaining(['moocs', 0, 'modules', 0]) as unknown });
    if (fault) expect(faultText(await readerIn('en'), fault)).toContain('MOOC 1, module 1, cells');
  });

  test('more outcomes or modules than a map has are told in the list’s own words', async () => {
    const reader = await readerIn('en');
    const many = (count: number) => Array.from({ length: count }, (_, index) => `Line ${index}`);
    const outcomes = faultOf({ ...matrix([]), outcomes: many(LIMITS.outcomes + 1) });
    const modules = faultOf(matrix([], many(LIMITS.modulesOfMooc + 1)));
    expect(outcomes && faultText(reader, outcomes)).toBe('A map has at most 20 outcomes; the file has more.');
    expect(modules && faultText(reader, modules)).toBe('At most 40 modules of MOOCs; the file has more.');
  });
});

type Loose = Record<string, unknown> & { head: Record<string, unknown>; rows: Record<string, unknown>[] };
const loose = () => JSON.parse(JSON.stringify(mapFile(hotelMap()))) as Loose;
const WHOLE = JSON.stringify(loose());
const set = (change: (file: Loose) => unknown): string => {
  const file = loose();
  change(file);
  return JSON.stringify(file);
};
const without = (name: string): string =>
  JSON.stringify(Object.fromEntries(Object.entries(loose()).filter(([key]) => key !== name)));
const first = ({ rows }: Loose) => rows[0] ?? {};

const FAULTS: Readonly<Record<string, readonly [text: string, sentence: RegExp]>> = {
  nothing: ['  \n', /nothing to import/],
  'half a file': [WHOLE.slice(0, 300), /not JSON, or a part/],
  'a web page': ['<!doctype html><p>{}', /not JSON/],
  'another JSON': ['{"a":1}', /not an integration map/],
  null: ['null', /not an integration map/],
  'a list': ['[[]]', /not an integration map/],
  'a deep nest': [`${'['.repeat(200_000)}${']'.repeat(200_000)}`, /not an integration map|not JSON/],
  'a later version': [set((file) => (file['version'] = 3)), /another version/],
  'a version in words': [set((file) => (file['version'] = '1')), /another version/],
  '500 rows': [set((file) => (file.rows = Array.from({ length: 500 }, () => first(file)))), /at most 60 rows/],
  '13 MOOCs': [set((file) => (file['moocs'] = Array.from({ length: 13 }, () => ({})))), /at most 12 MOOCs/],
  'rows that are no list': [set((file) => (file['rows'] = {} as never)), /^rows: not of the kind/],
  'no rows': [without('rows'), /^rows: missing/],
  'no head': [without('head'), /^head: missing|^head: not of the kind/],
  'a row that is a text': [set((file) => (file.rows[4] = 'lecture' as never)), /^Row 5: not of the kind/],
  'a row of no kind': [set((file) => (first(file)['kind'] = 'holiday')), /^Row 1, kind: not one of the choices/],
  'a consultation before nothing': [
    set((file) => ((file.rows.find(({ kind }) => kind === 'consultation') ?? {})['stage'] = 'midterm-9')),
    /^Row 9, stage: not one of the choices/,
  ],
  'a number for a text': [set((file) => (first(file)['hours'] = 1)), /^Row 1, hours: not of the kind/],
  'a field that is not there': [set((file) => delete file.head['semester']), /^Semester: missing/],
  'a field too many': [set((file) => (first(file)['colour'] = 'red')), /^Row 1, colour: a map has no such field/],
  'a field of another kind': [
    set((file) => ((file.rows.find(({ kind }) => kind === 'control') ?? {})['link'] = 'https://x.kz')),
    /link: a map has no such field/,
  ],
  'a part too many': [set((file) => (file['people'] = [])), /^people: a map has no such field/],
  'a cell of 10,000 characters': [
    set((file) => (first(file)['tasks'] = 'x'.repeat(10_000))),
    /^Row 1, tasks: at most 2000/,
  ],
  'a choice that is none': [set((file) => (file.head['model'] = '4')), /^Model: not one of the choices/],
  'a control character': [set((file) => (first(file)['topic'] = 'a\u0000b')), /^Row 1, topic: has characters/],
  'half a surrogate pair': [set((file) => (first(file)['topic'] = '\ud800')), /^Row 1, topic: has characters/],
  'a prototype for the file': [
    WHOLE.replace('{', '{"__proto__":{"admin":true},'),
    /^__proto__: a map has no such field/,
  ],
  'a prototype for a row': [
    WHOLE.replace('"kind":"lecture"', '"kind":"lecture","__proto__":{"deleted":null}'),
    /^Row 1, __proto__: a map has no such field/,
  ],
  'a constructor': [
    WHOLE.replace('"kind":"lecture"', '"kind":"lecture","constructor":{"prototype":{"x":1}}'),
    /^Row 1, constructor: a map has no such field/,
  ],
  'the name of a prototype only': ['{"__proto__":{"serik":"integration-map","version":1}}', /not an integration map/],
  'a name as long as the file': [
    set((file) => (first(file)['n'.repeat(50_000)] = '')),
    /^Row 1, n{39}…: a map has no such field/,
  ],
};

describe('what is no map’s file', () => {
  test.each(Object.entries(FAULTS))('%s: a sentence that says so', async (_name, [text, sentence]) => {
    const read = readMapFile(text);
    if (!('fault' in read)) throw new Error('It was taken');
    expect(faultText(await readerIn('en'), read.fault)).toMatch(sentence);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
    for (const language of LANGUAGES) {
      const said = faultText(await readerIn(language), read.fault);
      expect(said.length).toBeGreaterThan(10);
      expect(said.length).toBeLessThan(200);
    }
  });

  test('no text at all makes it fall over', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })), (text) => {
        expect(Object.keys(readMapFile(text))).toEqual(['fault']);
      }),
    );
    fc.assert(
      fc.property(anyMap, fc.nat(), fc.string({ maxLength: 3 }), (map, at, typed) => {
        const text = JSON.stringify(mapFile(map));
        const place = at % text.length;
        const read = readMapFile(text.slice(0, place) + typed + text.slice(place + 1));
        expect(Object.keys(read)).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });
});
