import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Course } from '../../src/launch/course.js';
import { createOutbox, type Outbox } from '../../src/outbox/index.js';
import { createParticipantStore, type ParticipantStore } from '../../src/participants/index.js';
import { createRosterJobs } from '../../src/participants/roster-jobs.js';
import {
  callsTo,
  send,
  startDemoBench,
  startOddLms,
  type DemoBench,
  type OddLms,
} from '../lti/services/service-bench.js';
import { testDatabase } from '../support/database.js';

describe('the job that reads the roster', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let participants: ParticipantStore;
  let outbox: Outbox;
  let told: { course: string; subs: readonly string[] }[];
  let failures: number;
  const clock = { ms: 0 };
  const now = () => new Date(Date.now() + clock.ms);

  beforeAll(async () => {
    database = await testDatabase();
    participants = createParticipantStore(database.connection);
    outbox = createOutbox(database.connection, { logger: pino({ level: 'silent' }), now });
    await Promise.all([participants.ready(), outbox.ready()]);
  });
  afterAll(() => database.close());
  beforeEach(() => {
    told = [];
    failures = 0;
    clock.ms = 0;
  });
  afterEach(() => outbox.stop());

  function jobsFor(course: Course, callLms: ReturnType<typeof callsTo>) {
    const jobs = createRosterJobs({
      callLms,
      participants,
      courses: { byRef: ({ platform }) => Promise.resolve(platform === course.platform ? course : undefined) },
      outbox,
      now,
      onChanged: ({ id }, subs) => {
        if (failures > 0) {
          failures -= 1;
          return Promise.reject(new Error('the sessions could not be ended'));
        }
        told.push({ course: id, subs: [...subs].sort() });
        return Promise.resolve();
      },
    });
    outbox.start(jobs.handlers, { pollMs: 50 });
    return jobs;
  }

  async function until(course: Course, state: string): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      const [job] = await outbox.states(course, 'roster-read');
      if (job?.state === state) return;
      await sleep(50);
    }
    throw new Error(`Still: ${JSON.stringify(await outbox.states(course, 'roster-read'))}`);
  }

  describe.each(['standard', 'moodle'] as const)('from the demo LMS in the %s manner', (manner) => {
    let bench: DemoBench;
    beforeEach(async () => {
      bench = await startDemoBench(manner);
    });
    afterEach(() => bench.close());

    test('passes on who left or fell, at the next complete read, once', async () => {
      const { lms, course, platform } = bench;
      const jobs = jobsFor(course, callsTo(platform));
      const read = async () => {
        await jobs.request(course);
        await until(course, 'done');
      };
      const demoted = lms.people.find(({ kind }) => kind === 'tutor')?.id ?? '';
      await read();
      expect(told).toEqual([]);
      lms.unenrol('2', '105');
      lms.enrol('2', demoted, 'student');
      // An LMS that tells what changed is asked for that first, and for all where that fails.
      lms.faults.set({ kind: 'cut' }, { service: 'roster', times: manner === 'standard' ? 2 : 1 });
      await jobs.request(course);
      await until(course, 'waiting');
      expect(told).toEqual([]);
      await until(course, 'done');
      expect(told).toEqual([{ course: course.id, subs: ['105', demoted].sort() }]);
      await read();
      expect(told).toHaveLength(1);
    }, 60_000);
  });

  describe('from an odd LMS', () => {
    let lms: OddLms;
    let course: Course;
    beforeEach(async () => {
      lms = await startOddLms();
      course = lms.course;
    });
    afterEach(() => lms.close());

    const roster = (...subs: string[]) => {
      lms.service = (_req, res) =>
        send(res, 200, { members: subs.map((sub) => ({ user_id: sub, roles: ['Learner'] })) });
    };

    test('news that could not be passed on is passed on by the next try', async () => {
      const jobs = jobsFor(course, callsTo(lms.platform));
      roster('1', '2');
      await jobs.request(course);
      await until(course, 'done');
      roster('1');
      failures = 1;
      await jobs.request(course);
      await until(course, 'done');
      expect(told).toEqual([{ course: course.id, subs: ['2'] }]);
    }, 60_000);

    test('an LMS that asks to wait is tried again after that, and the page says why it waits', async () => {
      const jobs = jobsFor(course, callsTo(lms.platform));
      lms.service = (_req, res) => send(res, 429, '', { 'Retry-After': '120' });
      await jobs.request(course);
      await until(course, 'waiting');
      for (let tries = 0; tries < 100 && lms.asked.length === 0; tries += 1) await sleep(20);
      await until(course, 'waiting');
      const [job] = await outbox.states(course, 'roster-read');
      expect(job?.reason).toBe('too-many');
      expect((job?.nextTryAt.getTime() ?? 0) - Date.now() > 110_000).toBe(true);
      expect(await participants.rosterState(course)).toMatchObject({ state: 'failed', reason: 'too-many' });
    }, 60_000);

    test('a roster that Open edX does not give is not asked for again and again', async () => {
      const jobs = jobsFor(course, callsTo(lms.platform));
      lms.service = (_req, res) => send(res, 403, { error: 'above_response_limit' });
      await jobs.request(course);
      await until(course, 'refused');
      expect(await participants.rosterState(course)).toMatchObject({ state: 'failed', reason: 'above-limit' });
      expect(lms.asked).toHaveLength(1);
    }, 60_000);

    test('differences are used for a day, then everything is read', async () => {
      const jobs = jobsFor(course, callsTo(lms.platform));
      const learner = (sub: string, status = 'Active') => ({ user_id: sub, roles: ['Learner'], status });
      let changes: ReturnType<typeof learner>[] = [];
      lms.service = (req, res) =>
        send(
          res,
          200,
          { members: req.url === '/members' ? [learner('1'), learner('2')] : changes },
          { Link: `</members?since=${lms.asked.length}>; rel="differences"` },
        );
      const read = async () => {
        await jobs.request(course);
        await until(course, 'done');
        return (await participants.students(course)).map(({ sub }) => sub);
      };
      expect(await read()).toEqual(['1', '2']);
      changes = [learner('1', 'Deleted'), learner('3')];
      expect(await read()).toEqual(['2', '3']);
      expect(told).toEqual([{ course: course.id, subs: ['1'] }]);
      clock.ms = 25 * 3_600_000;
      expect(await read()).toEqual(['1', '2']);
      expect(lms.asked).toEqual(['GET /members', 'GET /members?since=1', 'GET /members']);
    }, 60_000);
  });
});
