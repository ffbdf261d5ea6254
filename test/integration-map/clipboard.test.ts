import { describe, expect, test } from '@jest/globals';
import { laidOut } from '../../src/integration-map/table/clip.js';
import { toHtml, toTsv } from '../../src/client/map/sheet/copy-out.js';
import { cellsOfTsv } from '../../src/integration-map/table/tsv.js';
import { choiceOf, rowNameIn } from '../../src/integration-map/table/words.js';

const texts = (source: string) => cellsOfTsv(source).map((row) => row.map(({ text }) => text));

describe('tables as text', () => {
  test('tabs part cells and lines part rows; the last line break begins no row', () => {
    expect(texts('1\tHotels\t2\r\n2\tPrices\t1\r\n')).toEqual([
      ['1', 'Hotels', '2'],
      ['2', 'Prices', '1'],
    ]);
  });

  test('quotation marks hold line breaks, tabs and doubled marks, as Excel writes them', () => {
    expect(texts('"Read\nchapter ""2"""\tTest\r\n"a\tb"\t')).toEqual([
      ['Read\nchapter "2"', 'Test'],
      ['a\tb', ''],
    ]);
  });

  test('quotation marks of the text itself stay', () => {
    expect(texts('"Тұран" қонақүйі\tx\n«Hotel»\t"open')).toEqual([
      ['"Тұран" қонақүйі', 'x'],
      ['«Hotel»', '"open'],
    ]);
  });

  test('short rows are filled up', () => {
    expect(texts('a\tb\tc\nd')).toEqual([
      ['a', 'b', 'c'],
      ['d', '', ''],
    ]);
  });

  test('what a sheet would run goes out with an apostrophe before it, and comes back without', () => {
    const rows = [
      ['=HYPERLINK("http://evil.example";"x")', '+7 701', '-1', '@SUM(A1)'],
      ["'quoted'", 'two\nlines', 'tab\there', '12'],
    ];
    const tsv = toTsv(rows);
    expect(tsv.split('\r\n')[0]).toBe(`"'=HYPERLINK(""http://evil.example"";""x"")"\t'+7 701\t'-1\t'@SUM(A1)`);
    expect(texts(tsv)).toEqual(rows);
  });

  test('a large text is read in a moment', () => {
    const began = performance.now();
    expect(texts(`"${'a"b'.repeat(20_000)}\t${'x\t'.repeat(20_000)}`)[0]?.length).toBeGreaterThan(20_000);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

test('as HTML every text is marked as text, and what it holds is no mark-up', () => {
  expect(
    toHtml([
      ['=1+1', '<b>&"'],
      ['2', 'two\nlines'],
    ]),
  ).toBe(
    '<html><head><meta charset="utf-8"></head><body><table>' +
      `<tr><td style="mso-number-format:'\\@';white-space:pre-wrap">=1+1</td>` +
      `<td style="mso-number-format:'\\@';white-space:pre-wrap">&lt;b&gt;&amp;&quot;</td></tr>` +
      `<tr><td>2</td><td style="mso-number-format:'\\@';white-space:pre-wrap">two<br style="mso-data-placement:same-cell">lines</td></tr>` +
      '</table></body></html>',
  );
});

describe('merged cells', () => {
  const cell = (text: string, rowSpan = 1, colSpan = 1) => ({ text, link: null, rowSpan, colSpan });
  const shown = (rows: Parameters<typeof laidOut>[0]) =>
    laidOut(rows).map((row) => row.map(({ text, part }) => (part === 'own' ? text : `${part}:${text}`)));

  test('a cell over rows says its text in each, one over columns in the first', () => {
    expect(
      shown([[cell('1', 2), cell('Lecture'), cell('2')], [cell('Practice'), cell('1')], [cell('Midterm', 1, 3)]]),
    ).toEqual([
      ['1', 'Lecture', '2'],
      ['row:1', 'Practice', '1'],
      ['Midterm', 'column:', 'column:'],
    ]);
  });

  test('a span that reaches beyond the table ends with it, and a monstrous one is cut', () => {
    expect(shown([[cell('a', 0), cell('b')], [cell('c')]])).toEqual([
      ['a', 'b'],
      ['row:a', 'c'],
    ]);
    expect(laidOut([[cell('a', 65_534, 1000)]])[0]).toHaveLength(200);
  });
});

describe('words', () => {
  const choices = {
    synchronous: ['синхрон', 'synchron', 'sync'],
    asynchronous: ['асинхрон', 'asynchron', 'async'],
    'in-class': ['аудитор', 'in class', 'дәрісхана'],
  };

  test.each([
    ['Синхронды', 'synchronous'],
    ['асинхронно (Coursera)', 'asynchronous'],
    ['Asynchronous', 'asynchronous'],
    ['В аудитории 304', 'in-class'],
    ['Аудиторияда', 'in-class'],
    ['дәрісханада', 'in-class'],
    ['IN-CLASS', 'in-class'],
    ['синхронно / асинхронно', null],
    ['mixed', null],
  ])('"%s" is %s', (text, choice) => {
    expect(choiceOf(text, choices)).toBe(choice);
  });

  const names = [
    ['Рубежный контроль 1', 'Midterm 1'],
    ['Рубежный контроль 2', 'Midterm 2'],
    ['Аралық бақылау 1', 'Midterm 1'],
    ['Консультация по РК 1', 'Consultation for midterm 1'],
  ] as const;

  test.each([
    ['РУБЕЖНЫЙ КОНТРОЛЬ 2', { name: 'Midterm 2', rest: '' }],
    ['Аралық бақылау  1: 17 қазан, 10:00', { name: 'Midterm 1', rest: '17 қазан, 10:00' }],
    ['Консультация по РК-1', { name: 'Consultation for midterm 1', rest: '' }],
    ['Рубежный контроль 12', null],
    ['Введение', null],
  ])('"%s" names %j', (text, found) => {
    expect(rowNameIn(text, names)).toEqual(found);
  });
});
