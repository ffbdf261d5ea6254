import { LANGUAGES, type Language } from '../web/i18n.js';
import { say, type Reader } from './labels.js';
import { DELIVERIES, LIMITS, parsePath, ROW_FIELDS, specOf, STAGES } from './map.js';

/** One number for each plural of the language, to ask the catalogue for its form. */
function samplesOf(language: Language): Map<Intl.LDMLPluralRule, number> {
  const rules = new Intl.PluralRules(language);
  const samples = new Map<Intl.LDMLPluralRule, number>();
  for (const sample of [1, 2, 5, 0.5])
    if (!samples.has(rules.select(sample))) samples.set(rules.select(sample), sample);
  return samples;
}

/** A sentence in each of its plurals; the script puts the numbers in. */
const plurals = (reader: Reader, key: string) =>
  Object.fromEntries(
    [...samplesOf(reader.language)].map(([rule, count]) => [
      rule,
      say(reader, `sheet.${key}`, { count, number: '{number}', max: '{max}' }),
    ]),
  );

/** In all three languages, since a table may come from a syllabus in another one than the page's. */
const everywhere = (reader: Reader, key: string) => LANGUAGES.map((lng) => say(reader, key, { lng }));

/** How consultations and controls are called in any language, and how this page calls them. */
const rowNames = (reader: Reader) =>
  ['consultation', 'control'].flatMap((kind) =>
    STAGES.flatMap((stage) => {
      const key = `kind.${kind}.${stage}`;
      return everywhere(reader, key).map((spelling) => [spelling, say(reader, key)]);
    }),
  );

const stems = (reader: Reader, delivery: string) =>
  everywhere(reader, `sheet.delivery.${delivery}`).flatMap((list) => list.split(',').map((stem) => stem.trim()));

/** Beginnings of words that name each form of delivery. */
export const deliveryWords = (reader: Reader): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(DELIVERIES.map((delivery) => [delivery, stems(reader, delivery)]));

/** What the script needs to paste and copy ranges of the weekly table, and to say so. */
export const sheetTexts = (reader: Reader) => ({
  maxRows: LIMITS.rows,
  max: Object.fromEntries(
    ROW_FIELDS.map((field) => {
      const path = parsePath(`rows.l1.${field}`);
      return [field, path ? specOf(path).max : 0];
    }),
  ),
  choices: deliveryWords(reader),
  names: rowNames(reader),
  plurals: Object.fromEntries(
    ['rows', 'columns', 'adds', 'no-room', 'no-column', 'no-place', 'too-long'].map((key) => [
      key,
      plurals(reader, key),
    ]),
  ),
  size: say(reader, 'sheet.size', { rows: '{rows}', columns: '{columns}' }),
  notChoices: say(reader, 'sheet.not-choices', { texts: '{texts}' }),
  pasted: say(reader, 'sheet.pasted', { size: '{size}' }),
  selected: say(reader, 'sheet.selected', { size: '{size}' }),
  copied: say(reader, 'sheet.copied', { size: '{size}' }),
  undone: say(reader, 'sheet.undone'),
  redone: say(reader, 'sheet.redone'),
  notMoved: say(reader, 'sheet.not-moved'),
});
