import type { Connection } from 'mongoose';
import { createAgreement } from '../../src/agreement/index.js';
import { createMaps, type IntegrationMap, type MapContent } from '../../src/integration-map/index.js';
import type { Course } from '../../src/launch/course.js';
import { filledMap } from '../integration-map/example-map.js';
import { testCourse } from '../support/room-app.js';

export const AT = new Date('2026-10-09T11:20:00Z');
export const TUTOR = { sub: 'tutor', name: 'Гүлмира Нұрғалиева' };
export const LEADER = { sub: 'leader', name: 'Нұрлан Әбішев' };
export const DIRECTOR = { sub: 'director', name: 'Елена Сон' };

/** The map's room and the agreement's on one database, and courses with a map that may be submitted. */
export async function agreementRooms(connection: Connection) {
  const maps = createMaps(connection);
  const agreement = createAgreement(connection, { maps });
  await Promise.all([maps.ready(), agreement.ready()]);
  let courses = 0;
  return {
    maps,
    agreement,
    courseWithMap: async (change: Partial<MapContent> = {}): Promise<Course> => {
      const id = `course-${++courses}`;
      const course = { ...testCourse, id, context: id };
      await maps.create(course, { ...filledMap(), ...change }, { ...TUTOR, at: AT });
      return course;
    },
    mapOf: async (course: Course): Promise<IntegrationMap> => {
      const map = await maps.find(course);
      if (!map) throw new Error('No map');
      return map;
    },
  };
}
