import type { Visit } from '../launch/visit.js';
import { localTime } from '../web/dates.js';
import type { Participant, RosterState } from './roster.js';

/** A person as pages show them: a missing name is said, with the LMS's id beside it. */
export const displayName = (t: Visit['t'], { sub, name }: Pick<Participant, 'sub' | 'name'>): string =>
  name ?? t('common:no-name', { id: sub });

export const timeOf = (at: Date, { language }: Pick<Visit, 'language'>, zone: string): string =>
  localTime(at, language, zone).toFormat('d LLL, HH:mm');

/** The roster's state in one sentence, with its tone. */
export function rosterStatus(visit: Visit, roster: RosterState, zone: string) {
  const { t } = visit;
  const lms = visit.course.lmsName;
  const readAt = roster.readAt ? timeOf(roster.readAt, visit, zone) : '';
  switch (roster.state) {
    case 'read':
      return {
        tone: 'ok',
        icon: 'check-circle-fill',
        text: t('participants:state.read', { at: readAt, count: roster.people }),
      };
    case 'failed':
    case 'not-offered':
      return {
        tone: 'bad',
        icon: 'x-octagon-fill',
        text: t(`participants:reason.${roster.reason ?? 'unreachable'}`, { lms }),
      };
    default:
      return { tone: 'info', icon: 'arrow-repeat', text: t('participants:state.reading', { lms }) };
  }
}

/** So many people stand on one page; a course may have thousands. */
const PAGE = 100;

export interface StudentsQuery {
  readonly search: string;
  /** A group's name; empty: everybody. */
  readonly group: string;
  /** From 1. */
  readonly page: number;
}

function matching(
  students: readonly Participant[],
  { search, group }: StudentsQuery,
  language: string,
): readonly Participant[] {
  const wanted = search.trim().toLocaleLowerCase(language);
  return students.filter(
    ({ name, email, sub, groups = [] }) =>
      (group === '' || groups.includes(group)) &&
      (wanted === '' || [name, email, sub].some((text) => text?.toLocaleLowerCase(language).includes(wanted))),
  );
}

/** The groups that students are in, in order; 10 comes after 9. */
const groupsOf = (students: readonly Participant[], language: string): readonly string[] =>
  [...new Set(students.flatMap(({ groups = [] }) => groups))].sort(
    new Intl.Collator(language, { numeric: true }).compare,
  );

const pageAddress = ({ search, group }: StudentsQuery, page: number): string => {
  const query = { ...(search === '' ? {} : { search }), ...(group === '' ? {} : { group }), page: String(page) };
  return `/students?${new URLSearchParams(query).toString()}`;
};

export function studentsPage(
  visit: Visit,
  students: readonly Participant[],
  roster: RosterState,
  asked: StudentsQuery,
  zone: string,
) {
  const { t, language } = visit;
  const groups = groupsOf(students, language);
  // A group that is gone would show nobody, with no choice in the list that says why.
  const query = { ...asked, group: groups.includes(asked.group) ? asked.group : '' };
  const found = matching(students, query, language);
  const from = Math.min((query.page - 1) * PAGE, Math.max(0, Math.ceil(found.length / PAGE) - 1) * PAGE);
  const shown = found.slice(from, from + PAGE);
  const page = from / PAGE + 1;
  return {
    status: rosterStatus(visit, roster, zone),
    pages: roster.pages > 1 ? t('participants:pages', { count: roster.pages }) : '',
    count: t('participants:students', { count: students.length }),
    left: roster.left ? t('participants:left', { count: roster.left }) : '',
    search: query.search,
    groups: groups.map((name) => ({ name, chosen: name === query.group })),
    mayRead: visit.may('roster:read') && roster.state !== 'not-offered',
    waiting: roster.state === 'reading' || roster.state === 'never',
    students: shown.map((person) => ({
      name: displayName(t, person),
      nameless: person.name === undefined,
      groups: new Intl.ListFormat(language, { type: 'unit' }).format(person.groups ?? []),
      email: person.email ?? t('participants:no-email'),
      mailless: person.email === undefined,
      id: person.sub,
    })),
    range:
      found.length > PAGE ? t('participants:range', { from: from + 1, to: from + shown.length, of: found.length }) : '',
    previous: page > 1 ? pageAddress(query, page - 1) : '',
    next: from + PAGE < found.length ? pageAddress(query, page + 1) : '',
    isEmpty: students.length === 0,
    noneFound: students.length > 0 && found.length === 0,
  };
}
