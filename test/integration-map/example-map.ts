import type { IntegrationMap } from '../../src/integration-map/map.js';
import { emptyMooc, templateHead, templateRows } from '../../src/integration-map/template.js';

const at = new Date('2026-10-13T05:00:00Z');

/** A map as the template makes it, in memory. */
export const templateMap = (changes: Partial<IntegrationMap> = {}): IntegrationMap => ({
  revision: 1,
  structureRevision: 1,
  createdAt: at,
  updatedAt: at,
  updatedBy: { sub: 't1', name: 'Гүлмира' },
  head: templateHead({ title: 'Hotel business management', label: 'HBM' }),
  moocs: [emptyMooc('m1')],
  rows: templateRows(),
  outcomes: [],
  modules: [],
  cells: {},
  edits: {},
  ...changes,
});

/** The same with every must filled, so that nothing is left to say. */
export function filledMap(): IntegrationMap {
  const map = templateMap();
  return {
    ...map,
    head: {
      ...map.head,
      form: 'full-time',
      level: 'bachelor',
      language: 'kk',
      semester: 'Autumn 2026',
      hours: '150 h',
      credits: '5',
      model: '2',
    },
    moocs: map.moocs.map((mooc) => ({
      ...mooc,
      title: 'Hotel Management',
      link: 'https://coursera.org/x',
      match: '80',
    })),
    rows: map.rows.map((row) =>
      row.kind === 'control'
        ? row
        : {
            ...row,
            topic: row.kind === 'lecture' ? `Topic ${row.week}` : '',
            delivery: 'synchronous',
            platform: 'MS Teams',
            assessment: 'Online test',
          },
    ),
  };
}
