const FIRST_MS = 2_000;
const LONGEST_MS = 30 * 60_000;
const LONGEST_WISH_MS = 60 * 60_000;

/** Tries of one version before it is refused: with the pauses below about two and a half hours. */
export const MAX_ATTEMPTS = 12;

/**
 * The pause after a failed attempt: 2 s, 6 s, 18 s … to half an hour, shortened at random by up to a half, so that what
 * failed together does not come back together. What the LMS asked for (`Retry-After`) is the least.
 * @param random from 0 to 1
 */
export function pauseMs(attempts: number, random: number, wishedMs = 0): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 3 ** Math.max(0, attempts - 1));
  return Math.max(Math.round(full * (1 - random / 2)), Math.min(wishedMs, LONGEST_WISH_MS));
}
