import type { CourseRef } from '../launch/course.js';

/** What a room asks to be delivered. `key` names the one thing that is delivered: a newer payload replaces a waiting one. */
export interface Order {
  readonly kind: string;
  /** Unique over all tenants: it must hold the course's platform, deployment and context. */
  readonly key: string;
  readonly course: CourseRef;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Not before this moment. */
  readonly notBefore?: Date | undefined;
  /** Rises with every new payload of the key; an order that comes late with a lower number changes nothing. */
  readonly order?: number | undefined;
}

/** One claimed delivery, as its handler sees it. */
export interface Delivery {
  readonly kind: string;
  readonly key: string;
  readonly course: CourseRef;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Counts the payloads of this key. */
  readonly version: number;
  /** Of this version, this one included: 1 at the first. */
  readonly attempts: number;
}

export type Outcome =
  | { readonly then: 'done' }
  /** Counts as a failed attempt; after too many of them the delivery is refused for this reason. */
  | { readonly then: 'retry'; readonly reason: string; readonly afterMs?: number | undefined }
  /** It is not this delivery's turn yet; does not count. */
  | { readonly then: 'later'; readonly afterMs: number }
  | {
      readonly then: 'refused';
      readonly reason: string;
      readonly detail?: Readonly<Record<string, unknown>> | undefined;
    };

/** `signal` is aborted when the claim is lost or the process must end: what is sent after that may be sent twice. */
export type Handler = (delivery: Delivery, signal: AbortSignal) => Promise<Outcome>;
export type Handlers = Readonly<Record<string, Handler>>;

export interface DeliveryState {
  readonly key: string;
  readonly state: 'waiting' | 'sending' | 'done' | 'refused';
  /** Why it was refused, or why it still waits after a failed attempt; may be empty. */
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly nextTryAt: Date;
  readonly changedAt: Date;
}
