import {
  checkView,
  errorsOf,
  mapOf,
  warningsOf,
  type IntegrationMap,
  type MapContent,
  type Reader,
} from '../integration-map/index.js';
import { checkAddress, printedCode } from './code.js';
import { differencesOf, sameCells } from './differences.js';
import type { Side } from './forms.js';
import type { Agreer } from './index.js';
import { qrOf } from './qr.js';
import { AGREEING_ROLES, owedBy, standingOf, type AgreeingRole } from './rules.js';
import { inForceOf, openOf, waitsSince, type Version } from './version.js';
import { changesView, commentView, lookOf, moment, nameOf, say, waitsText } from './words.js';

export interface Compared {
  readonly from: Side;
  readonly to: Side;
  readonly before: MapContent;
  readonly after: MapContent;
}

export interface TutorPageInput {
  readonly reader: Reader;
  readonly maySubmit: boolean;
  readonly map: IntegrationMap | null;
  readonly versions: readonly Version[];
  readonly compared: Compared | null;
  readonly may: Readonly<Record<AgreeingRole, readonly Agreer[]>>;
  readonly publicUrl: string;
  readonly notice: string | undefined;
}

const OK = { tone: 'ok', icon: 'check-circle-fill' };
const WAIT = { tone: 'warn', icon: 'exclamation-triangle-fill' };
const IDLE = { tone: 'idle', icon: 'clock' };
const BAD = { tone: 'bad', icon: 'reply' };

/** When those who owe the answer were last written to, since it became theirs. */
function remindedText(reader: Reader, version: Version, may: readonly Agreer[]): string {
  const since = waitsSince(version).getTime();
  const times = may.flatMap(({ remindedAt }) =>
    remindedAt && remindedAt.getTime() > since ? [remindedAt.getTime()] : [],
  );
  return times.length === 0 ? '' : say(reader, 'step.reminded', { at: moment(reader, new Date(Math.max(...times))) });
}

/** One step of the agreement: who, and how it stands with this version. */
function stepView(reader: Reader, version: Version, role: AgreeingRole, may: readonly Agreer[]) {
  const base = { no: String(AGREEING_ROLES.indexOf(role) + 1), title: say(reader, `role.${role}`), tone: '' };
  const signed = version.signatures.find((signature) => signature.role === role);
  if (signed) {
    const st = { ...OK, text: say(reader, 'step.agreed', { at: moment(reader, signed.at) }) };
    return { ...base, tone: 'ok', who: nameOf(reader, signed.name), st, comment: signed.comment, note: '' };
  }
  const who = may.map(({ name }) => nameOf(reader, name)).join(', ');
  const nobody = may.length === 0 ? say(reader, 'step.nobody') : '';
  if (owedBy(version.state) === role) {
    const st = { ...WAIT, text: waitsText(reader, version, reader.now) };
    return {
      ...base,
      tone: 'warn',
      who,
      st,
      comment: '',
      note: nobody === '' ? remindedText(reader, version, may) : nobody,
    };
  }
  const returned = version.state === 'returned' && version.comments.some((one) => one.role === role);
  if (returned && version.closed) {
    const st = { ...BAD, text: say(reader, 'step.returned', { at: moment(reader, version.closed.at) }) };
    return { ...base, who: nameOf(reader, version.closed.by.name), st, comment: '', note: '' };
  }
  const later = version.state === 'submitted';
  return {
    ...base,
    who: later ? who : '',
    st: { ...IDLE, text: say(reader, later ? 'step.later' : 'step.none') },
    comment: '',
    note: later ? nobody : '',
  };
}

function timelineView(reader: Reader, versions: readonly Version[]) {
  return versions.map((version) => {
    const { number, submittedAt, submittedBy, reason, closed, inForceAt, comments, state } = version;
    const lines = [
      say(reader, 'line.submitted', { at: moment(reader, submittedAt), who: nameOf(reader, submittedBy.name), reason }),
    ];
    const end = state === 'returned' || state === 'withdrawn' ? state : null;
    if (closed && end)
      lines.push(say(reader, `line.${end}`, { at: moment(reader, closed.at), who: nameOf(reader, closed.by.name) }));
    if (inForceAt) lines.push(say(reader, 'line.in-force', { at: moment(reader, inForceAt) }));
    return {
      number,
      ...lookOf(reader, standingOf(version, versions)),
      title: say(reader, 'version', { number }),
      lines,
      remark: end === 'returned' ? (comments.at(0)?.text ?? '') : '',
    };
  });
}

