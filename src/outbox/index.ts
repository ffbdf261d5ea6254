import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { CourseRef } from '../launch/course.js';
import type { DeliveryState, Handlers, Order } from './delivery.js';
import { createOutboxStore } from './store.js';
import { startWorker, type Worker, type WorkerOptions } from './worker.js';

export { afterAttempt, type Decision, type RefusalReason } from './after-attempt.js';
export type { Delivery, DeliveryState, Handler, Handlers, Order, Outcome } from './delivery.js';

export interface OutboxDeps {
  readonly logger: Logger;
  readonly now?: () => Date;
  /** How long a claim is ours without a sign of life; a killed process's deliveries go on after it. */
  readonly leaseMs?: number;
}

/** Deliveries made outside the request. They survive the process: each is at rest, claimed under a lease, or settled. */
export interface Outbox {
  ready(): Promise<void>;
  /** Keeps the newest payload of a key. `superseded`: one with a higher order number is there already. */
  enqueue(order: Order): Promise<'queued' | 'superseded'>;
  start(handlers: Handlers, options?: WorkerOptions): void;
  /** What is under way may finish for some seconds; then its claim is given back. */
  stop(): Promise<void>;
  /** Looks for work at once. */
  wake(): void;
  states(course: CourseRef, kind: string): Promise<readonly DeliveryState[]>;
  /** Tries a waiting or refused delivery again, as it is; false where there is none. */
  retryNow(key: string): Promise<boolean>;
}

export function createOutbox(connection: Connection, deps: OutboxDeps): Outbox {
  const { logger, now = () => new Date(), leaseMs = 60_000 } = deps;
  const store = createOutboxStore(connection);
  let worker: Worker | undefined;
  const wake = () => worker?.wake();
  return {
    ready: () => store.ready(),
    async enqueue(order) {
      const at = now();
      const outcome = await store.put(order, at);
      const waitMs = order.notBefore ? order.notBefore.getTime() - at.getTime() : 0;
      if (waitMs <= 0) wake();
      else setTimeout(wake, Math.min(waitMs + 1, 60_000)).unref();
      return outcome;
    },
    start(handlers, options = {}) {
      if (worker) throw new Error('The outbox is already running');
      worker = startWorker({ store, handlers, logger, now, leaseMs }, options);
    },
    async stop() {
      const stopped = worker;
      worker = undefined;
      await stopped?.stop();
    },
    wake,
    states: (course, kind) => store.states(course, kind, now()),
    async retryNow(key) {
      const found = await store.retryNow(key, now());
      wake();
      return found;
    },
  };
}
