/**
 * The controls of the regulation, clauses 7.2 and 7.3, in the order of the semester; each is one grade column of the LMS. The
 * MOOC's result is there only in a course where a teacher placed it.
 */
export const CONTROLS = ['midterm-1', 'midterm-2', 'exam', 'mooc'] as const;
/** In every course. */
export const USUAL_CONTROLS: readonly ControlId[] = ['midterm-1', 'midterm-2', 'exam'];
export type ControlId = (typeof CONTROLS)[number];

export const DEFAULT_MAXIMUM = 100;
/** Moodle's site limit for a grade's maximum is 100 by default; a column that is made there may hold more. */
export const LARGEST_MAXIMUM = 1000;

export const isControl = (text: string): text is ControlId => (CONTROLS as readonly string[]).includes(text);

/** How our line item is found again in the LMS (AGS 2.0: `resourceId`, `tag`). */
export const lineItemNames = (control: ControlId) => ({ resourceId: `serik:${control}`, tag: control });

/** A line item as the LMS makes it together with a placed link; our sending finds it by its names. */
export const lineItemOf = (control: ControlId, label: string) => ({
  label,
  scoreMaximum: DEFAULT_MAXIMUM,
  ...lineItemNames(control),
});