const sideText = (reader: Reader, side: Side, versions: readonly Version[]): string => {
  if (side === 'draft' || side === 'none') return say(reader, `side.${side}`);
  const version = versions.find(({ number }) => number === side);
  const state = version ? say(reader, `state.${standingOf(version, versions)}`) : '';
  return `${say(reader, 'version', { number: side })}, ${state}`;
};

function compareView(reader: Reader, versions: readonly Version[], compared: Compared, hasMap: boolean) {
  const { from, to, before, after } = compared;
  const differences = differencesOf(before, after);
  const comments = versions.find(({ number }) => number === to)?.comments ?? [];
  const option = (side: Side, chosen: Side) => ({
    value: String(side),
    label: sideText(reader, side, versions),
    selected: side === chosen,
  });
  const numbers = versions.map(({ number }) => number);
  const all: Side[] = [...(hasMap ? (['draft'] as const) : []), ...numbers];
  return {
    ...changesView(reader, before, after, { differences, comments }),
    count: say(reader, 'changes.count', { count: differences.length }),
    same: say(reader, 'changes.same', { count: sameCells(before, after) }),
    from: [...numbers.map((side) => option(side, from)), option('none', from)],
    to: all.map((side) => option(side, to)),
  };
}

function submitView(reader: Reader, map: IntegrationMap) {
  const faults = errorsOf(map).map((check) => checkView(reader, map, check));
  const warnings = warningsOf(map);
  return {
    revision: map.revision,
    faults,
    blocked: faults.length > 0,
    warnings: warnings === 0 ? '' : say(reader, 'submit.warnings', { count: warnings }),
  };
}

export const codeView = (code: string, publicUrl: string) => {
  const url = checkAddress(code, publicUrl);
  return { printed: printedCode(code), url, path: `/v/${code}`, qr: qrOf(url) };
};

/** What one version, the newest or the one that waits, looks like in a line under the title. */
function leadOf(reader: Reader, version: Version | undefined, inForce: Version | undefined): string {
  if (!version) return say(reader, 'lead.none');
  const { number, submittedAt, submittedBy } = version;
  const first = say(reader, 'lead.submitted', {
    at: moment(reader, submittedAt),
    who: nameOf(reader, submittedBy.name),
  });
  if (!inForce || inForce.number === number) return first;
  return `${first} ${say(reader, version.state === 'returned' || version.state === 'withdrawn' ? 'lead.still' : 'lead.until', { number: inForce.number })}`;
}

export function tutorPage({ reader, maySubmit, map, versions, compared, may, publicUrl, notice }: TutorPageInput) {
  const open = openOf(versions);
  const inForce = inForceOf(versions);
  const shown = open ?? versions[0];
  const good = notice === 'submitted' || notice === 'withdrawn';
  return {
    title: shown ? say(reader, 'title-version', { number: shown.number }) : say(reader, 'title'),
    chip: lookOf(reader, shown ? standingOf(shown, versions) : 'draft'),
    lead: leadOf(reader, shown, inForce),
    notice: notice === undefined ? null : { ...(good ? OK : WAIT), text: say(reader, `notice.${notice}`) },
    steps: shown ? AGREEING_ROLES.map((role) => stepView(reader, shown, role, may[role])) : [],
    withdraw:
      open && maySubmit && open.submittedBy.sub === reader.sub
        ? { version: open.number, revision: open.revision }
        : null,
    compare: compared && compareView(reader, versions, compared, map !== null),
    submit: maySubmit && map && !open ? submitView(reader, map) : null,
    noMap: map === null,
    versions: timelineView(reader, versions),
    code:
      inForce?.code == null
        ? null
        : { ...codeView(inForce.code, publicUrl), about: say(reader, 'code.about', { number: inForce.number }) },
  };
}

/** One version, whole, as it was submitted. */
export function versionPage(
  reader: Reader,
  version: Version & { readonly content: MapContent },
  versions: readonly Version[],
) {
  return {
    number: version.number,
    title: say(reader, 'version', { number: version.number }),
    chip: lookOf(reader, standingOf(version, versions)),
    lead: leadOf(reader, version, undefined),
    reason: version.reason,
    comments: version.comments.map((comment) => commentView(reader, comment)),
    map: mapOf(version.content, version.submittedAt),
  };
}
