import type { Visit } from '../launch/visit.js';
import type { Views } from '../web/views.js';
import { asideOf } from './aside.js';
import { markText } from './marks-as-text.js';
import type { Sheet } from './sheet.js';
import { isWaiting, sentenceOf } from './states.js';

/** The state of the whole sheet, as the page's script takes it; `src/client/results/answer.ts` reads it. */
export function answerOf({ views, visit, sheet }: { views: Views; visit: Visit; sheet: Sheet }) {
  const { t, language, course } = visit;
  const model = asideOf(visit, sheet);
  return {
    cells: Object.fromEntries(
      sheet.cells.map(({ column, sub, value, state }) => [
        `${column} ${sub}`,
        { state, base: value === null ? '' : String(value), text: markText(language, value) },
      ]),
    ),
    waiting: isWaiting(sheet),
    sentence: sentenceOf(sheet, t, course.lmsName),
    fixed: sheet.columns.filter(({ fixed }) => fixed).map(({ id }) => id),
    html: {
      legend: views.fragment(visit, 'results/legend-part', model),
      aside: views.fragment(visit, 'results/aside-part', model),
    },
  };
}
