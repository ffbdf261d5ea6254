import type { Action } from '../launch/permissions.js';
import type { DeskVisit } from '../launch/desk.js';
import type { Visit } from '../launch/visit.js';

const TABS = [
  { name: 'overview', path: '', action: 'course:view', icon: 'house' },
  { name: 'map', path: '/map', action: 'map:view', icon: 'table' },
  { name: 'slots', path: '/consultations', action: 'slots:view', icon: 'people' },
  { name: 'results', path: '/results', action: 'results:view', icon: 'bar-chart' },
  { name: 'students', path: '/students', action: 'course:view', icon: 'person-lines-fill' },
  { name: 'home', path: '', action: 'home:view', icon: 'house' },
  { name: 'plan', path: '/plan', action: 'plan:view', icon: 'calendar3' },
  { name: 'booking', path: '/consultations', action: 'slots:book', icon: 'people' },
] as const satisfies readonly { name: string; path: string; action: Action; icon: string }[];

export type TabName = (typeof TABS)[number]['name'];

export interface Tab {
  readonly label: string;
  readonly href: string;
  readonly icon: string;
  readonly current: boolean;
}

/** The tabs that this person's role may open. */
export const tabsOf = (visit: Visit, current: TabName): Tab[] =>
  TABS.filter(({ action }) => visit.may(action)).map(({ name, path, icon }) => ({
    label: visit.t(`common:tab.${name}`),
    href: `/c/${visit.course.id}${path === '' ? '/' : path}`,
    icon,
    current: name === current,
  }));

const DESK_TABS = [
  { name: 'platforms', path: '/desk/', all: false },
  { name: 'add', path: '/desk/add', all: true },
  { name: 'agreement', path: '/desk/agreement', all: false },
  { name: 'events', path: '/desk/events', all: false },
] as const;
export type DeskTab = (typeof DESK_TABS)[number]['name'];

/** An administrator who looks after one LMS only adds none. */
export const deskTabsOf = ({ t, platform }: DeskVisit, current: DeskTab) =>
  DESK_TABS.filter(({ all }) => !all || platform.desk === 'all').map(({ name, path }) => ({
    label: t(`desk:tab.${name}`),
    href: path,
    current: name === current,
  }));
