import { isDeepStrictEqual } from 'node:util';

/** With what is not there left out, as the database gives it back. */
const asStored = (facts: object): unknown => JSON.parse(JSON.stringify(facts));

/** Whether writing the one over the other would change nothing. */
export const isStoredAlike = (one: object, other: object): boolean => isDeepStrictEqual(asStored(one), asStored(other));
