import type { HeadField, Mooc, Row, RowKind, Stage } from './map.js';

export const WEEKS = 15;

export const emptyMooc = (id: string): Mooc => ({
  id,
  deleted: null,
  title: '',
  link: '',
  platform: '',
  language: '',
  hours: '',
  match: '',
});

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

/** Appendix 1, 4.2, in the template's own order: midterm 2 comes after the exam's consultation. */
export const templateRows = (): Row[] => [
  ...lectures(1, 7),
  emptyRow('c1', 'consultation', 'midterm-1'),
  emptyRow('k1', 'control', 'midterm-1'),
  ...lectures(8, 14),
  emptyRow('c2', 'consultation', 'midterm-2'),
  ...lectures(15, WEEKS),
  emptyRow('c3', 'consultation', 'exam'),
  emptyRow('k2', 'control', 'midterm-2'),
  emptyRow('k3', 'control', 'exam'),
];

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
    attestation: 'exam',
    hours: '',
    credits: '',
    model: '',
  };
}
