/** `Retry-After` (RFC 9110, section 10.2.3) is a number of seconds or a date; in milliseconds from now. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const wish = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(wish)) return Number(wish) * 1000;
  // A date begins with its weekday; `Date.parse` would read a year into "-5" or "1.5".
  const at = /^[a-z]/i.test(wish) ? Date.parse(wish) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
