import { Router } from 'express';
import { z } from 'zod';
import { allow, visitOf } from '../launch/visit.js';
import { parse } from '../web/parse.js';
import type { Views } from '../web/views.js';
import type { Participants } from './roster.js';
import { studentsPage } from './page.js';
import type { Course } from '../launch/course.js';
import { seeOther } from '../web/redirect.js';

const StudentsQuery = z.object({
  search: z.string().max(200).default(''),
  group: z.string().max(500).catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export interface ParticipantRouteDeps {
  readonly views: Views;
  readonly participants: Participants;
  /** Asks for a new read of the roster, outside the request. */
  readonly requestRoster: (course: Course) => Promise<void>;
  readonly timeZone: string;
}

export function participantRoutes({ views, participants, requestRoster, timeZone }: ParticipantRouteDeps): Router {
  return Router()
    .get('/students', allow('course:view'), async (req, res) => {
      const visit = visitOf(req);
      const query = parse(StudentsQuery, req.query);
      const { students, state: roster } = await participants.roster(visit.course);
      views.send(res, visit, {
        view: 'participants/students',
        title: visit.t('participants:title'),
        tab: 'students',
        model: studentsPage(visit, students, roster, query, timeZone),
        scripts: ['wait.js'],
      });
    })
    .get('/students/state.json', allow('course:view'), async (req, res) => {
      const { state } = await participants.rosterState(visitOf(req).course);
      res.json({ waiting: state === 'reading' || state === 'never' });
    })
    .post('/students/read', allow('roster:read'), async (req, res) => {
      const { course } = visitOf(req);
      await requestRoster(course);
      seeOther(res, `/c/${course.id}/students`);
    });
}
