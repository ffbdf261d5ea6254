import type { Visit } from '../launch/visit.js';
import { AppError } from '../web/errors.js';
import type { Reader } from './labels.js';

/** Whoever asks, as the words of the map's pages are chosen for. */
export const readerOf = (
  { person, t, language, now }: Pick<Visit, 'person' | 't' | 'language' | 'now'>,
  timeZone: string,
): Reader => ({
  sub: person.sub,
  t,
  language,
  timeZone,
  now,
});

export function theMap<T>(found: T | null): T {
  if (found === null) throw new AppError('not_found', 'no-map');
  return found;
}
