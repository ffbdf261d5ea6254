import type { Language, Translate } from '../web/i18n.js';
import { fullDay } from '../web/dates.js';
import { waitsSince } from './version.js';
import type { Waiting } from './waiting.js';
import { courseName, nameOf, say, waitsText } from './words.js';

export interface LetterInput {
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
  readonly now: Date;
  /** Of whoever is reminded; may be empty. */
  readonly name: string;
  readonly waiting: readonly Waiting[];
  /** Where the LMS calls itself, and what opens Serik there. */
  readonly lms: { readonly name: string; readonly address: string };
}

/** What names a person or a course is one line of the letter, whatever stands in it. */
const line = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** One letter on all that waits for one person, the longest first. Plain text: it is read in every mail program. */
export function reminderLetter(input: LetterInput): { readonly subject: string; readonly text: string } {
  const { t, language, timeZone, now, name, waiting, lms } = input;
  const reader = { t };
  const sorted = [...waiting].sort((a, b) => waitsSince(a.version).getTime() - waitsSince(b.version).getTime());
  const maps = sorted.map(({ version, course }) => {
    return [
      `- ${line(version.discipline)} (${line(courseName(course))})`,
      `  ${say(reader, 'letter.version', {
        number: version.number,
        who: line(nameOf(reader, version.submittedBy.name)),
        day: fullDay(version.submittedAt, language, timeZone),
      })}`,
      `  ${waitsText(reader, version, now)}`,
    ].join('\n');
  });
  return {
    subject: say(reader, 'letter.subject', { count: sorted.length }),
    text: [
      name === '' ? say(reader, 'letter.hello') : say(reader, 'letter.hello-name', { name: line(name) }),
      say(reader, 'letter.lead', { count: sorted.length }),
      maps.join('\n\n'),
      say(reader, 'letter.open', { lms: line(lms.name), address: lms.address }),
      say(reader, 'letter.why'),
    ].join('\n\n'),
  };
}
