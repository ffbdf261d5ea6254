import { createHash } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { courseById, mayTeach, personById } from './enrolment.js';
import { activeTool, deploymentOf, isMoodle, isOpenEdx, linkOf, type Lms, type PendingLaunch } from './lms.js';
import { html } from './html.js';
import { formPage, messagePage } from './layout.js';
import { randomHex } from './secrets.js';
import { standingIn, visitorOf, type Standing } from './session.js';
import { NO_COURSE, siteLink, siteLinks } from './site.js';
import type { Kind, Person, ResourceLink, SelectedItem, Tool } from './types.js';

const HINT_LIVES = 600;

/** Moodle's course-module id in its addresses is not the resource link's id; Open edX shows the end of the usage key. */
export const moduleId = (link: ResourceLink): string =>
  /^\d+$/.test(link.id) ? String(Number(link.id) + 2) : link.id.replace(/^.*@/, '');

const linkOfModule = (lms: Lms, id: string) =>
  [...lms.world.links, ...siteLinks(lms.manner)].find((link) => moduleId(link) === id);

const queryText = (req: Request, name: string): string => {
  const value = req.query[name];
  return typeof value === 'string' ? value : '';
};

type Begun = Omit<PendingLaunch, 'loginHint' | 'toolId'>;

/** Open edX makes it of the person and the component, so that two launches of one person share it. */
const hintOf = (lms: Lms, { personId, linkId = '' }: Begun): string =>
  isOpenEdx(lms) ? createHash('sha256').update(`${personId} ${linkId}`).digest('hex') : `ltilaunch_${randomHex(10)}`;

/** Moodle's hint is the bare user id and Open edX's the `sub`; a strict LMS gives away nothing. */
const loginHintOf = (lms: Lms, { personId }: Begun): string => (lms.manner === 'standard' ? randomHex(12) : personId);

/** The page that sends the browser to the tool's login (1EdTech Security Framework 1.0, section 5.1.1.1). */
function initiate(lms: Lms, res: Response, tool: Tool, launch: Begun, target: string): void {
  const loginHint = loginHintOf(lms, launch);
  const hint = lms.launches.issue({ ...launch, toolId: tool.id, loginHint }, HINT_LIVES, hintOf(lms, launch));
  const moodleHint = () =>
    JSON.stringify({ cmid: launch.linkId === undefined ? 0 : Number(launch.linkId) + 2, launchid: hint });
  const { storageTarget } = lms.world.switches;
  res.type('html').send(
    formPage(isOpenEdx(lms) ? 'get' : 'post', 'Opening the tool', tool.initiateLoginUri, {
      iss: lms.url,
      target_link_uri: target,
      login_hint: loginHint,
      lti_message_hint: isMoodle(lms) ? moodleHint() : hint,
      client_id: tool.clientId,
      lti_deployment_id: deploymentOf(lms, tool, courseById(lms.world, launch.courseId)),
      ...(storageTarget === undefined ? {} : { lti_storage_target: storageTarget }),
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

/** The gradebook's "Grade analysis" names a student; Open edX has no such message. */
function reviewOf(
  lms: Lms,
  user: Person | undefined,
  tool: Tool,
  role: Kind | undefined,
): Pick<PendingLaunch, 'forUserId' | 'message'> {
  if (!user || !tool.submissionReview || !mayTeach(role) || isOpenEdx(lms))
    return { message: 'LtiResourceLinkRequest' };
  return { message: 'LtiSubmissionReviewRequest', forUserId: user.id };
}

/** Who may open a place outside the courses: the administrator all, other staff the dashboard. */
function standingAtSite(lms: Lms, req: Request, link: ResourceLink): Standing | undefined {
  const visitor = visitorOf(lms, req);
  if (!visitor || visitor.kind === 'student') return undefined;
  const forAll = link.id === siteLink(lms.manner, 'dashboard')?.id;
  if (!forAll && visitor.kind !== 'administrator') return undefined;
  return { visitor, launched: visitor, role: visitor.kind, switched: false };
}

const standingAt = (lms: Lms, req: Request, link: ResourceLink): Standing | undefined =>
  link.courseId === NO_COURSE ? standingAtSite(lms, req, link) : standingIn(lms, req, link.courseId);

/** Several selected items of one component: a bare page of links. */
const itemsPage = (link: ResourceLink, items: readonly SelectedItem[]): string =>
  html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${link.title}</title>
      </head>
      <body>
        <ul>
          ${items.map(
            ({ title }, index) =>
              html`<li>
                <a href="/mod/lti/launch.php?id=${moduleId(link)}&amp;item=${index}">${title ?? link.title}</a>
              </li> `,
          )}
        </ul>
      </body>
    </html>`.toString();

function launchActivity(lms: Lms, req: Request, res: Response): void {
  const link = linkOfModule(lms, queryText(req, 'id'));
  const standing = link && standingAt(lms, req, link);
  if (!link || !standing)
    return void refuse(lms, req, res, 403, 'You are not enrolled in this course, or nobody is chosen.');
  const tool = activeTool(lms, link.toolId);
  if (!tool) return void refuse(lms, req, res, 404, 'No active tool is registered.');
  const items = link.component?.selection ?? [];
  const item = items.findIndex((_, index) => String(index) === queryText(req, 'item'));
  if (items.length > 1 && item === -1) return void res.type('html').send(itemsPage(link, items));
  const { visitor, launched, role, switched } = standing;
  const launch = {
    visitorId: visitor.id,
    personId: launched.id,
    linkId: link.id,
    ...(link.courseId === NO_COURSE ? {} : { courseId: link.courseId }),
    ...(switched ? { role } : {}),
    ...(item === -1 ? {} : { item }),
    ...reviewOf(lms, personById(lms.world, queryText(req, 'user')), tool, role),
  };
  // What deep linking chose is in the claim only: an Open edX initiation names the component's own address.
  initiate(lms, res, tool, launch, link.url ?? tool.targetLinkUri);
}

function launchSelection(lms: Lms, req: Request, res: Response): void {
  const course = courseById(lms.world, queryText(req, 'course'));
  const standing = course && standingIn(lms, req, course.id);
  const tool = activeTool(lms, queryText(req, 'id'));
  if (!standing || !mayTeach(standing.role))
    return void refuse(lms, req, res, 403, 'Only teachers of this course select content.');
  if (tool?.deepLinkingUri === undefined)
    return void refuse(lms, req, res, 404, 'This tool offers no content to select.');
  const component = isOpenEdx(lms) ? linkOf(lms, course.id, tool) : undefined;
  const launch = {
    visitorId: standing.visitor.id,
    personId: standing.visitor.id,
    courseId: course.id,
    ...(component ? { linkId: component.id } : {}),
    message: 'LtiDeepLinkingRequest',
  } as const;
  initiate(lms, res, tool, launch, tool.deepLinkingUri);
}

export const launchRoutes = (lms: Lms): Router =>
  Router()
    .get('/mod/lti/launch.php', (req, res) => launchActivity(lms, req, res))
    .get('/mod/lti/contentitem.php', (req, res) => launchSelection(lms, req, res));
