import { readNumber } from './hours.js';
import { liveMoocs, type IntegrationMap } from './map.js';
import { coverageOf, percentOf } from './match.js';
import type { Norms } from './norms.js';

/** What the hint is read from; per cents are whole, hours as they were typed. */
export interface HintFigures {
  /** Of the discipline's outcomes, by all MOOCs together. */
  readonly coverage: number;
  readonly moocs: number;
  /** 2.1 of the MOOC that matches most. */
  readonly best: number;
  /** Of that MOOC, and of the discipline; nothing where it is no number. */
  readonly moocHours: number | null;
  readonly hours: number | null;
}

/** Why: `low`, `part`, `together`, `few-hours`, `no-hours`, `carries`. */
export interface ModelHint extends HintFigures {
  readonly model: '1' | '2' | '3';
  readonly reason: 'low' | 'part' | 'together' | 'few-hours' | 'no-hours' | 'carries';
  /** The MOOC's hours in the discipline's, in whole per cent. */
  readonly share: number | null;
}

const positive = (text: string): number | null => {
  const hours = readNumber(text) ?? 0;
  return hours > 0 ? hours : null;
};

export function hintFor(figures: HintFigures, { matchThreshold, carryingMatch, carryingHoursShare }: Norms): ModelHint {
  const { coverage, best, moocHours, hours } = figures;
  const share = moocHours === null || hours === null ? null : Math.round((moocHours / hours) * 100);
  const is = (model: ModelHint['model'], reason: ModelHint['reason']) => ({ ...figures, model, reason, share });
  if (coverage < matchThreshold) return is('1', 'low');
  if (coverage < carryingMatch) return is('2', 'part');
  // A result that counts for the discipline has to come from one MOOC that carries it, and takes its time.
  if (best < carryingMatch) return is('2', 'together');
  if (share === null) return is('2', 'no-hours');
  return share < carryingHoursShare ? is('2', 'few-hours') : is('3', 'carries');
}

/** Section 3: the model that the numbers speak for; nothing before a matrix is begun. */
export function modelHint(map: IntegrationMap, norms: Norms): ModelHint | null {
  const coverage = coverageOf(map);
  if (!coverage) return null;
  const moocs = liveMoocs(map)
    .map((mooc) => ({ match: percentOf(map, mooc) ?? 0, hours: positive(mooc.hours) }))
    .sort((a, b) => b.match - a.match || (b.hours ?? 0) - (a.hours ?? 0));
  const [best] = moocs;
  const figures = {
    coverage: coverage.percent,
    moocs: moocs.length,
    best: best?.match ?? 0,
    moocHours: best?.hours ?? null,
    hours: positive(map.head.hours),
  };
  return hintFor(figures, norms);
}
