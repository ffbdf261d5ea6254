import {
  contentOf,
  draftOf,
  mapOf,
  type Agreed,
  type IntegrationMap,
  type MapSignature,
  type Maps,
  type PlannedOf,
} from '../integration-map/index.js';
import type { CourseRef } from '../launch/course.js';
import { checkAddress, printedCode } from './code.js';
import { differencesOf } from './differences.js';
import { qrPicture } from './qr.js';
import { AGREEING_ROLES, standingOf, type Standing } from './rules.js';
import { inForceOf, type Version, type WholeVersion } from './version.js';

/** A version as it is printed. */
export interface Paper {
  /** What it says, as a map. */
  readonly map: IntegrationMap;
  readonly agreed: Agreed;
}

interface Versions {
  versions(course: CourseRef): Promise<readonly Version[]>;
  version(course: CourseRef, number: number): Promise<WholeVersion | undefined>;
  inForce(course: CourseRef): Promise<WholeVersion | undefined>;
}

const STANDINGS: Readonly<Record<Standing, Agreed['standing']>> = {
  draft: 'waiting',
  submitted: 'waiting',
  'agreed-by-leader': 'waiting',
  'in-force': 'in-force',
  replaced: 'replaced',
  returned: 'returned',
  withdrawn: 'withdrawn',
};

/** In the order of Appendix 1. */
function signaturesOf({ submittedBy, submittedAt, signatures, comments, state }: Version): MapSignature[] {
  const lines = AGREEING_ROLES.flatMap((role): MapSignature[] => {
    const signed = signatures.find((signature) => signature.role === role);
    if (signed) return [{ role, name: signed.name, at: signed.at, state: 'agreed' }];
    const returned = state === 'returned' && comments.some((comment) => comment.role === role);
    return returned ? [{ role, name: '', at: null, state: 'returned' }] : [];
  });
  return [{ role: 'teacher', name: submittedBy.name, at: submittedAt, state: 'compiled' }, ...lines];
}

async function checkOf({ code }: Version, publicUrl: string): Promise<Agreed['check']> {
  if (code === null) return null;
  const url = checkAddress(code, publicUrl);
  return { code: printedCode(code), url, qr: await qrPicture(url) };
}

/** What students go by: the version in force, and while there is none the map as it stands. */
export function plannedBy({ inForce }: Pick<Versions, 'inForce'>, maps: Pick<Maps, 'find'>): PlannedOf {
  const draft = draftOf(maps);
  return async (course) => {
    const version = await inForce(course);
    const since = version?.inForceAt;
    if (!version || !since) return draft(course);
    return { map: mapOf(version.content, since), inForce: { version: version.number, since } };
  };
}

export interface PaperDeps {
  readonly agreement: Pick<Versions, 'versions' | 'version'>;
  readonly publicUrl: string;
}

/**
 * A course's version by its number, or the last one that says what this map says. Nothing where there is no such version: the map
 * is a draft then.
 */
export async function paperOf(
  { agreement, publicUrl }: PaperDeps,
  course: CourseRef,
  asked: number | IntegrationMap,
): Promise<Paper | undefined> {
  const versions = await agreement.versions(course);
  const wanted =
    typeof asked === 'number'
      ? versions.filter(({ number }) => number === asked)
      : [inForceOf(versions), versions[0]].flatMap((version) =>
          version && version.state !== 'withdrawn' ? [version] : [],
        );
  for (const { number } of wanted) {
    const version = await agreement.version(course, number);
    if (!version) continue;
    if (typeof asked !== 'number' && differencesOf(version.content, contentOf(asked)).length > 0) continue;
    const { inForceAt: since, submittedAt, content } = version;
    return {
      map: mapOf(content, submittedAt),
      agreed: {
        version: number,
        standing: STANDINGS[standingOf(version, versions)],
        since,
        signatures: signaturesOf(version),
        check: await checkOf(version, publicUrl),
      },
    };
  }
  return undefined;
}
