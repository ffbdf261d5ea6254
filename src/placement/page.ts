import type { Visit } from '../launch/visit.js';
import type { Placement, SelectionRequest } from '../lti/index.js';
import { lineItemOf } from '../results/index.js';
import { PARAMETER, PLACES, type PlaceName } from './places.js';

export interface Choice {
  readonly place: PlaceName;
  readonly name: string;
  readonly text: string;
  /** It makes a grade column in the LMS. */
  readonly graded: boolean;
  readonly checked: boolean;
}

export const choicesOf = ({ t }: Visit, request: SelectionRequest): Choice[] =>
  PLACES.map((place) => ({
    place,
    name: t(`placement:place.${place}.name`),
    text: t(`placement:place.${place}.text`),
    graded: place === 'mooc' && request.acceptsLineItem,
    checked: place === 'tool',
  }));

/** The links that are placed. Each says what it opens and in which course it was placed. */
export const contentOf = ({ t, course }: Visit, places: readonly PlaceName[]): Placement[] =>
  places.map((place) => ({
    title: t(`placement:place.${place}.link`),
    text: t(`placement:place.${place}.for-students`),
    custom: { [PARAMETER.place]: place, [PARAMETER.course]: course.id },
    ...(place === 'mooc' ? { lineItem: lineItemOf('mooc', t('results:column.mooc')) } : {}),
  }));
