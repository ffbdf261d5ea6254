import { describe, expect, test } from '@jest/globals';
import {
  Document,
  ExternalHyperlink,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalMergeType,
} from 'docx';
import { readTableFile, readTableText } from '../../../src/integration-map/import/read-file.js';
import type { Table as ReadTable } from '../../../src/integration-map/import/tables.js';
import { docx, xlsx } from './office-files.js';

const texts = (table: ReadTable | undefined) => table?.rows.map((row) => row.map(({ text }) => text));
const first = async (bytes: Buffer) => texts((await readTableFile(bytes))[0]);

describe('XLSX', () => {
  test('shared, inline and formula texts, numbers, dates, per cents, truth values', async () => {
    const rows = await first(
      xlsx([
        {
          name: 'Силлабус',
          rows: [
            ['Апта', { xml: '<c t="inlineStr"><is><r><t>Тақы</t></r><r><t>рып</t></r><rPh><t>x</t></rPh></is></c>' }],
            [{ number: 1 }, { xml: '<c t="str"><f>HYPERLINK("http://evil.example","Кіріспе")</f><v>Кіріспе</v></c>' }],
            [
              { number: 46277, style: 1 },
              { number: 46277.416667, style: 2 },
            ],
            [{ number: 0.1, style: 3 }, { number: 0.30000000000000004 }],
            [{ number: 2.5, style: 4 }, { xml: '<c t="b"><v>1</v></c>' }],
            ['a_x000D_\nb', { xml: '<c><f>1+1</f><v>2</v></c>' }],
          ],
        },
      ]),
    );
    expect(rows).toEqual([
      ['Апта', 'Тақырып'],
      ['1', 'Кіріспе'],
      ['12.09.2026', '12.09.2026 10:00'],
      ['10%', '0.3'],
      ['2.5', '✓'],
      ['a\nb', '2'],
    ]);
  });

  test('a merged cell goes down and not to the right; addresses are taken, empty edges are not', async () => {
    const [table] = await readTableFile(
      xlsx([
        {
          name: 'Plan',
          rows: [
            [],
            [null, 'Week', 'Topic', 'Where'],
            [null, { number: 1 }, 'A', 'Coursera'],
            [null, null, 'B', 'Zoom'],
            [null, 'Midterm 1'],
          ],
          merged: ['B3:B4', 'B5:D5'],
          links: { D3: 'https://www.coursera.org/learn/x?a=1&b=2', D4: 'javascript:alert(1)' },
        },
      ]),
    );
    expect(texts(table)).toEqual([
      ['Week', 'Topic', 'Where'],
      ['1', 'A', 'Coursera'],
      ['1', 'B', 'Zoom'],
      ['Midterm 1', '', ''],
    ]);
    expect(table?.rows.map((row) => row.map(({ part }) => part))).toEqual([
      ['own', 'own', 'own'],
      ['own', 'own', 'own'],
      ['row', 'own', 'own'],
      ['own', 'column', 'column'],
    ]);
    expect(table?.rows.map((row) => row[2]?.link)).toEqual([
      null,
      'https://www.coursera.org/learn/x?a=1&b=2',
      null,
      null,
    ]);
  });

  test('each visible sheet by its name, and none without anything in it', async () => {
    const tables = await readTableFile(
      xlsx([
        { name: 'Титул', rows: [['AlmaU']] },
        { name: 'Пусто', rows: [[null]] },
        { name: 'Списки', rows: [['x']], hidden: true },
        { name: 'План', rows: [['1', 'Тема']] },
      ]),
    );
    expect(tables.map(({ name }) => name)).toEqual(['Титул', 'План']);
  });

  test('a million rows of which the last has a text are one row', async () => {
    expect(
      await first(
        xlsx([
          {
            name: 'S',
            rows: [],
            xml: '<worksheet><sheetData><row r="1"/><row r="1048576"><c r="C1048576" t="str"><v>end</v></c></row></sheetData></worksheet>',
          },
        ]),
      ),
    ).toEqual([['end']]);
  });
});

