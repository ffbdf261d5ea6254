import type { Agreement } from '../agreement/index.js';
import { mapOf, type IntegrationMap, type Maps } from '../integration-map/index.js';
import type { CourseRef } from '../launch/course.js';

export interface SourceDeps {
  readonly maps: Pick<Maps, 'find'>;
  readonly agreement: Pick<Agreement, 'inForce'>;
}

/** The map that the course follows. */
export interface Source {
  readonly map: IntegrationMap;
  /** The agreed version that is in force; nothing where none is, and the map as it stands counts. */
  readonly version: { readonly number: number; readonly inForceAt: Date } | null;
  /** Of the map as it stands now. */
  readonly mapRevision: number;
}

/** The version in force where there is one, else the map as it stands; nothing where the course has no map. */
export async function sourceOf({ maps, agreement }: SourceDeps, course: CourseRef): Promise<Source | null> {
  const [current, agreed] = await Promise.all([maps.find(course), agreement.inForce(course)]);
  if (!current) return null;
  const mapRevision = current.revision;
  if (!agreed) return { map: current, version: null, mapRevision };
  const inForceAt = agreed.inForceAt ?? agreed.submittedAt;
  return { map: mapOf(agreed.content, inForceAt), version: { number: agreed.number, inForceAt }, mapRevision };
}
