import { Router, type Request, type Response } from 'express';
import { courseById } from './enrolment.js';
import type { Lms } from './lms.js';
import { refuseService, sendJson, wrongMethod } from './refusals.js';
import { accepts, allowed, faulty, recorded } from './service-door.js';
import { MEDIA, SCOPE, type Group } from './types.js';

/** In which groups of this course the person is. */
export const groupsOf = ({ world }: Lms, courseId: string, userId: string): Group[] =>
  world.groups.filter((group) => group.courseId === courseId && group.userIds.includes(userId));

function sendGroups(lms: Lms, req: Request, res: Response): void {
  const course = courseById(lms.world, String(req.params['course']));
  if (!course) return refuseService(lms, req, res, 404, 'Not Found: Course does not exist');
  const groups = lms.world.groups
    .filter(({ courseId }) => courseId === course.id)
    .map(({ id, name, setId }) => ({ id, name, ...(setId === undefined ? {} : { set_ids: [setId] }) }));
  sendJson(res, MEDIA.groups, { id: lms.at.groups(course.id), groups });
}

function sendGroupSets(lms: Lms, req: Request, res: Response): void {
  const course = courseById(lms.world, String(req.params['course']));
  if (!course) return refuseService(lms, req, res, 404, 'Not Found: Course does not exist');
  const sets = lms.world.groupSets
    .filter(({ courseId }) => courseId === course.id)
    .map(({ id, name }) => ({ id, name }));
  sendJson(res, MEDIA.groupSets, { id: lms.at.groupSets(course.id), sets });
}

/** 1EdTech Course Groups Service 1.0: groups of a course, and the sets that they may belong to. */
export function groupsRoutes(lms: Lms): Router {
  const { groups, groupSets } = lms.at.routes;
  const door = (type: string) => [allowed(lms, [SCOPE.groups]), accepts(lms, type)];
  return Router()
    .all([groups, groupSets], recorded(lms, 'groups'), faulty(lms, 'groups'))
    .get(groups, ...door(MEDIA.groups), (req, res) => sendGroups(lms, req, res))
    .get(groupSets, ...door(MEDIA.groupSets), (req, res) => sendGroupSets(lms, req, res))
    .all([groups, groupSets], wrongMethod(lms));
}
