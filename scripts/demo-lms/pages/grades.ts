import { Router, urlencoded, type Request, type Response } from 'express';
import { courseById, mayTeach, personById } from '../enrolment.js';
import { gradebook, setGrade } from '../gradebook.js';
import { html, type Html } from '../html.js';
import { nameOf, page } from '../layout.js';
import type { Lms } from '../lms.js';
import { queryOf } from '../paging.js';
import type { GradebookView } from '../types.js';
import { courseVisit } from './door.js';

type Row = GradebookView['rows'][number];

const shownMark = (mark: number | null | undefined): string =>
  mark === null || mark === undefined ? '–' : String(Math.round(mark * 100) / 100);

const label = (lms: Lms, row: Row): string => {
  const person = personById(lms.world, row.userId);
  return person ? nameOf(person) : row.userId;
};

function cell(lms: Lms, base: string, row: Row, column: GradebookView['columns'][number], edits: boolean): Html {
  const mark = row.marks[column.id];
  if (!edits)
    return html`<td>
      ${shownMark(mark)}
      <div class="small text-wrap">${row.feedback[column.id]}</div>
    </td>`;
  const href = `${base}?student=${row.userId}&column=${column.id}#edit`;
  const analysis =
    typeof mark === 'number' &&
    html` <a
      class="small"
      href="/course/${base.split('/')[2] ?? ''}/serik?user=${row.userId}"
      aria-label="Grade analysis of ${label(lms, row)}"
      >Analysis</a
    >`;
  return html`<td>
    <a href="${href}" aria-label="Edit the mark of ${label(lms, row)} in ${column.label}: ${shownMark(mark)}"
      >${shownMark(mark)}</a
    >${analysis}
  </td>`;
}

function table(lms: Lms, base: string, view: GradebookView, edits: boolean): Html {
  if (view.columns.length === 0) return html`<p class="alert alert-info">The gradebook has no columns yet.</p>`;
  return html`<div class="table-responsive" tabindex="0" role="region" aria-label="Gradebook">
    <table class="table table-sm table-bordered bg-white grades">
      <thead>
        <tr>
          <th scope="col">Student</th>
          ${view.columns.map(
            ({ label: text, maximum }) =>
              html`<th scope="col">
                ${text}
                <div class="fw-normal small">out of ${maximum}</div>
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${view.rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${label(lms, row)}</th>
              ${view.columns.map((column) => cell(lms, base, row, column, edits))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

const option = (value: string, text: string, chosen: string | null): Html =>
  html`<option value="${value}" ${value === chosen && html` selected`}>${text}</option>`;

function editForm(lms: Lms, base: string, view: GradebookView, query: URLSearchParams): Html | false {
  if (view.columns.length === 0) return false;
  const [student, column] = [query.get('student'), query.get('column')];
  const mark = view.rows.find(({ userId }) => userId === student)?.marks[column ?? ''];
  return html`<form method="post" action="${base}" class="row g-2 align-items-end mb-3" id="edit">
    <div class="col-sm-4">
      <label class="form-label" for="student">Student</label
      ><select class="form-select" id="student" name="student">
        ${view.rows.map((row) => option(row.userId, label(lms, row), student))}
      </select>
    </div>
    <div class="col-sm-4">
      <label class="form-label" for="column">Column</label
      ><select class="form-select" id="column" name="column">
        ${view.columns.map((one) => option(one.id, one.label, column))}
      </select>
    </div>
    <div class="col-sm-2">
      <label class="form-label" for="mark">Mark (empty: none)</label
      ><input class="form-control" id="mark" name="mark" inputmode="decimal" value="${mark ?? ''}" />
    </div>
    <div class="col-sm-2"><button class="btn btn-primary" type="submit">Save mark</button></div>
  </form>`;
}

function gradesPage(lms: Lms, req: Request, res: Response): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  const { course, person, role } = visit;
  const teaches = mayTeach(role);
  const all = gradebook(lms.world, course.id);
  // A student sees the own row and no other.
  const view = teaches ? all : { ...all, rows: all.rows.filter(({ userId }) => userId === person.id) };
  const base = `/course/${course.id}/grades`;
  const body = html`${teaches && editForm(lms, base, view, queryOf(req))}${table(lms, base, view, teaches)}`;
  const crumbs = [{ text: course.shortName, href: `/course/${course.id}` }, { text: 'Grades' }];
  res
    .type('html')
    .send(page(lms, person, { title: teaches ? 'Grader report' : 'User report', crumbs, body, here: base }));
}

function saveMark(lms: Lms, req: Request, res: Response): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  const { course, role } = visit;
  const form = new URLSearchParams(req.body as Record<string, string>);
  const text = (form.get('mark') ?? '').trim().replace(',', '.');
  const mark = text === '' ? null : Number(text);
  const [userId, columnId] = [form.get('student') ?? '', form.get('column') ?? ''];
  const known = gradebook(lms.world, course.id);
  const good =
    known.rows.some((row) => row.userId === userId) &&
    known.columns.some(({ id }) => id === columnId) &&
    !Number.isNaN(mark);
  if (!mayTeach(role) || !good)
    return void res
      .status(mayTeach(role) ? 400 : 403)
      .type('text')
      .send('This mark cannot be saved');
  setGrade(lms.world, lms.now(), { courseId: course.id, columnId, userId, mark });
  res.redirect(303, `/course/${course.id}/grades?student=${userId}&column=${columnId}`);
}

export const gradesRoutes = (lms: Lms): Router =>
  Router()
    .get('/course/:id/grades', (req, res) => gradesPage(lms, req, res))
    .post('/course/:id/grades', urlencoded({ extended: false }), (req, res) => saveMark(lms, req, res))
    // Without a cookie: scripts and tests read it.
    .get('/course/:id/grades.json', (req, res) => {
      if (!courseById(lms.world, req.params.id)) return void res.status(404).json({ error: 'No such course' });
      res.json(gradebook(lms.world, req.params.id));
    });
