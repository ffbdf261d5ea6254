import express, { Router, type ErrorRequestHandler, type Express } from 'express';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { approvalRoutes } from './agreement/approval-routes.js';
import { agreementDeskRoutes } from './agreement/desk-routes.js';
import { createAgreement, paperOf, plannedBy } from './agreement/index.js';
import { createReminders } from './agreement/reminder-jobs.js';
import { waitingFor } from './agreement/waiting.js';
import { agreementNote, agreementRoutes } from './agreement/routes.js';
import { verificationRoutes } from './agreement/verification-routes.js';
import type { Config } from './config.js';
import { createConsultations } from './consultations/index.js';
import { ownLines } from './consultations/own-lines.js';
import { consultationRoutes } from './consultations/routes.js';
import { createCoursePlan } from './course-plan/index.js';
import { changedNote, coursePlanRoutes } from './course-plan/routes.js';
import { createCoursePlanStore } from './course-plan/store.js';
import { createSpentStore, pingDatabase } from './database/index.js';
import { deskRoutes } from './desk/routes.js';
import { createSelfTests } from './desk/self-tests.js';
import { staffRoutes } from './desk/staff-routes.js';
import { createCalendarAddresses } from './integration-map/calendar-address.js';
import { calendarDoor, calendarPageRoutes } from './integration-map/calendar-routes.js';
import { createMaps, planOf } from './integration-map/index.js';
import { documentRoutes } from './integration-map/document-routes.js';
import { tableRoutes, tableUploads } from './integration-map/import/routes.js';
import { mapRoutes } from './integration-map/routes.js';
import { createArrive, SESSION_COOKIE } from './launch/arrive.js';
import type { Course, CourseRef } from './launch/course.js';
import { createCourseStore, type CourseStore } from './launch/course-store.js';
import { courseVisit } from './launch/course-visit.js';
import { deskVisitOf } from './launch/desk.js';
import { deskVisit } from './launch/desk-visit.js';
import { visitOf } from './launch/visit.js';
import { enterRoutes } from './launch/enter-routes.js';
import { createHandOvers } from './launch/hand-over.js';
import { nowAndThen } from './launch/now-and-then.js';
import { createPreferenceStore } from './launch/preference-store.js';
import { createSessionStore } from './launch/session-store.js';
import { signOutRoutes } from './launch/sign-out-routes.js';
import {
  createLti,
  LaunchRefused,
  readRoster,
  toolValues,
  type Launch,
  type Platforms,
  type RegistrationLinks,
} from './lti/index.js';
import { createGradeService } from './lti/services/grades.js';
import { createMail } from './mail/index.js';
import { createOutbox, type Outbox } from './outbox/index.js';
import { createParticipantStore } from './participants/index.js';
import { createRosterJobs } from './participants/roster-jobs.js';
import { participantRoutes } from './participants/routes.js';
import { createPlacement } from './placement/index.js';
import { placementRoutes } from './placement/routes.js';
import { createResults } from './results/index.js';
import { resultRoutes } from './results/routes.js';
import { createGradebookJobs, type ColumnsOutcome } from './tutoring/gradebook-jobs.js';
import { createGradebookStore } from './tutoring/gradebook-store.js';
import { tutoringRoutes } from './tutoring/routes.js';
import { readAssets, publicFolder } from './web/assets.js';
import { createCookie } from './web/cookies.js';
import { requireCsrf } from './web/csrf.js';
import { errorPages, notFound } from './web/error-pages.js';
import { AppError } from './web/errors.js';
import { forwards } from './web/forward.js';
import { healthRoutes } from './web/health.js';
import { loadCatalogues } from './web/i18n.js';
import { logRequests } from './web/logging.js';
import { limitRequests } from './web/rate-limit.js';
import { securityHeaders, setFramePolicy } from './web/security.js';
import { createViews } from './web/views.js';

const READ_EVERY_MS = 60_000;
/** Of one letter a day; only the first of a day makes it. */
const REMIND_EVERY_MS = 10 * 60_000;
/** To take a map over from. */
const SHOWN_COURSES = 30;

export interface AppDeps {
  readonly config: Config;
  readonly connection: Connection;
  readonly logger: Logger;
  readonly now?: () => Date;
  readonly stopping?: () => boolean;
}

