import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { carry, readCarried } from '../../../src/integration-map/import/carried.js';
import { MOST, TableRefused } from '../../../src/integration-map/import/limits.js';
import { readTableFile, readTableText } from '../../../src/integration-map/import/read-file.js';
import { recognised } from '../../../src/integration-map/import/row-kinds.js';
import { guessed, headingRow } from '../../../src/integration-map/import/headings.js';
import { draftsOf } from '../../../src/integration-map/import/rows.js';
import { docx, xlsx, xlsxParts, zip } from './office-files.js';

const SHEET = 'xl/worksheets/sheet1.xml';
const plain = () => [{ name: 'S', rows: [['Week', 'Topic']] }];
const withSheet = (xml: string) => xlsx(plain(), { [SHEET]: xml });

/** Milliseconds that went by, or that this process worked, whichever is less: what other processes took does not count. */
function stopwatch(): () => number {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return Math.min(performance.now() - begun, (user + system) / 1000);
  };
}

/** What came of it, how long it kept others waiting at the most, and by how much memory grew meanwhile. */
async function watched(bytes: Buffer) {
  let longest = 0;
  let most = 0;
  const before = process.memoryUsage();
  let since = stopwatch();
  const timer = setInterval(() => {
    longest = Math.max(longest, since());
    since = stopwatch();
    const { rss } = process.memoryUsage();
    most = Math.max(most, rss - before.rss);
  }, 5);
  const whole = stopwatch();
  const fault = await readTableFile(bytes).then(
    () => 'read',
    (error: unknown) => (error instanceof TableRefused ? error.fault : `not refused: ${String(error)}`),
  );
  const took = whole();
  longest = Math.max(longest, since());
  clearInterval(timer);
  return { fault, took, longest, grewMb: most / 1e6 };
}

/** Blanks without end: one block of them, said again and again; a thousandth of their size. */
function blanks(times: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(10_000_000, 0x20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array.from({ length: times }, () => block), deflateRawSync(Buffer.alloc(0))]);
}

