import type { PlannedStage, Stage } from '../consultations/index.js';
import { moocCounts, planOf, STAGES, type IntegrationMap, type PlanRow } from '../integration-map/index.js';
import type { Asked, PlannedColumn } from './rules.js';

const DAY_MS = 86_400_000;
const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);

const latest = (rows: readonly PlanRow[]): string | null =>
  rows
    .map(({ dates }) => dates?.last ?? '')
    .sort()
    .at(-1) || null;

/**
 * From the week of the consultation on, until its control: to the day before the control's week, or to the end of the week
 * that both share, since the map says no weekday of a control.
 */
function windowOf(rows: readonly PlanRow[], control: PlanRow | undefined): PlannedStage['window'] {
  const first = rows
    .map(({ dates }) => dates?.first ?? '')
    .filter((day) => day !== '')
    .sort()[0];
  const own = latest(rows);
  if (first === undefined || own === null) return null;
  const begins = control?.dates?.first;
  return { first, last: begins !== undefined && begins > own ? dayBefore(begins) : own };
}

/** Several rows of one stage are one plan: their hours together, and the rest from the first that says it. */
function stageOf(stage: Stage, plan: readonly PlanRow[]): PlannedStage[] {
  const rows = plan.filter((row) => row.kind === 'consultation' && row.stage === stage);
  if (rows.length === 0) return [];
  const hours = rows.flatMap((row) => row.hours ?? []);
  return [
    {
      stage,
      window: windowOf(
        rows,
        plan.find((row) => row.kind === 'control' && row.stage === stage),
      ),
      hours: hours.length === 0 ? null : Math.round(hours.reduce((sum, one) => sum + one * 100, 0)) / 100,
      delivery: rows.find(({ delivery }) => delivery !== null)?.delivery ?? null,
      platform: rows.find(({ platform }) => platform !== '')?.platform ?? '',
      link: rows.find(({ link }) => link !== null)?.link ?? null,
    },
  ];
}

function columnsOf(map: IntegrationMap, plan: readonly PlanRow[]): PlannedColumn[] {
  const controls = STAGES.flatMap((stage): PlannedColumn[] => {
    const rows = plan.filter((row) => row.kind === 'control' && row.stage === stage);
    return rows.length === 0 ? [] : [{ column: stage, due: latest(rows) }];
  });
  const lectures = plan.filter(({ kind }) => kind === 'lecture');
  return moocCounts(map) ? [...controls, { column: 'mooc', due: latest(lectures) }] : controls;
}

/** What a map asks of the consultations and of the results. */
export function askedOf(map: IntegrationMap): Asked {
  const plan = planOf(map);
  return { stages: STAGES.flatMap((stage) => stageOf(stage, plan)), columns: columnsOf(map, plan) };
}