export interface App {
  readonly http: Express;
  readonly registrationLinks: RegistrationLinks;
  readonly platforms: Platforms;
  readonly courses: CourseStore;
  readonly outbox: Outbox;
  /** Starts and stops the work outside requests. */
  startJobs(): void;
  stopJobs(): Promise<void>;
}

/** Whatever refuses a launch, its page is shown in the LMS's frame: it offers nothing to press. */
const shownInAnyFrame: ErrorRequestHandler = (error, req, res, next) => {
  if (req.path === '/lti/launch') setFramePolicy(res, ['*']);
  next(error);
};

/** Builds the whole tool from its rooms. Nothing listens and no job runs yet. */
export async function createApp({
  config,
  connection,
  logger,
  now = () => new Date(),
  stopping = () => false,
}: AppDeps): Promise<App> {
  const catalogues = await loadCatalogues();
  const views = createViews({ catalogues, asset: readAssets() });
  const { defaultLanguage, timeZone, publicUrl, sessionIdleMinutes: idleMinutes } = config;
  const spent = createSpentStore(connection);
  const lti = await createLti({ ...config, connection, views, catalogues, now });
  const cookie = createCookie(publicUrl, SESSION_COOKIE);
  const courses = createCourseStore(connection);
  const sessions = createSessionStore(connection, { idleMinutes, now });
  const preferences = createPreferenceStore(connection);
  const handOvers = createHandOvers({ spent, secret: config.secret, now });
  const participants = createParticipantStore(connection);
  const outbox = createOutbox(connection, { logger, now, leaseMs: config.outboxLeaseMs });
  const rosterJobs = createRosterJobs({
    callLms: lti.callLms,
    participants,
    courses,
    outbox,
    now,
    // Whoever left the course, or is less in it than before, has to be let in by the LMS anew.
    onChanged: async (course, subs) => {
      await sessions.leave(course.platform, course.id, subs);
      await courses.teachNoMore(course.id, subs);
      await participants.forgetStaff(course, subs);
    },
  });
  const grades = createGradeService({ callLms: lti.callLms });
  const maps = createMaps(connection);
  const agreement = createAgreement(connection, { maps });
  const coursePlans = createCoursePlanStore(connection);
  const consultations = createConsultations(connection, coursePlans);
  const gradebooks = createGradebookStore(connection);
  const readColumns = async (course: Course): Promise<ColumnsOutcome> => {
    const outcome = await grades.listLineItems(course);
    if (outcome.read === 'failed')
      return { ...outcome, again: outcome.reason === 'unreachable' || outcome.reason === 'too-many' };
    return {
      read: 'all',
      columns: outcome.lineItems.map(({ label, scoreMaximum }) => ({ label, maximum: scoreMaximum ?? 0 })),
    };
  };
  const gradebookJobs = createGradebookJobs({ readColumns, gradebooks, courses, outbox, now });
  const results = createResults(connection, {
    ...{ outbox, grades, participants, courses, now, timeZone },
    dueDays: coursePlans.dueDays,
  });
  const coursePlan = createCoursePlan({ store: coursePlans, maps, agreement, consultations, results });
  /** As students see them. */
  const selfTests = createSelfTests(connection, {
    ...lti,
    grades,
    courses,
    readRoster: (course) => readRoster(lti.callLms, course),
    clockToleranceSeconds: config.clockToleranceSeconds,
    now,
    logger,
  });
  const placement = createPlacement(connection, { maps, courses, now });
  await Promise.all(
    [
      spent,
      courses,
      sessions,
      preferences,
      participants,
      outbox,
      maps,
      agreement,
      coursePlans,
      consultations,
      results,
      gradebooks,
      placement,
      selfTests,
    ].map((store) => store.ready()),
  );

  const errorDeps = {
    views,
    catalogues,
    logger,
    defaultLanguage,
    onRefused: (error: AppError, number: string) => {
      if (!(error instanceof LaunchRefused)) return;
      const { messageKey: outcome, platform, deployment, seconds } = error;
      lti.launchLog
        .refused({ platform: platform?.key, deployment, seconds, outcome, number })
        .catch((fault: unknown) => logger.error({ err: fault }, 'a refused launch could not be noted'));
    },
  };
  const duties = { agreement, courses, platforms: lti.platforms, agreeOwnMap: config.agreeOwnMap };
  const mail = config.mail && createMail(config.mail);
  const reminders = createReminders({
    ...duties,
    preferences,
    catalogues,
    defaultLanguage,
    outbox,
    mail,
    afterDays: config.remindAfterDays,
    timeZone,
    now,
  });
  let reminding: NodeJS.Timeout | undefined;
  const remind = () => {
    reminders.remind().catch((error: unknown) => logger.error({ err: error }, 'nobody could be reminded'));
  };
  // A busy course is opened many times a minute; the LMS is asked once.
  const readsAgain = nowAndThen(READ_EVERY_MS, now);
  const rememberStaff = ({ platform, person }: Pick<Launch, 'platform' | 'person'>) =>
    agreement.remember(platform.key, { sub: person.sub, name: person.name ?? '', email: person.email }, now());
  const { arrive, expect } = createArrive({
    courses,
    sessions,
    preferences,
    handOvers,
    cookie,
    idleMinutes,
    now,
    landing: (arrival) => placement.landing(arrival),
    onArrival: ({ launch, course, role, known }) => {
      void lti.launchLog
        .good(course.platform, course.deployment)
        .then(async () => {
          if (role === 'student') return;
          await rememberStaff(launch);
          if (!known) await participants.rememberStaff(course, launch.person.sub);
          if (readsAgain(course.id)) await Promise.all([rosterJobs.request(course), gradebookJobs.request(course)]);
        })
        .catch((error: unknown) => logger.error({ err: error }, 'what follows a launch failed'));
    },
    onDesk: (launch) => {
      rememberStaff(launch).catch((error: unknown) => logger.error({ err: error }, 'what follows a launch failed'));
    },
    hasDuty: async (platform, sub) => (await agreement.rolesOf(platform, sub)).length > 0,
  });
  const door = await lti.open({ onLaunch: arrive });

  const signedIn = {
    sessions,
    preferences,
    platforms: lti.platforms,
    cookie,
    catalogues,
    defaultLanguage,
    idleMinutes,
    now,
  };
  /** Those of these courses whose LMS is active and whose deployment is let in. */
  const letIn = async (found: readonly Course[]): Promise<Course[]> => {
    const known = await lti.platforms.list();
    return found.filter(({ platform, deployment }) =>
      known.some(({ key, active, deployments }) => key === platform && active && deployments.includes(deployment)),
    );
  };
  const calendars = createCalendarAddresses(config);
  const planned = plannedBy(agreement, maps);
  const followed = {
    ...maps,
    async plan(where: CourseRef) {
      const plan = await planned(where);
      return plan ? planOf(plan.map) : [];
    },
  };
  const course = Router({ mergeParams: true })
    .use(courseVisit({ ...signedIn, courses }))
    .use(tableUploads())
    .use(requireCsrf(publicUrl, (req) => visitOf(req).csrf))
    .use(
      signOutRoutes({ sessions, cookie, views }, (req) => {
        const { course: where, ...visit } = visitOf(req);
        return { ...visit, lms: where.lmsName };
      }),
    )
    .use(
      placementRoutes({
        views,
        placement,
        maps,
        results,
        courses,
        platforms: lti.platforms,
        answerSelection: (...asked) => lti.answerSelection(...asked),
      }),
    )
    .use(
      tutoringRoutes({
        views,
        maps: followed,
        consultations,
        results,
        participants,
        gradebooks,
        timeZone,
        notesOf: async (visit) => {
          const notes = [agreementNote({ agreement }, visit), changedNote({ coursePlan, timeZone }, visit)];
          return (await Promise.all(notes)).filter((note) => note !== null);
        },
      }),
    )
    .use(
      mapRoutes({
        views,
        maps,
        timeZone,
        norms: config,
        planned,
        moocResult: (where) => results.hasColumn(where, 'mooc'),
        noteOf: (visit) => changedNote({ coursePlan, timeZone }, visit),
        consultationsOf: (visit) => ownLines(consultations, visit, timeZone),
        taughtBefore: async ({ platform }, sub) => letIn(await courses.taughtBy(platform, sub, SHOWN_COURSES)),
      }),
    )
    .use(
      documentRoutes({
        views,
        maps,
        catalogues,
        timeZone,
        planned,
        paper: (...asked) => paperOf({ agreement, publicUrl }, ...asked),
      }),
    )
    .use(calendarPageRoutes({ views, planned, addresses: calendars }))
    .use(tableRoutes({ views, maps, timeZone }))
    .use(coursePlanRoutes({ views, coursePlan, timeZone }))
    .use(agreementRoutes({ views, agreement, maps, timeZone, publicUrl }))
    .use(consultationRoutes({ views, consultations, participants, timeZone }))
    .use(resultRoutes({ views, results, participants, timeZone }))
    .use(participantRoutes({ views, participants, requestRoster: (asked) => rosterJobs.request(asked), timeZone }));

  /** Before both desks: who is there, and that a change comes from our own page. */
  const deskDoor = (role: 'administrator' | 'staff') =>
    Router()
      .use(deskVisit(signedIn, role))
      .use(requireCsrf(publicUrl, (req) => deskVisitOf(req).csrf))
      .use(
        signOutRoutes({ sessions, cookie, views }, (req) => {
          const { platform, ...visit } = deskVisitOf(req);
          return { ...visit, lms: platform.lmsName };
        }),
      );

  const http = express();
  http.disable('x-powered-by');
  // Pages are `no-store`: nobody would come back with it.
  http.disable('etag');
  http.set('trust proxy', config.trustedProxyHops);
  http.use(logRequests(logger));
  http.use(securityHeaders);
  http.use(healthRoutes({ ping: () => pingDatabase(connection, 2000), stopping }));
  http.use(
    '/assets',
    express.static(publicFolder, {
      immutable: true,
      maxAge: '1y',
      index: false,
      setHeaders: (res) => res.setHeader('Cache-Control', 'public, max-age=31536000, immutable'),
    }),
  );
  http.use(limitRequests(12_000));
  http.post('/lti/launch', expect);
  http.use('/lti', door);
  http.use(shownInAnyFrame, forwards);
  http.use(express.urlencoded({ extended: true, limit: '1mb', parameterLimit: 5000 }), express.json({ limit: '1mb' }));
  http.use(
    enterRoutes({
      sessions,
      handOvers,
      cookie,
      platforms: lti.platforms,
      views,
      catalogues,
      idleMinutes,
      publicUrl,
      defaultLanguage,
    }),
  );
  http.use(
    calendarDoor({
      planned,
      addresses: calendars,
      catalogues,
      courseOf: async (id) => {
        const found = await courses.byId(id);
        return found && (await letIn([found]))[0];
      },
      publicUrl,
      timeZone,
      now,
    }),
  );
  http.use('/c/:course', course);
  http.use(
    '/desk',
    deskDoor('administrator'),
    agreementDeskRoutes({ views, agreement, timeZone, reminds: mail !== undefined }),
    deskRoutes({
      views,
      lti,
      sessions,
      selfTests,
      toolValues: toolValues(publicUrl),
      allowPrivateLms: config.allowPrivateLms,
      timeZone,
    }),
  );
  const approvals = { views, ...duties, timeZone };
  http.use(
    '/my',
    deskDoor('staff'),
    approvalRoutes(approvals),
    staffRoutes({
      views,
      courses,
      sessions,
      participants,
      approvals: async (visit) => (await waitingFor(duties, visit.platform.key, visit.person.sub))?.length,
    }),
  );
  http.use('/v', verificationRoutes({ views, agreement, catalogues, defaultLanguage, timeZone }));
  http.get('/', () => {
    throw new AppError('session_ended', 'open-from-course');
  });
  http.use(notFound, errorPages(errorDeps));

  return {
    http,
    registrationLinks: lti.registrationLinks,
    platforms: lti.platforms,
    courses,
    outbox,
    startJobs() {
      const { handlers } = reminders;
      outbox.start({ ...results.handlers, ...rosterJobs.handlers, ...gradebookJobs.handlers, ...handlers }, {});
      reminding = setInterval(remind, REMIND_EVERY_MS).unref();
    },
    async stopJobs() {
      clearInterval(reminding);
      await outbox.stop();
      mail?.close();
    },
  };
}