/** A zip with one entry that says of its size what it likes. */
function zipSaying(name: string, data: Buffer, size: number): Buffer {
  const file = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(size, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, file, data]);
  const central = Buffer.concat([Buffer.from('504b01021400', 'hex'), common, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

describe('hostile packages', () => {
  test.each([
    ['that says so', 'inflates', 3_000_000_000],
    ['that says it was small', 'broken', 1000],
    ['that says it was just within the limit', 'broken', MOST.inflatedBytes - 1],
  ])('a bomb of 3 GB %s is read no further than the limit', async (_, expected, size) => {
    const bomb = zipSaying('_rels/.rels', blanks(300), size);
    expect(bomb.length).toBeLessThan(4_000_000);
    const { fault, took, longest, grewMb } = await watched(bomb);
    expect(fault).toBe(expected);
    expect(longest).toBeLessThan(300);
    expect(took).toBeLessThan(3000);
    expect(grewMb).toBeLessThan(100);
  });

  test('many parts that are each within the limit are counted together', async () => {
    const sheets = Array.from({ length: 20 }, (_, index) => ({ name: `S${index}`, rows: [['x']] }));
    const changed = Object.fromEntries(
      sheets.map((_, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>x</v></c></row></sheetData>${' '.repeat(2_000_000)}</worksheet>`,
      ]),
    );
    const { fault, longest, grewMb } = await watched(xlsx(sheets, changed));
    expect(fault).toBe('inflates');
    expect(longest).toBeLessThan(300);
    expect(grewMb).toBeLessThan(150);
  });

  test('a zip of thousands of parts, and one in pieces', async () => {
    const many = zip(
      Object.fromEntries(Array.from({ length: MOST.packageParts + 1 }, (_, index) => [`p${index}`, ''])),
    );
    expect((await watched(many)).fault).toBe('inflates');
    const whole = xlsx(plain());
    for (const bytes of [
      whole.subarray(0, whole.length - 30),
      whole.subarray(0, 200),
      Buffer.concat([whole.subarray(0, 400), whole.subarray(420)]),
    ])
      expect((await watched(bytes)).fault).toBe('broken');
  });

  test('names that lead out of the package lead nowhere', async () => {
    const parts = xlsxParts(plain());
    const rels =
      '<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="../../../../etc/passwd"/></Relationships>';
    expect((await watched(zip({ ...parts, '_rels/.rels': rels }))).fault).toBe('not-read');
    const outside = rels
      .replace('/>', ' TargetMode="External"/>')
      .replace('../../../../etc/passwd', 'file:///xl/workbook.xml');
    expect((await watched(zip({ ...parts, '_rels/.rels': outside }))).fault).toBe('not-read');
  });
});

describe('hostile XML', () => {
  const LAUGHS = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

  test.each([
    [
      'entities in entities',
      `<!DOCTYPE x [<!ENTITY l0 "lol">${LAUGHS}]><worksheet><sheetData><row><c t="str"><v>&l9;</v></c></row></sheetData></worksheet>`,
    ],
    [
      'an entity outside',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="str"><v>&e;</v></c></row></sheetData></worksheet>',
    ],
    ['a document type outside', '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><worksheet/>'],
    [
      'an entity that nobody named',
      '<worksheet><sheetData><row><c t="str"><v>&nope;</v></c></row></sheetData></worksheet>',
    ],
    ['no XML', 'not xml'],
    ['XML without its end', '<worksheet><sheetData><row>'],
  ])('%s', async (_, xml) => {
    const { fault, took } = await watched(withSheet(xml));
    expect(fault).toBe('broken');
    expect(took).toBeLessThan(300);
  });

  test.each([
    ['elements in elements', '<a>'.repeat(4_000_000)],
    ['attributes without end', `<a ${Array.from({ length: 1_000_000 }, (_, n) => `a${n}=""`).join(' ')}/>`],
  ])('%s', async (_, xml) => {
    const { fault, longest, grewMb } = await watched(withSheet(xml));
    expect(fault).toBe('inflates');
    expect(longest).toBeLessThan(300);
    expect(grewMb).toBeLessThan(150);
  });

  test('one text that a thousand cells share is counted a thousand times', async () => {
    const rows = Array.from(
      { length: 500 },
      (_, row) =>
        `<row r="${row + 1}">${'ABCDEFGH'
          .split('')
          .map((letter) => `<c r="${letter}${row + 1}" t="s"><v>0</v></c>`)
          .join('')}</row>`,
    );
    const file = xlsx(plain(), {
      'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(30_000)}</t></si></sst>`,
      [SHEET]: `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`,
    });
    const { fault, grewMb } = await watched(file);
    expect(fault).toBe('too-much-text');
    expect(grewMb).toBeLessThan(60);
  });

  test('merged cells as large as a sheet and on top of each other, a cell far to the right, a span over everything', async () => {
    const merged = '<mergeCell ref="A1:XFD1048576"/>'.repeat(5000);
    const cells = Array.from(
      { length: 500 },
      (_, row) =>
        `<row r="${row + 1}"><c r="A${row + 1}" t="str"><v>${row}</v></c><c r="Z${row + 1}" t="str"><v>z</v></c></row>`,
    ).join('');
    const sheet = `<worksheet><sheetData>${cells}</sheetData><mergeCells>${merged}</mergeCells></worksheet>`;
    const { fault, longest, grewMb } = await watched(withSheet(sheet));
    expect(fault).toBe('inflates');
    expect(longest).toBeLessThan(300);
    expect(grewMb).toBeLessThan(150);
    const right = '<worksheet><sheetData><row r="1"><c r="XFD1" t="str"><v>x</v></c></row></sheetData></worksheet>';
    expect((await watched(withSheet(right))).fault).toBe('too-many-columns');
    const span =
      '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>';
    expect((await watched(docx(span))).fault).toBe('read');
  });
});

describe('other files', () => {
  test.each([
    ['old-format', Buffer.from('d0cf11e0a1b11ae1000000', 'hex')],
    ['pdf', Buffer.from('%PDF-1.7 …')],
    ['other-office', Buffer.from('{\\rtf1\\ansi}')],
    ['other-office', zip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' })],
    ['map-file', Buffer.from('\uFEFF{\n  "serik": "integration-map", "version": 1}')],
    ['page-source', Buffer.from('<html><body><table><tr><td>x</td></tr></table><script>alert(1)</script>')],
    ['not-read', Buffer.from('\u0089PNG\r\n\u001a\n\u0000\u0000\u0000', 'latin1')],
    ['not-read', zip({ 'a.txt': 'x' })],
    ['empty', Buffer.alloc(0)],
    ['empty', Buffer.from(' \n\n')],
    ['no-table', docx('<w:p><w:r><w:t>No table</w:t></w:r></w:p>')],
    ['too-large', Buffer.alloc(MOST.fileBytes + 1)],
    ['too-many-rows', Buffer.from('1;x\n'.repeat(601))],
    ['too-many-columns', Buffer.from(Array.from({ length: 41 }, (_, n) => `c${n}`).join(';'))],
    ['too-much-text', Buffer.from(`Week;Topic\n1;${'x'.repeat(1_000_001)}\n`)],
  ])('%s', async (fault, bytes) => {
    expect((await watched(bytes)).fault).toBe(fault);
  });

  test.each([
    ['quotation marks that are never closed', '"a;'.repeat(300_000)],
    ['quotation marks before tabs', `${'"a\t'.repeat(300_000)}"`],
    ['blanks', `a${' '.repeat(900_000)}b\tc`],
    ['dashes', `Platform\tTopic\n${'-'.repeat(400_000)}x\t${' –'.repeat(200_000)}y`],
    ['names without end', `Topic\tTasks\n${'практическая '.repeat(30_000)}\t${'1 '.repeat(200_000)}`],
  ])('%s do not take long', async (_, text) => {
    const taken = stopwatch();
    try {
      const [table] = await readTableText(text);
      const rows = table?.rows ?? [];
      const heading = headingRow(rows);
      draftsOf(
        table ?? { name: '', rows },
        { heading, columns: guessed(rows, heading), chosen: new Map(), long: 'keep' },
        { room: 60, lastWeek: 0, delivery: {} },
      );
    } catch (error) {
      expect(error).toBeInstanceOf(TableRefused);
    }
    recognised(text);
    expect(taken()).toBeLessThan(5000);
  });
});

describe('as much as is read', () => {
  const row = (index: number) => [`${index}`, `Тема ${index} ${'слово '.repeat(60)}`, '1', 'x'.repeat(1000)];
  const rows = Array.from({ length: 500 }, (_, index) => row(index + 1));

  test.each([
    ['XLSX', () => xlsx([{ name: 'S', rows }])],
    ['CSV', () => Buffer.from(rows.map((cells) => cells.join(';')).join('\n'))],
    [
      'DOCX',
      () =>
        docx(
          `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map((text) => `<w:tc><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`,
        ),
    ],
  ])('500 rows of %s are read whole, and others wait less than 300 ms', async (_, make) => {
    const bytes = make();
    const { fault, longest, grewMb } = await watched(bytes);
    expect(fault).toBe('read');
    expect(longest).toBeLessThan(300);
    expect(grewMb).toBeLessThan(150);
    const [table] = await readTableFile(bytes);
    expect(table?.rows).toHaveLength(500);
    expect(table?.rows[499]?.[0]?.text).toBe('500');
  });

  test('what the page carries comes back the same, and is measured like a file', async () => {
    const tables = await readTableFile(
      xlsx([{ name: 'S', rows, merged: ['A1:A2'], links: { B1: 'https://a.example' } }]),
    );
    expect(readCarried(carry(tables))).toEqual(tables);
    const refused = (json: string) => {
      try {
        readCarried(json);
        return 'read';
      } catch (error) {
        return error instanceof TableRefused ? error.fault : String(error);
      }
    };
    expect(refused('not json')).toBe('broken');
    expect(refused('[{"name":"","rows":[[5]]}]')).toBe('broken');
    expect(refused(JSON.stringify([{ name: '', rows: [['x'.repeat(1_000_001)]] }]))).toBe('too-much-text');
    expect(refused(JSON.stringify([{ name: '', rows: Array.from({ length: 601 }, () => ['x']) }]))).toBe(
      'too-many-rows',
    );
    expect(readCarried('[{"name":"","rows":[[["a\\u0000\\ud800b","javascript:alert(1)","own"]]]}]')[0]?.rows).toEqual([
      [{ text: 'ab', link: null, part: 'own' }],
    ]);
  });
});
