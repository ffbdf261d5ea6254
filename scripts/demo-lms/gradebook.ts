import { isGradable, membersOf } from './enrolment.js';
import type { Grade, GradebookView, LineItem } from './types.js';
import type { World } from './world.js';

export const itemsOf = (world: World, courseId: string): LineItem[] =>
  world.lineItems.filter((item) => item.courseId === courseId);

export const itemById = (world: World, courseId: string, id: string | undefined): LineItem | undefined =>
  world.lineItems.find((item) => item.courseId === courseId && item.id === id);

export const gradeOf = (world: World, lineItemId: string, userId: string): Grade | undefined =>
  world.grades.find((grade) => grade.lineItemId === lineItemId && grade.userId === userId);

export function putGrade(world: World, grade: Grade): void {
  world.grades = world.grades.filter((one) => one.lineItemId !== grade.lineItemId || one.userId !== grade.userId);
  world.grades.push(grade);
  world.changed();
}

export function removeItem(world: World, item: LineItem): void {
  world.lineItems = world.lineItems.filter((one) => one !== item);
  world.grades = world.grades.filter((grade) => grade.lineItemId !== item.id);
  world.changed();
}

/** A changed maximum keeps each mark's share of the whole. */
export function rescale(world: World, item: LineItem, maximum: number): void {
  if (item.maximum > 0)
    for (const grade of world.grades)
      if (grade.lineItemId === item.id && grade.mark !== null) grade.mark = (grade.mark * maximum) / item.maximum;
  item.maximum = maximum;
}

type Column = GradebookView['columns'][number];

/** Open edX has one cell for each graded component, whatever line items the tool made (fact 0.2). */
function columnsOf(world: World, courseId: string): Column[] {
  if (world.manner !== 'open-edx')
    return itemsOf(world, courseId).map(({ id, label, maximum }) => ({ id, label, maximum }));
  return world.links.flatMap(({ id, courseId: course, title, component }) =>
    course === courseId && component?.graded === true ? [{ id, label: title, maximum: component.weight }] : [],
  );
}

/** A teacher's edit in the gradebook. */
export function setGrade(
  world: World,
  now: Date,
  { courseId, columnId, userId, mark }: { courseId: string; columnId: string; userId: string; mark: number | null },
): void {
  const column = columnsOf(world, courseId).find(({ id }) => id === columnId);
  if (!column || !isGradable(world, courseId, userId))
    throw new Error(`No column ${columnId} or student ${userId} in ${courseId}`);
  const feedback = gradeOf(world, columnId, userId)?.feedback ?? '';
  putGrade(world, { lineItemId: columnId, userId, mark, feedback, modifiedMs: now.getTime(), byTeacher: true });
}

export function lockColumn(world: World, courseId: string, columnId: string, locked: boolean): void {
  const item = itemById(world, courseId, columnId);
  if (!item) throw new Error(`No column ${columnId} in ${courseId}`);
  item.locked = locked;
  world.changed();
}

export function gradebook(world: World, courseId: string): GradebookView {
  const columns = columnsOf(world, courseId);
  const students = membersOf(world, courseId).filter(({ role }) => role === 'student');
  return {
    columns,
    rows: students.map(({ person }) => {
      const grades = columns.map(({ id }) => [id, gradeOf(world, id, person.id)] as const);
      return {
        userId: person.id,
        name: person.name,
        marks: Object.fromEntries(grades.map(([id, grade]) => [id, grade?.mark ?? null])),
        feedback: Object.fromEntries(grades.flatMap(([id, grade]) => (grade?.feedback ? [[id, grade.feedback]] : []))),
      };
    }),
  };
}
