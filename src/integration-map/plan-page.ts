import { shortDay } from '../web/dates.js';
import { reliance, type Planned } from './agreed.js';
import { semesterOf, standingOf, type IsoDay, type Standing, type WeekDates } from './dates.js';
import { readNumber } from './hours.js';
import { datesText, number, placeName, rowName, say, todayOf, type Reader } from './labels.js';
import { DELIVERIES, liveMoocs, type Delivery, type IntegrationMap, type RowKind, type Stage } from './map.js';
import { placeRows, safeLink } from './rules.js';

/** One row of the weekly plan, in the map's order: what other rooms and the students see of it. */
export interface PlanRow {
  readonly id: string;
  readonly kind: RowKind;
  /** Of consultations and controls; a control's `exam` is the final control. */
  readonly stage: Stage | null;
  /** Among lectures, or among practical classes. */
  readonly number: number | null;
  readonly week: number | null;
  /** The days of its week; nothing before the semester's start is known. */
  readonly dates: WeekDates | null;
  /** For a control: its date, time and place as the tutor wrote them. */
  readonly topic: string;
  readonly hours: number | null;
  readonly tasks: string;
  readonly assessment: string;
  readonly delivery: Delivery | null;
  readonly platform: string;
  /** Only http and https; nothing that a page may not make a link of. */
  readonly link: string | null;
}

export function planOf(map: IntegrationMap): PlanRow[] {
  const semester = semesterOf(map.head);
  return placeRows(map).map(({ row, number: count, week }) => ({
    id: row.id,
    kind: row.kind,
    stage: row.stage,
    number: count,
    week,
    dates: week === null ? null : semester(week),
    topic: row.topic,
    hours: readNumber(row.hours) ?? null,
    tasks: row.tasks,
    assessment: row.assessment,
    delivery: DELIVERIES.find((delivery) => delivery === row.delivery) ?? null,
    platform: row.platform,
    link: safeLink(row.link),
  }));
}

function rowView(reader: Reader, map: IntegrationMap, row: PlanRow) {
  const placed = placeRows(map).find((candidate) => candidate.row.id === row.id);
  const facts = [
    row.hours === null ? '' : say(reader, 'totals.hours', { hours: number(reader, row.hours) }),
    row.delivery ? say(reader, `choice.delivery.${row.delivery}`) : '',
  ].filter((fact) => fact !== '');
  const name = placed ? rowName(reader, placed) : '';
  return {
    consultation: row.kind === 'consultation',
    control: row.kind === 'control',
    name,
    line: [name, ...facts].join(' · '),
    facts: facts.join(' · '),
    topic: row.topic === '' ? null : row.topic,
    tasks: row.tasks === '' ? null : row.tasks,
    assessment: row.assessment === '' ? null : row.assessment,
    platform: row.platform === '' ? null : row.platform,
    link: row.link,
    linkText:
      row.platform === '' ? say(reader, 'plan.open-link') : say(reader, 'plan.open', { platform: row.platform }),
    about: placed ? placeName(reader, placed) : '',
  };
}

interface PlanWeek {
  readonly week: number | null;
  readonly dates: WeekDates | null;
  readonly rows: readonly PlanRow[];
}

function weeksOf(rows: readonly PlanRow[]): PlanWeek[] {
  const weeks: (PlanWeek & { readonly rows: PlanRow[] })[] = [];
  for (const row of rows) {
    const last = weeks.at(-1);
    if (last && last.week === row.week) last.rows.push(row);
    else weeks.push({ week: row.week, dates: row.dates, rows: [row] });
  }
  return weeks;
}

/** Rows without a week of their own go with those before them, or at the beginning with those that follow. */
function standings(weeks: readonly PlanWeek[], today: IsoDay): (Standing | null)[] {
  const own = weeks.map(({ dates }) => dates && standingOf(dates, today));
  const first = own.find((standing) => standing !== null) ?? null;
  return own.map((standing, index) => standing ?? own.slice(0, index).findLast((before) => before !== null) ?? first);
}

function weekView(reader: Reader, map: IntegrationMap, { week, dates, rows }: PlanWeek, now: boolean) {
  return {
    title: week === null ? say(reader, 'plan.before') : say(reader, 'plan.week', { week }),
    dates: dates ? datesText(reader, dates) : null,
    holidays:
      dates && dates.holidays.length > 0
        ? say(reader, 'plan.holidays', { names: [...new Set(dates.holidays)].join(', ') })
        : null,
    now,
    rows: rows.map((row) => rowView(reader, map, row)),
  };
}

/** What this week asks for: its tasks, and the control that it ends with. */
function dueView(reader: Reader, map: IntegrationMap, { dates, rows }: PlanWeek) {
  const until = dates ? say(reader, 'plan.until', { day: shortDay(dates.last, reader.language) }) : '';
  return rows
    .filter(({ kind, tasks }) => kind === 'control' || tasks !== '')
    .map((row) => {
      const { name, control, topic, tasks, assessment } = rowView(reader, map, row);
      return {
        what: control ? name : tasks,
        detail: control ? null : [name, topic, assessment].filter((part) => part !== null).join(' · '),
        control,
        when: control ? (topic ?? say(reader, 'plan.this-week')) : until,
      };
    });
}

/** The weekly plan for students: a panel a week, this week first, the past ones folded away; null without a map. */
export function planPage(reader: Reader, planned: Planned | null) {
  if (!planned) return null;
  const { map } = planned;
  const rows = planOf(map);
  const weeks = weeksOf(rows);
  const standing = standings(weeks, todayOf(reader));
  const count = new Set(rows.flatMap(({ week }) => week ?? [])).size;
  const now = weeks.filter((_, index) => standing[index] === 'now');
  const past = weeks.filter((_, index) => standing[index] === 'past');
  const views = weeks.map((week, index) => weekView(reader, map, week, standing[index] === 'now'));
  return {
    reliance: reliance(reader, planned),
    lead: say(reader, 'plan.student-lead', { count }),
    dated: weeks.some(({ dates }) => dates !== null),
    due: now.flatMap((week) => dueView(reader, map, week)),
    /** All weeks in the map's order, as they are printed. */
    inOrder: views,
    weeks: views.filter((_, index) => standing[index] !== 'past'),
    past: views.filter((_, index) => standing[index] === 'past'),
    pastTitle: say(reader, 'plan.past', { count: new Set(past.map(({ week }) => week)).size }),
    over: weeks.length > 0 && past.length === weeks.length,
    moocs: liveMoocs(map)
      .filter(({ title, link }) => title !== '' || safeLink(link) !== null)
      .map((mooc) => ({
        title: mooc.title === '' ? say(reader, 'mooc.untitled') : mooc.title,
        facts: [mooc.platform, mooc.language].filter((fact) => fact !== '').join(' · '),
        link: safeLink(mooc.link),
        linkText:
          mooc.platform === '' ? say(reader, 'plan.open-link') : say(reader, 'plan.open', { platform: mooc.platform }),
      })),
  };
}
