import type { Role } from '../launch/permissions.js';

/** What a teacher can place in the course: the whole tool or a part of it, each a link of its own. */
export const PLACES = ['tool', 'plan', 'stage-midterm-1', 'stage-midterm-2', 'stage-exam', 'mooc'] as const;
export type PlaceName = (typeof PLACES)[number];

export const isPlace = (text: string | undefined): text is PlaceName =>
  (PLACES as readonly (string | undefined)[]).includes(text);

/** Names of the link's custom parameters. In lower case, since Moodle writes others twice. */
export const PARAMETER = {
  place: 'serik_place',
  /** The course in which the link was placed. In a copied course it still names the first one. */
  course: 'serik_course',
  /** `$Context.id.history`: the LMS's own list of the courses that this one was copied from. */
  history: 'serik_history',
} as const;

const AT: Record<PlaceName, Record<'student' | 'staff', string>> = {
  tool: { student: '/', staff: '/' },
  plan: { student: '/plan', staff: '/map' },
  'stage-midterm-1': { student: '/consultations?stage=midterm-1', staff: '/consultations?stage=midterm-1' },
  'stage-midterm-2': { student: '/consultations?stage=midterm-2', staff: '/consultations?stage=midterm-2' },
  'stage-exam': { student: '/consultations?stage=exam', staff: '/consultations?stage=exam' },
  mooc: { student: '/', staff: '/results?column=mooc' },
};

/** The page of a placed link, below the course's address. A link that names nothing known opens the whole tool. */
export const pathOf = (place: string | undefined, role: Role): string =>
  AT[isPlace(place) ? place : 'tool'][role === 'student' ? 'student' : 'staff'];

/**
 * The courses that this one may be a copy of, the nearest first: LMS ids from the LMS's history (Moodle's is separated by
 * commas, and a variable that the LMS does not know comes literally, with its dollar sign).
 */
export const ancestorsOf = (custom: Readonly<Record<string, string>>): string[] => {
  const history = custom[PARAMETER.history] ?? '';
  if (history.startsWith('$')) return [];
  return history
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
    .slice(0, 10);
};
