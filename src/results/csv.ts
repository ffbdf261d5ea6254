import type { Visit } from '../launch/visit.js';
import { markText } from './marks-as-text.js';
import type { Sheet } from './sheet.js';

/** A cell that a spreadsheet would run as a formula gets an apostrophe (OWASP, CSV injection). */
const guarded = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text: string) => (/[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** For a spreadsheet: UTF-8 with its mark, and semicolons, since Kazakh and Russian decimals have commas. */
export function csvOf({ t, language, course }: Visit, sheet: Sheet): string {
  const word = (state: string) => t(`results:filter.${state}`, { lms: course.lmsName });
  const heads = sheet.columns.flatMap(({ id: column }) => {
    const name = t(`results:column.${column}`);
    return [name, t('results:csv.state', { control: name })];
  });
  const rows = sheet.students.map(({ sub, name, email }) => [
    name ?? '',
    email ?? '',
    sub,
    ...sheet.columns.flatMap(({ id: column }) => {
      const { value, state } = sheet.cell(column, sub);
      return [markText(language, value), state === 'left' ? '' : word(state === 'sending' ? 'waiting' : state)];
    }),
  ]);
  const lines = [[t('results:csv.name'), t('results:csv.email'), t('results:csv.id'), ...heads], ...rows];
  return `\ufeff${lines.map((line) => line.map((cell) => quoted(guarded(cell))).join(';')).join('\r\n')}\r\n`;
}
