import { Router, type Request, type Response } from 'express';
import { courseById, mayTeach, personById, roleIn } from './enrolment.js';
import { activeTool, isMoodle, type Lms, type PendingLaunch } from './lms.js';
import { messagePage, postPage } from './layout.js';
import { randomHex } from './secrets.js';
import { visitorOf } from './session.js';
import type { Kind, Person, ResourceLink, Tool } from './types.js';

const HINT_LIVES = 600;

/** Moodle's course-module id in its addresses is not the resource link's id. */
export const moduleId = (link: ResourceLink): string => String(Number(link.id) + 2);
const linkOfModule = (lms: Lms, id: string) => lms.world.links.find((link) => moduleId(link) === id);

const queryText = (req: Request, name: string): string => {
  const value = req.query[name];
  return typeof value === 'string' ? value : '';
};

/** The page that sends the browser to the tool's login (1EdTech Security Framework 1.0, section 5.1.1.1). */
function initiate(
  lms: Lms,
  res: Response,
  tool: Tool,
  launch: Omit<PendingLaunch, 'loginHint' | 'toolId'>,
  target: string,
): void {
  // Moodle's hint is the bare user id; a strict LMS gives away nothing.
  const loginHint = isMoodle(lms) ? launch.personId : randomHex(12);
  const hint = lms.launches.issue({ ...launch, toolId: tool.id, loginHint }, HINT_LIVES, `ltilaunch_${randomHex(10)}`);
  const moodleHint = () =>
    JSON.stringify({ cmid: launch.linkId === undefined ? 0 : Number(launch.linkId) + 2, launchid: hint });
  res.type('html').send(
    postPage('Opening the tool', tool.initiateLoginUri, {
      iss: lms.url,
      target_link_uri: target,
      login_hint: loginHint,
      lti_message_hint: isMoodle(lms) ? moodleHint() : hint,
      client_id: tool.clientId,
      lti_deployment_id: tool.deploymentId,
    }),
  );
}

/** The launch id inside an `lti_message_hint` that came back. */
export function launchIdIn(lms: Lms, hint: string): string {
  if (!isMoodle(lms)) return hint;
  try {
    const { launchid } = JSON.parse(hint) as { launchid?: unknown };
    return typeof launchid === 'string' ? launchid : '';
  } catch {
    return '';
  }
}

const refuse = (lms: Lms, req: Request, res: Response, status: number, text: string) =>
  res
    .status(status)
    .type('html')
    .send(messagePage(lms, visitorOf(lms, req), 'This activity cannot be opened', text));

/** The gradebook's "Grade analysis" names a student. */
function reviewOf(
  user: Person | undefined,
  tool: Tool,
  role: Kind | undefined,
): Pick<PendingLaunch, 'forUserId' | 'message'> {
  if (!user || !tool.submissionReview || !mayTeach(role)) return { message: 'LtiResourceLinkRequest' };
  return { message: 'LtiSubmissionReviewRequest', forUserId: user.id };
}

function launchActivity(lms: Lms, req: Request, res: Response): void {
  const person = visitorOf(lms, req);
  const link = linkOfModule(lms, queryText(req, 'id'));
  if (!person || !link || roleIn(lms.world, link.courseId, person) === undefined)
    return void refuse(lms, req, res, 403, 'You are not enrolled in this course, or nobody is chosen.');
  const tool = activeTool(lms, link.toolId);
  if (!tool) return void refuse(lms, req, res, 404, 'No active tool is registered.');
  const launch = {
    personId: person.id,
    courseId: link.courseId,
    linkId: link.id,
    ...reviewOf(personById(lms.world, queryText(req, 'user')), tool, roleIn(lms.world, link.courseId, person)),
  };
  initiate(lms, res, tool, launch, link.url ?? tool.targetLinkUri);
}

function launchSelection(lms: Lms, req: Request, res: Response): void {
  const person = visitorOf(lms, req);
  const course = courseById(lms.world, queryText(req, 'course'));
  const tool = activeTool(lms, queryText(req, 'id'));
  const teaches = person && course && mayTeach(roleIn(lms.world, course.id, person));
  if (!teaches) return void refuse(lms, req, res, 403, 'Only teachers of this course select content.');
  if (tool?.deepLinkingUri === undefined)
    return void refuse(lms, req, res, 404, 'This tool offers no content to select.');
  const launch = { personId: person.id, courseId: course.id, message: 'LtiDeepLinkingRequest' } as const;
  initiate(lms, res, tool, launch, tool.deepLinkingUri);
}

export const launchRoutes = (lms: Lms): Router =>
  Router()
    .get('/mod/lti/launch.php', (req, res) => launchActivity(lms, req, res))
    .get('/mod/lti/contentitem.php', (req, res) => launchSelection(lms, req, res));
