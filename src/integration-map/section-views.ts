import { readDay } from './dates.js';
import { fieldView, type Overlay } from './grid.js';
import { idOf, number, say, type Reader } from './labels.js';
import {
  liveMoocs,
  liveOutcomes,
  MODELS,
  modulesOf,
  parsePath,
  specOf,
  STAGES,
  type HeadField,
  type IntegrationMap,
  type MoocField,
} from './map.js';
import { matchWords, matrixView } from './matrix-view.js';
import { safeLink } from './rules.js';

/** A date input shows nothing for what is no date, and would send the nothing back. */
const dateInput = (text: string) => (text === '' || readDay(text) !== null ? 'date' : 'text');

export function headView(reader: Reader, map: IntegrationMap, overlay: Overlay) {
  const field = (name: HeadField) => {
    const path = `head.${name}`;
    const parsed = parsePath(path);
    const codes = parsed && specOf(parsed).choices;
    return fieldView(reader, map, path, overlay, codes && name !== 'model' ? { name, codes } : null);
  };
  return {
    discipline: field('discipline'),
    hours: field('hours'),
    credits: field('credits'),
    selects: [field('form'), field('level'), field('language')],
    semester: field('semester'),
    semesterStart: {
      ...field('semesterStart'),
      type: dateInput(overlay.typed['head.semesterStart'] ?? map.head.semesterStart),
    },
    holidays: field('holidays'),
    attestation: field('attestation'),
  };
}

/** `open` is the MOOC whose matrix stands on the page. */
export function moocsView(reader: Reader, map: IntegrationMap, overlay: Overlay, open: string | null = null) {
  return liveMoocs(map).map((mooc, index) => {
    const field = (name: MoocField) => {
      const view = fieldView(reader, map, `moocs.${mooc.id}.${name}`, overlay);
      return { ...view, short: say(reader, `mooc.${name}`) };
    };
    const { percent: match, computed, words, needsReason } = matchWords(reader, map, mooc);
    const [outcomes, modules] = [liveOutcomes(map).length, modulesOf(map, mooc.id).length];
    return {
      id: mooc.id,
      name: say(reader, 'mooc.name', { number: index + 1 }),
      heading: mooc.title === '' ? say(reader, 'mooc.untitled') : mooc.title,
      remove: say(reader, 'mooc.delete', { number: index + 1 }),
      title: field('title'),
      link: field('link'),
      platform: field('platform'),
      language: field('language'),
      hours: field('hours'),
      licence: field('licence'),
      match: field('match'),
      computed,
      words,
      reason: field('reason'),
      needsReason,
      matrixName: say(reader, modules === 0 ? 'matrix.begin' : 'matrix.open', { outcomes, modules }),
      matrix: mooc.id === open ? matrixView(reader, map, mooc, overlay) : null,
      bar: match === null ? '0' : String(match),
      fill: match !== null && match >= 70 ? 'f-ok' : 'f-warn',
      percent: match === null ? null : `${number(reader, match)} %`,
      barLabel:
        match === null
          ? say(reader, 'mooc.match-none')
          : say(reader, 'mooc.match-bar', { percent: number(reader, match) }),
      href: safeLink(mooc.link),
    };
  });
}

export const modelsView = (reader: Reader, current: string) =>
  MODELS.map((model) => ({
    value: model,
    id: model === MODELS[0] ? idOf('head.model') : `${idOf('head.model')}-${model}`,
    on: model === current,
    name: say(reader, `model.${model}.name`),
    text: say(reader, `model.${model}.text`),
  }));

/** What the button under the plan may add. */
export const kindsView = (reader: Reader) => [
  { value: 'lecture', label: say(reader, 'kind.new-lecture') },
  { value: 'practical', label: say(reader, 'kind.new-practical') },
  ...STAGES.map((stage) => ({ value: `consultation:${stage}`, label: say(reader, `kind.consultation.${stage}`) })),
  ...STAGES.map((stage) => ({ value: `control:${stage}`, label: say(reader, `kind.control.${stage}`) })),
];
