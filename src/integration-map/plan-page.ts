import { placeName, number, rowName, say, type Reader } from './labels.js';
import { DELIVERIES, liveMoocs, type Delivery, type IntegrationMap, type RowKind, type Stage } from './map.js';
import { readNumber } from './hours.js';
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
  return placeRows(map).map(({ row, number: count, week }) => ({
    id: row.id,
    kind: row.kind,
    stage: row.stage,
    number: count,
    week,
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

/** The weekly plan for students: a panel a week, in the map's order; empty where there is no map yet. */
export function planPage(reader: Reader, map: IntegrationMap | null) {
  if (!map) return { lead: null, weeks: [], moocs: [] };
  const rows = planOf(map);
  const weeks: { week: number | null; rows: PlanRow[] }[] = [];
  for (const row of rows) {
    const last = weeks.at(-1);
    if (last && last.week === row.week) last.rows.push(row);
    else weeks.push({ week: row.week, rows: [row] });
  }
  const count = new Set(rows.flatMap(({ week }) => week ?? [])).size;
  return {
    lead: say(reader, 'plan.student-lead', { count }),
    weeks: weeks.map(({ week, rows: ofWeek }) => ({
      title: week === null ? say(reader, 'plan.before') : say(reader, 'plan.week', { week }),
      rows: ofWeek.map((row) => rowView(reader, map, row)),
    })),
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
