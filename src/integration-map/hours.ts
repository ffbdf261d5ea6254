/**
 * Pure and free of Node: the browser adds up the same hours while they are typed.
 */

/** The number in "1", "1,5", "150 h", "5 кредитов" or "80 %"; nothing where the text is not one number. */
export function readNumber(text: string): number | undefined {
  const match = /^(-?\d{1,6})(?:[.,](\d{1,2}))?\s*[\p{L}.%]*$/u.exec(text.trim());
  return match ? Number(`${match[1] ?? ''}.${match[2] ?? '0'}`) : undefined;
}

export interface HoursOfKind {
  readonly kind: string;
  readonly hours: string;
}

export interface Totals {
  readonly lectures: number;
  readonly practical: number;
  readonly consultations: number;
  /** Contact hours: classroom and consultations. */
  readonly contact: number;
  /** What the workload leaves for independent work; nothing while the workload is not a number. */
  readonly independent: number | null;
}

/** Adds up the weekly table. Appendix 1: the template sums to 18 h of classroom and consultation hours. */
export function totalsOf(rows: readonly HoursOfKind[], workload: string): Totals {
  const sum = (kind: string) => {
    const hundredths = rows
      .filter((row) => row.kind === kind)
      .map((row) => Math.round(Math.max(0, readNumber(row.hours) ?? 0) * 100));
    return hundredths.reduce((total, value) => total + value, 0) / 100;
  };
  const [lectures, practical, consultations] = [sum('lecture'), sum('practical'), sum('consultation')];
  const contact = Math.round((lectures + practical + consultations) * 100) / 100;
  const whole = readNumber(workload);
  const independent = whole === undefined ? null : Math.round((whole - contact) * 100) / 100;
  return { lectures, practical, consultations, contact, independent };
}
