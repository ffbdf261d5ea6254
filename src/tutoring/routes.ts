import { Router } from 'express';
import type { Consultations } from '../consultations/index.js';
import type { Maps } from '../integration-map/index.js';
import { allow, visitOf, type Visit } from '../launch/visit.js';
import { displayName, type Participants } from '../participants/index.js';
import type { Results } from '../results/index.js';
import { AppError } from '../web/errors.js';
import type { Views } from '../web/views.js';
import type { GradebookStore } from './gradebook-store.js';
import { overviewPage, type OverviewNote } from './overview.js';
import type { OverviewFacts } from './overview-facts.js';
import { studentHome } from './student-home.js';

export interface TutoringRouteDeps {
  readonly views: Views;
  readonly maps: Maps;
  readonly consultations: Consultations;
  readonly results: Results;
  readonly participants: Participants;
  readonly gradebooks: GradebookStore;
  readonly timeZone: string;
  /** What else the people of the course should know on their first page; nothing as a rule. */
  readonly notesOf: (visit: Visit) => Promise<readonly OverviewNote[]>;
}

const SHOWN_SLOTS = 4;
const SHOWN_REFUSALS = 3;

async function overview(deps: TutoringRouteDeps, visit: Visit) {
  const { course, now, t } = visit;
  const roster = deps.participants.roster(course);
  const reading = roster.then((read) => read.students);
  const [{ students, state }, gradebook, { progress: map, plan }, { stages, nextSlots }, { columns, refusals }, notes] =
    await Promise.all([
      roster,
      deps.gradebooks.get(course),
      deps.maps.glance(course),
      deps.consultations.glance(course, reading, now, SHOWN_SLOTS),
      deps.results.digest(course, reading, SHOWN_REFUSALS),
      deps.notesOf(visit),
    ]);
  const facts: OverviewFacts = { students: students.length, roster: state, gradebook, map, stages, columns };
  const names = new Map(students.map((student) => [student.sub, displayName(t, student)]));
  const refused = refusals.map(({ sub, reason }) => ({
    student: names.get(sub) ?? displayName(t, { sub }),
    text: t(`results:reason.${reason}`, { lms: course.lmsName }),
  }));
  return overviewPage({ visit, facts, nextSlots, refused, plan, notes, timeZone: deps.timeZone });
}

async function home(deps: TutoringRouteDeps, visit: Visit) {
  const { course, now, person } = visit;
  const [own, stages, plan] = await Promise.all([
    deps.consultations.own(course, person.sub, now),
    deps.consultations.coverage(course, [], now),
    deps.maps.plan(course),
  ]);
  return studentHome({ visit, own, stages, plan, timeZone: deps.timeZone });
}

/** The first page of a course: what to do next for those who teach, what comes next for those who learn. */
export function tutoringRoutes(deps: TutoringRouteDeps): Router {
  const { views } = deps;
  return Router()
    .get('/', async (req, res) => {
      const visit = visitOf(req);
      if (visit.may('home:view')) {
        const [title, model] = [visit.t('common:tab.home'), await home(deps, visit)];
        views.send(res, visit, { view: 'tutoring/student-home', title, tab: 'home', model });
      } else if (visit.may('course:view')) {
        const [title, model] = [visit.t('tutoring:title'), await overview(deps, visit)];
        views.send(res, visit, { view: 'tutoring/overview', title, tab: 'overview', model, scripts: ['wait.js'] });
      } else throw new AppError('forbidden', 'not-allowed');
    })
    .get('/overview/state.json', allow('course:view'), async (req, res) => {
      const { course } = visitOf(req);
      const states = [(await deps.participants.rosterState(course)).state, (await deps.gradebooks.get(course)).state];
      res.json({ waiting: states.some((state) => state === 'reading' || state === 'never') });
    });
}
