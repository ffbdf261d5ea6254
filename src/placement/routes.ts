import { Router } from 'express';
import { z } from 'zod';
import type { Maps } from '../integration-map/index.js';
import type { Course } from '../launch/course.js';
import type { CourseStore } from '../launch/course-store.js';
import { allow, visitOf, type Visit } from '../launch/visit.js';
import type {
  Placement as ContentPlacement,
  Platform,
  Platforms,
  SelectionAnswer,
  SelectionRequest,
} from '../lti/index.js';
import type { Results } from '../results/index.js';
import { AppError } from '../web/errors.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import { setFramePolicy } from '../web/security.js';
import type { Views } from '../web/views.js';
import type { Placement } from './index.js';
import { choicesOf, contentOf } from './page.js';
import { PLACES } from './places.js';

const one = z.enum(PLACES);
/** Radio buttons send one, check boxes any number. */
const Choice = z.object({
  place: z.union([one.transform((place) => [place]), z.array(one).max(PLACES.length)]).default([]),
});
/** Left out where only the language of the page was changed. */
const From = z.object({ from: z.string().max(40).optional() });
const CopyForm = z.object({ from: z.string().max(40), do: z.enum(['copy', 'empty']) });

export interface PlacementRouteDeps {
  readonly views: Views;
  readonly placement: Placement;
  readonly maps: Maps;
  readonly results: Results;
  readonly courses: CourseStore;
  readonly platforms: Platforms;
  readonly answerSelection: (
    platform: Platform,
    deployment: string,
    request: SelectionRequest,
    chosen: readonly ContentPlacement[],
  ) => Promise<SelectionAnswer>;
}

export function placementRoutes(deps: PlacementRouteDeps): Router {
  const { views, placement, maps } = deps;

  async function selectionOf(visit: Visit, id: unknown) {
    const found = await placement.selection(visit.course, visit.person.sub, z.string().parse(id));
    if (!found) throw new AppError('not_found', 'selection-over');
    return found;
  }

  /** Only what a launch named as this course's origin: nobody takes over a map by typing a course's id into the address. */
  async function originOf(visit: Visit, from: string | undefined): Promise<Course> {
    const { course } = visit;
    const offered = await placement.offeredOrigins(course);
    const id = from ?? offered.at(-1) ?? '';
    const origin = await deps.courses.byId(id);
    if (origin?.platform !== course.platform || origin.id === course.id) throw new AppError('not_found', 'not-found');
    if (!offered.includes(origin.id) || !(await maps.find(origin))) throw new AppError('not_found', 'not-found');
    return origin;
  }

  return Router()
    .get('/place/:selection', allow('content:place'), async (req, res) => {
      const visit = visitOf(req);
      const { id, request } = await selectionOf(visit, req.params['selection']);
      views.send(res, visit, {
        view: 'placement/choose',
        title: visit.t('placement:title'),
        tab: 'overview',
        model: { id, several: request.acceptsMultiple, choices: choicesOf(visit, request) },
      });
    })
    .post('/place/:selection', allow('content:place'), async (req, res) => {
      const visit = visitOf(req);
      const { request } = await selectionOf(visit, req.params['selection']);
      // What the LMS does not take is not chosen: it makes no column either.
      const place = parse(Choice, req.body).place.slice(0, request.acceptsMultiple ? undefined : 1);
      const platform = await deps.platforms.byKey(visit.course.platform);
      if (!platform) throw new AppError('forbidden', 'launch.platform');
      if (place.includes('mooc') && request.acceptsLineItem) await deps.results.addColumn(visit.course, 'mooc');
      const chosen = contentOf(visit, place);
      const { url, jwt } = await deps.answerSelection(platform, visit.course.deployment, request, chosen);
      // The answer goes to the LMS by this browser's own form post; on this page, and to this LMS, it may.
      setFramePolicy(res, platform.origins, [new URL(url).origin]);
      views.send(res, visit, {
        view: 'placement/chosen',
        title: visit.t('placement:title'),
        tab: 'overview',
        model: { url, jwt, lms: visit.course.lmsName, none: chosen.length === 0, count: chosen.length },
        scripts: ['submit-now.js'],
      });
    })
    .get('/copied', allow('map:edit'), async (req, res) => {
      const visit = visitOf(req);
      const origin = await originOf(visit, parse(From, req.query).from);
      views.send(res, visit, {
        view: 'placement/copied',
        title: visit.t('placement:copied.title'),
        tab: 'overview',
        model: { from: origin.id, origin: origin.title, label: origin.label, lms: visit.course.lmsName },
      });
    })
    .post('/copied', allow('map:edit'), async (req, res) => {
      const visit = visitOf(req);
      const { from, do: act } = parse(CopyForm, req.body);
      const { course, person, now } = visit;
      const origin = await originOf(visit, from);
      if (act === 'copy') {
        const outcome = await maps.copy(origin, course, { sub: person.sub, name: person.name ?? '', at: now });
        if (outcome === 'exists') throw new AppError('conflict', 'map-exists');
      }
      await placement.decideCopy(course, origin.id, act === 'copy' ? 'copied' : 'empty', person.sub);
      seeOther(res, `/c/${course.id}${act === 'copy' ? '/map' : '/'}`);
    });
}
