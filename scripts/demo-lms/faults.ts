import type { ServiceName } from './types.js';

export type Fault =
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'too-many'; readonly retryAfter: number }
  | { readonly kind: 'error' }
  /** The request is carried out, then the connection breaks before the answer. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'jwks-down' }
  /** The LMS's clock goes wrong by so many seconds. */
  | { readonly kind: 'clock'; readonly seconds: number };

export interface FaultPlace {
  /** Left out: every service. */
  readonly service?: ServiceName;
  /** Left out: until cleared. */
  readonly times?: number;
}

interface ActiveFault {
  readonly fault: Fault;
  readonly service: ServiceName | undefined;
  left: number;
}

export interface Faults {
  set(fault: Fault, where?: FaultPlace): void;
  clear(): void;
  /** The faults that strike this request; each is counted down. */
  strike(service: ServiceName): Fault[];
  readonly clockSeconds: number;
  list(): readonly Readonly<ActiveFault>[];
}

export function createFaults(): Faults {
  let active: ActiveFault[] = [];
  return {
    set(fault, { service, times = Infinity } = {}) {
      active.push({ fault, service: fault.kind === 'jwks-down' ? 'jwks' : service, left: times });
    },
    clear() {
      active = [];
    },
    strike(service) {
      const hit = active.filter((one) => one.fault.kind !== 'clock' && (one.service ?? service) === service);
      for (const one of hit) one.left -= 1;
      active = active.filter(({ left }) => left > 0);
      return hit.map(({ fault }) => fault);
    },
    get clockSeconds() {
      return active.reduce((sum, { fault }) => sum + (fault.kind === 'clock' ? fault.seconds : 0), 0);
    },
    list: () => active,
  };
}
