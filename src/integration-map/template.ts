import type { HeadField, LearningOutcome, Module, Mooc, Row, RowKind, Stage } from './map.js';

export const WEEKS = 15;
/** Of an accelerated form: two midterms and a lecture between them need three. */
export const FEWEST_WEEKS = 3;

export const emptyMooc = (id: string): Mooc => ({
  id,
  deleted: null,
  title: '',
  link: '',
  platform: '',
  language: '',
  hours: '',
  licence: '',
  match: '',
  reason: '',
});

export const newOutcome = (id: string, text: string): LearningOutcome => ({ id, deleted: null, text });

export const newModule = (id: string, mooc: string, title: string): Module => ({ id, mooc, deleted: null, title });

/** Lectures, practical classes and consultations count one hour until somebody says otherwise; controls have none. */
export const emptyRow = (id: string, kind: RowKind, stage: Stage | null = null): Row => ({
  id,
  kind,
  stage,
  deleted: null,
  week: '',
  topic: '',
  hours: kind === 'control' ? '' : '1',
  tasks: '',
  assessment: '',
  delivery: '',
  platform: '',
  link: '',
});

const lectures = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index)).map((week) => ({
    ...emptyRow(`l${week}`, 'lecture'),
    week,
  }));

/**
 * Appendix 1, 4.2, in the template's own order: midterm 2 comes after the exam's consultation. An accelerated form has fewer
 * weeks, with midterm 1 in the middle as there.
 */
export const templateRows = (weeks = WEEKS): Row[] => [
  ...lectures(1, Math.floor(weeks / 2)),
  emptyRow('c1', 'consultation', 'midterm-1'),
  emptyRow('k1', 'control', 'midterm-1'),
  ...lectures(Math.floor(weeks / 2) + 1, weeks - 1),
  emptyRow('c2', 'consultation', 'midterm-2'),
  ...lectures(weeks, weeks),
  emptyRow('c3', 'consultation', 'exam'),
  emptyRow('k2', 'control', 'midterm-2'),
  emptyRow('k3', 'control', 'exam'),
];

/** Dates belong to one term: another course or term begins without them. */
export const UNDATED = { semesterStart: '', holidays: '' } as const;

/** What a new map begins with; the LMS knows the discipline's name. */
export function templateHead({ title, label }: { title: string; label: string }): Record<HeadField, string> {
  const named = title.trim() === '' || label.trim() === '' || title.includes(label.trim());
  const discipline = named ? title.trim() || label.trim() : `${title.trim()} (${label.trim()})`;
  return {
    discipline: discipline.normalize('NFC').slice(0, 500),
    form: '',
    level: '',
    language: '',
    semester: '',
    ...UNDATED,
    attestation: 'exam',
    hours: '',
    credits: '',
    model: '',
  };
}
