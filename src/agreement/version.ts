import type { MapContent } from '../integration-map/index.js';
import type { CourseRef } from '../launch/course.js';
import type { AgreeingRole, State } from './rules.js';

export interface Signer {
  /** The LMS's id of the person. */
  readonly sub: string;
  /** As the LMS named the person then; may be empty. */
  readonly name: string;
}

export interface Signature extends Signer {
  readonly role: AgreeingRole;
  readonly at: Date;
  /** May be empty. */
  readonly comment: string;
}

/** A remark on one cell (`rows.l3.topic`), a row or MOOC (`rows.l3`), a section (`section.2`) or the whole (`map`). */
export interface Comment {
  readonly place: string;
  readonly text: string;
  readonly role: AgreeingRole;
  readonly name: string;
  readonly at: Date;
}

/** One submission. What it says never changes; what is decided about it does. */
export interface Version extends CourseRef {
  /** Of our addresses. */
  readonly courseId: string;
  /** 1, 2, 3… in one course. */
  readonly number: number;
  readonly state: State;
  /** Grows with every decision: of two at once, one is taken. */
  readonly revision: number;
  readonly discipline: string;
  readonly submittedBy: Signer;
  readonly submittedAt: Date;
  readonly reason: string;
  readonly editors: readonly string[];
  /** The version that was in force when it was submitted, and the number of differences from it. */
  readonly basedOn: number | null;
  readonly changes: number;
  readonly signatures: readonly Signature[];
  readonly comments: readonly Comment[];
  /** Returned or withdrawn. */
  readonly closed: { readonly by: Signer; readonly at: Date } | null;
  readonly inForceAt: Date | null;
  /** Of the verification page; every version that came into force has one. */
  readonly code: string | null;
}

export interface WholeVersion extends Version {
  readonly content: MapContent;
}

/** Since when somebody owes an answer. */
export const waitsSince = ({ signatures, submittedAt }: Version): Date => signatures.at(-1)?.at ?? submittedAt;

/** What is in force: of those that came into force, the last. Versions come newest first. */
export const inForceOf = <V extends Pick<Version, 'state'>>(versions: readonly V[]): V | undefined =>
  versions.find(({ state }) => state === 'in-force');

export const openOf = <V extends Pick<Version, 'state'>>(versions: readonly V[]): V | undefined =>
  versions.find(({ state }) => state === 'submitted' || state === 'agreed-by-leader');
