import { readNumber } from './hours.js';
import {
  cellAt,
  liveMoocs,
  liveOutcomes,
  modulesOf,
  type IntegrationMap,
  type LearningOutcome,
  type Level,
  type Module,
  type Mooc,
} from './map.js';

/** 2.1: per cent of the MOOC that match the discipline. */
export const matchFault = (text: string): boolean => {
  const number = readNumber(text);
  return text !== '' && (number === undefined || number < 0 || number > 100);
};

export const matchOf = (text: string): number | null =>
  text === '' || matchFault(text) ? null : (readNumber(text) ?? null);

type Matrix = Pick<IntegrationMap, 'moocs' | 'outcomes' | 'modules' | 'cells'>;
type LevelOrNone = Level | 'none';

/** What a cell is worth: fully 1, partly ½, none 0. */
const WORTH: Readonly<Record<LevelOrNone, number>> = { fully: 1, partly: 0.5, none: 0 };

/** How far these modules serve the outcome: as far as the best of them. */
function bestOf(map: Matrix, outcome: LearningOutcome, modules: readonly Module[]): LevelOrNone {
  const levels = new Set(modules.map((module) => cellAt(map, outcome.id, module.id).level));
  if (levels.has('fully')) return 'fully';
  return levels.has('partly') ? 'partly' : 'none';
}

/** Somebody has begun to fill it in: before that its cells say nothing. */
const isBegun = (map: Matrix, modules: readonly Module[]) =>
  liveOutcomes(map).some(({ id }) =>
    modules.some((module) => Object.values(cellAt(map, id, module.id)).some((text) => text !== '')),
  );

export interface Covered {
  readonly outcome: LearningOutcome;
  /** Among those of the discipline, from 1. */
  readonly number: number;
  readonly level: LevelOrNone;
}

export interface Coverage {
  /** Whole per cent, 0–100. */
  readonly percent: number;
  /** "3.5 of 5 outcomes". */
  readonly worth: number;
  readonly outcomes: readonly Covered[];
}

/**
 * For each outcome the best cell, and the mean over all outcomes: many modules that say the same thing of one outcome do
 * not make up for another that none of them serves.
 */
function coverageBy(map: Matrix, modules: readonly Module[]): Coverage | null {
  if (!isBegun(map, modules)) return null;
  const outcomes = liveOutcomes(map).map((outcome, index) => ({
    outcome,
    number: index + 1,
    level: bestOf(map, outcome, modules),
  }));
  const worth = outcomes.reduce((sum, { level }) => sum + WORTH[level], 0);
  return { percent: Math.round((worth / outcomes.length) * 100), worth, outcomes };
}

/** 2.1, as the matrix of this MOOC gives it; nothing before it is begun. */
export const matrixMatch = (map: Matrix, mooc: string): Coverage | null => coverageBy(map, modulesOf(map, mooc));

/** The discipline by all MOOCs together. */
export const coverageOf = (map: Matrix): Coverage | null =>
  coverageBy(
    map,
    liveMoocs(map).flatMap(({ id }) => modulesOf(map, id)),
  );

/** 2.1: the per cent that was typed, else the one of the matrix. */
export const percentOf = (map: Matrix, mooc: Mooc): number | null =>
  matchOf(mooc.match) ?? (mooc.match === '' ? (matrixMatch(map, mooc.id)?.percent ?? null) : null);

/** Does a typed per cent stand over another one of the matrix? */
export function isOverridden(map: Matrix, mooc: Mooc): boolean {
  const [typed, computed] = [matchOf(mooc.match), matrixMatch(map, mooc.id)];
  return typed !== null && computed !== null && typed !== computed.percent;
}
