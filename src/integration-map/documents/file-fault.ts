import { say, type Reader } from '../labels.js';
import { HEAD_FIELDS, LIMITS, MOOC_FIELDS, ROW_FIELDS } from '../map.js';
import type { FileFault } from './read-map-file.js';

const isOne = (names: readonly string[], name: string) => names.includes(name);

/** A name out of the file may be anything. */
const shortened = (name: string) => (name.length > 40 ? `${name.slice(0, 39)}…` : name);

/** Where in the file, as the map's own pages call it: "Row 12, tasks", "MOOC 2, link", "Semester". */
function placeOf(reader: Reader, path: FileFault['path']): string {
  const [group, second, third, fourth, fifth] = path;
  if (group === 'head' && typeof second === 'string')
    return isOne(HEAD_FIELDS, second) ? say(reader, `head.${second}`) : shortened(second);
  if ((group === 'rows' || group === 'moocs') && typeof second === 'number') {
    const place = reader.t(`map-document:import.place.${group}`, { number: second + 1 });
    if (typeof third !== 'string') return place;
    if (third === 'modules' && typeof fourth === 'number') {
      const module = say(reader, 'cell', { place, field: say(reader, 'module.name', { number: fourth + 1 }) });
      return typeof fifth === 'string' ? say(reader, 'cell', { place: module, field: shortened(fifth) }) : module;
    }
    const known = isOne([...ROW_FIELDS, ...MOOC_FIELDS], third);
    return say(reader, 'cell', { place, field: known ? say(reader, `field.${third}`) : shortened(third) });
  }
  if (group === 'outcomes' && typeof second === 'number') return say(reader, 'outcome.name', { number: second + 1 });
  return shortened(String(group ?? ''));
}

/** A sentence on what is wrong with the file, and where. */
export function faultText(reader: Reader, { kind, path, max = 0 }: FileFault): string {
  const list = path.findLast((step) => typeof step === 'string') ?? '';
  const key = kind === 'too-many' && list in LIMITS && list !== 'rows' ? `too-many-${list}` : kind;
  return reader.t(`map-document:import.fault.${key}`, { place: placeOf(reader, path), max });
}
