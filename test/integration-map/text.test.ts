import { expect, test } from '@jest/globals';
import { parsePath, type FieldPath } from '../../src/integration-map/map.js';
import { normalise, readText } from '../../src/integration-map/text.js';

const topic: FieldPath = { group: 'rows', id: 'l1', field: 'topic' };

test.each([
  ['  Кіріспе \r\n  бөлім \r\n', 'Кіріспе\n  бөлім'],
  ['й'.normalize('NFD'), 'й'],
  ['line\vbreak of Word', 'line\nbreak of Word'],
])('%j is put in order as %j', (raw, text) => {
  expect(readText(topic, raw)).toEqual({ text });
});

test('a field of one line has no line breaks left', () => {
  expect(normalise(' MS Teams,\n room 304 \n', false)).toBe('MS Teams, room 304');
});

test.each([
  ['a'.repeat(2001), 'too-long'],
  ['a'.repeat(10_000), 'too-long'],
  ['null\u0000byte', 'not-text'],
  ['half \ud83d pair', 'not-text'],
  ['bell\u0007', 'not-text'],
])('a text such as %j is refused as %s', (raw, fault) => {
  expect(readText(topic, raw)).toEqual({ fault });
});

test('2,000 characters and whole emoji are taken', () => {
  expect(readText(topic, 'a'.repeat(2000))).toEqual({ text: 'a'.repeat(2000) });
  expect(readText(topic, 'Ура 🎓')).toEqual({ text: 'Ура 🎓' });
});

test('a megabyte of blanks is refused at once', () => {
  const start = performance.now();
  expect(readText(topic, ' \n'.repeat(500_000))).toEqual({ fault: 'too-long' });
  normalise(' '.repeat(1_000_000), true);
  expect(performance.now() - start).toBeLessThan(500);
});

test('a choice is one of its codes or none', () => {
  const delivery: FieldPath = { group: 'rows', id: 'l1', field: 'delivery' };
  expect(readText(delivery, 'in-class')).toEqual({ text: 'in-class' });
  expect(readText(delivery, '')).toEqual({ text: '' });
  expect(readText(delivery, 'by pigeon')).toEqual({ fault: 'not-a-choice' });
});

test.each([
  'rows.constructor.topic',
  'rows.__proto__.topic',
  'head.__proto__',
  'head.constructor',
  'rows.l1.toString',
  'rows.l1',
  'rows.l1.topic.x',
  'rows.$l1.topic',
  'moocs.m1.topic',
  'edits.head.form',
  '',
])('"%s" is the path of no field', (path) => {
  expect(parsePath(path)).toBeUndefined();
});
