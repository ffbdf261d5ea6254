import type { Course, MannerName, ResourceLink } from './types.js';

/** Moodle's front page is the course with this id. */
export const FRONT_PAGE: Course = { id: '1', title: 'Demo university', shortName: 'Demo' };

export const isFrontPage = (manner: MannerName, courseId: string): boolean =>
  manner === 'moodle' && courseId === FRONT_PAGE.id;

/** Where a tool opens outside every course: site administration, and the dashboard of every staff member. */
export type SitePlace = 'administration' | 'dashboard';

export const NO_COURSE = '';

const link = (id: string, courseId: string): ResourceLink => ({
  id,
  courseId,
  title: 'Serik',
  description: 'Tutoring of the whole site',
  custom: {},
});

const FRONT_PAGE_LINK = link('3', FRONT_PAGE.id);

/** In Moodle both open the one activity of the front page; Open edX has no such place. */
const LINKS: Record<MannerName, Readonly<Record<SitePlace, ResourceLink>> | undefined> = {
  standard: { administration: link('site-administration', NO_COURSE), dashboard: link('dashboard', NO_COURSE) },
  moodle: { administration: FRONT_PAGE_LINK, dashboard: FRONT_PAGE_LINK },
  'open-edx': undefined,
};

export const siteLink = (manner: MannerName, place: SitePlace): ResourceLink | undefined => LINKS[manner]?.[place];

export const siteLinks = (manner: MannerName): readonly ResourceLink[] => Object.values(LINKS[manner] ?? {});
