import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createGradeService, type GradeService } from '../../src/lti/index.js';
import { createColumnStore, type ColumnStore } from '../../src/results/column-store.js';
import { endOfDay } from '../../src/results/due.js';
import { createLineItems } from '../../src/results/line-items.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { testCourse } from '../support/room-app.js';

const LINE_ITEM = 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem';
const NOW = new Date('2026-10-13T05:41:00Z');
const lineItemsUrl = 'https://lms.example/items';
const course = { ...testCourse, services: { gradeScopes: [LINE_ITEM], lineItemsUrl } };

let database: TestDatabase;
let columns: ColumnStore;
/** What the LMS was asked to make. */
let made: unknown[];
let grades: GradeService;

beforeAll(async () => {
  database = await testDatabase();
  columns = createColumnStore(database.connection);
  await columns.ready();
  made = [];
  grades = createGradeService({
    callLms: (_platform, _scopes, { method, body = '' }) => {
      if (method === 'GET') return Promise.resolve({ status: 200, body: '[]', headers: {}, stage: 'service' });
      const item = JSON.parse(body) as object;
      made.push(item);
      const answer = JSON.stringify({ ...item, id: `${lineItemsUrl}/${made.length}` });
      return Promise.resolve({ status: 201, body: answer, headers: {}, stage: 'service' });
    },
  });
}, 60_000);
afterAll(() => database.close());

test('a day ends in the zone of the course', () => {
  expect(endOfDay('2026-10-18', 'Asia/Almaty')).toBe('2026-10-18T23:59:59+05:00');
  expect(endOfDay('2026-10-18', 'UTC')).toBe('2026-10-18T23:59:59Z');
});

test('a line item carries the control’s last day where the map gives one', async () => {
  const dueDays = () => Promise.resolve(new Map([['midterm-1', '2026-10-18'] as const]));
  const lineItems = createLineItems({ columns, grades, now: () => NOW, dueDays, timeZone: 'Asia/Almaty' });
  for (const id of ['midterm-1', 'exam'] as const) {
    const column = await columns.fix(course, id, `The ${id}`);
    expect(await lineItems.ensure(course, column)).toEqual({ lineItem: `${lineItemsUrl}/${made.length}` });
  }
  const shared = { scoreMaximum: 100 };
  expect(made).toEqual([
    {
      ...shared,
      label: 'The midterm-1',
      resourceId: 'serik:midterm-1',
      tag: 'midterm-1',
      endDateTime: '2026-10-18T23:59:59+05:00',
    },
    { ...shared, label: 'The exam', resourceId: 'serik:exam', tag: 'exam' },
  ]);
});
