export interface BreakerOptions {
  /** So many failures in a row open the circuit. */
  readonly failures?: number;
  /** Only those of so many milliseconds count as one row. */
  readonly windowMs?: number;
  /** How long it stays open at first; doubled by every probe that fails. */
  readonly openMs?: number;
  readonly longestOpenMs?: number;
  readonly now: () => number;
}

/** `ok` and `failed` are evidence of the platform's health; `neither` is a call that says nothing about it. */
export type Health = 'ok' | 'failed' | 'neither';

export type Admission =
  | { readonly go: true; readonly settle: (health: Health) => void }
  | { readonly go: false; readonly retryAfterMs: number };

interface Circuit {
  /** When the failures of the present row happened. */
  row: number[];
  /** 0: closed. */
  openUntil: number;
  openMs: number;
  probing: boolean;
}

/** While the probe is under way nobody knows how long; the others come again after this. */
const PROBE_MS = 2_000;

/**
 * One circuit per platform. An LMS that is down would otherwise hold every job for the whole time limit of a call, and be
 * flooded by all of them when it comes up again. After a pause one call goes through as a probe; its outcome decides.
 */
export function createBreaker(options: BreakerOptions) {
  const { failures = 6, windowMs = 60_000, openMs = 5_000, longestOpenMs = 60_000, now } = options;
  const circuits = new Map<string, Circuit>();

  const circuitOf = (platform: string): Circuit => {
    const known = circuits.get(platform) ?? { row: [], openUntil: 0, openMs, probing: false };
    circuits.set(platform, known);
    return known;
  };

  function fail(circuit: Circuit, probe: boolean): void {
    const at = now();
    if (probe) {
      circuit.openMs = Math.min(longestOpenMs, circuit.openMs * 2);
      circuit.openUntil = at + circuit.openMs;
    } else if (circuit.openUntil === 0) {
      circuit.row = [...circuit.row.filter((failedAt) => at - failedAt < windowMs), at];
      if (circuit.row.length >= failures) circuit.openUntil = at + circuit.openMs;
    }
    // Else the call began before the circuit opened and tells nothing new.
  }

  function settle(circuit: Circuit, probe: boolean, health: Health): void {
    if (probe) circuit.probing = false;
    if (health === 'failed') fail(circuit, probe);
    if (health === 'ok') Object.assign(circuit, { row: [], openUntil: 0, openMs });
  }

  return {
    /** Asks for a call; whoever may go settles it exactly once, whatever happens. */
    admit(platform: string): Admission {
      const circuit = circuitOf(platform);
      const probe = circuit.openUntil !== 0;
      if (probe) {
        const left = circuit.openUntil - now();
        if (left > 0 || circuit.probing) return { go: false, retryAfterMs: Math.max(left, PROBE_MS) };
        circuit.probing = true;
      }
      return { go: true, settle: (health) => settle(circuit, probe, health) };
    },
  };
}

export type Breaker = ReturnType<typeof createBreaker>;