describe('DOCX', () => {
  const cell = (text: string, options: object = {}) =>
    new TableCell({
      ...options,
      children: text.split('\n').map((line) => new Paragraph({ children: [new TextRun(line)] })),
    });

  test('paragraphs are lines, merged cells go down, addresses are taken; tables in order', async () => {
    const file = await Packer.toBuffer(
      new Document({
        sections: [
          {
            children: [
              new Paragraph('Силлабус'),
              new Table({ rows: [new TableRow({ children: [cell('Пән'), cell('Қонақжайлылық')] })] }),
              new Table({
                rows: [
                  new TableRow({ children: [cell('Апта'), cell('Тақырып'), cell('Платформа')] }),
                  new TableRow({
                    children: [
                      cell('1', { verticalMerge: VerticalMergeType.RESTART }),
                      cell('Кіріспе\nекінші жол'),
                      new TableCell({
                        children: [
                          new Paragraph({
                            children: [
                              new ExternalHyperlink({ link: 'https://openu.kz/x', children: [new TextRun('OpenU')] }),
                            ],
                          }),
                        ],
                      }),
                    ],
                  }),
                  new TableRow({
                    children: [cell('', { verticalMerge: VerticalMergeType.CONTINUE }), cell('Семинар'), cell('Zoom')],
                  }),
                  new TableRow({ children: [cell('Аралық бақылау 1', { columnSpan: 3 })] }),
                ],
              }),
            ],
          },
        ],
      }),
    );
    const tables = await readTableFile(file);
    expect(tables.map(texts)).toEqual([
      [['Пән', 'Қонақжайлылық']],
      [
        ['Апта', 'Тақырып', 'Платформа'],
        ['1', 'Кіріспе\nекінші жол', 'OpenU'],
        ['1', 'Семинар', 'Zoom'],
        ['Аралық бақылау 1', '', ''],
      ],
    ]);
    expect(tables[1]?.rows[1]?.[2]?.link).toBe('https://openu.kz/x');
    expect(tables[1]?.rows[2]?.[0]?.part).toBe('row');
  });

  test('deleted and moved text is gone, breaks are lines, fields lead where they say, a table in a cell is its text', async () => {
    const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`;
    const body =
      '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' +
      `<w:tc><w:p>${run('a')}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom>${run('old')}</w:moveFrom><w:r><w:br/></w:r>${run('b')}</w:p></w:tc>` +
      `<w:tc><w:p><w:r><w:instrText> HYPERLINK "https://a.example/1" </w:instrText></w:r>${run('site')}</w:p></w:tc></w:tr>` +
      `<w:tr><w:tc><w:p>${run('1')}</w:p></w:tc><w:tc><w:p/><w:tbl><w:tr><w:tc><w:p>${run('in')}</w:p></w:tc><w:tc><w:p>${run('side')}</w:p></w:tc></w:tr></w:tbl><w:p/></w:tc><w:tc/></w:tr></w:tbl>`;
    const [table] = await readTableFile(docx(body));
    expect(texts(table)).toEqual([
      ['', 'a\nb', 'site'],
      ['1', 'in\nside', ''],
    ]);
    expect(table?.rows[0]?.[2]?.link).toBe('https://a.example/1');
  });
});

describe('separated texts', () => {
  const ROWS = [
    ['Неделя', 'Тема', 'Часы'],
    ['1', 'Введение; "цели", и\nзадачи', '1,5'],
  ];
  const SOURCE = 'Неделя;Тема;Часы\r\n1;"Введение; ""цели"", и\nзадачи";1,5\r\n';

  test.each([
    ['UTF-8', Buffer.from(SOURCE)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${SOURCE}`)],
    ['UTF-16', Buffer.from(`\uFEFF${SOURCE}`, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`\uFEFF${SOURCE}`, 'utf16le').swap16()],
    [
      'Windows-1251',
      Buffer.from(
        Array.from(SOURCE, (letter) => {
          const code = letter.charCodeAt(0);
          return code < 128 ? code : code - 0x350;
        }),
      ),
    ],
  ])('%s', async (_, bytes) => {
    expect(await first(bytes)).toEqual(ROWS);
  });

  test('commas, and tabs from the clipboard', async () => {
    expect(texts((await readTableText('Week,Topic\n1,"A, B"\n'))[0])).toEqual([
      ['Week', 'Topic'],
      ['1', 'A, B'],
    ]);
    expect(texts((await readTableText('Week\tTopic\n1\t"A\nB"\n'))[0])).toEqual([
      ['Week', 'Topic'],
      ['1', 'A\nB'],
    ]);
  });

  test('formulas stay the texts that they are', async () => {
    expect(texts((await readTableText('Topic;Tasks\n"=HYPERLINK(""http://evil.example"")";=1+1\n'))[0])).toEqual([
      ['Topic', 'Tasks'],
      ['=HYPERLINK("http://evil.example")', '=1+1'],
    ]);
  });
});
