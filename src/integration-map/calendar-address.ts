import { z } from 'zod';
import { LANGUAGES, type Language } from '../web/i18n.js';
import { sealer } from '../web/sealed.js';

const Sealed = z.tuple([z.string().min(1), z.enum(LANGUAGES)]);

export interface CalendarAddresses {
  /** Where a calendar program finds the plan of this course, in this language. Whoever has the address may read it. */
  of(course: string, language: Language): string;
  /** Which course an address is of; nothing where we did not make it. */
  read(token: string): { readonly course: string; readonly language: Language } | undefined;
}

/** Addresses hold what they open, sealed: nothing is stored, and nobody can make one for another course. */
export function createCalendarAddresses({
  secret,
  publicUrl,
}: {
  secret: string;
  publicUrl: string;
}): CalendarAddresses {
  const seals = sealer(secret, 'plan-calendar');
  return {
    of: (course, language) => `${publicUrl}/calendar/${seals.seal([course, language])}.ics`,
    read(token) {
      const { data } = Sealed.safeParse(seals.open(token));
      return data && { course: data[0], language: data[1] };
    },
  };
}
