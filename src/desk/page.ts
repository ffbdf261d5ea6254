import { DateTime } from 'luxon';
import type { DeskVisit } from '../launch/desk.js';
import type { AskingDeployment, KeyState, LaunchRecord, OpenLink, Platform } from '../lti/index.js';
import { PLATFORM_FIELDS, type PlatformFault, type PlatformField, type TypedPlatform } from '../lti/index.js';
import { localTime } from '../web/dates.js';
import type { TestResult } from './self-test.js';
import type { SelfTestReport } from './self-test-store.js';

/** "Today, 10:41" or "Mon 12 Oct, 19:30". */
export function momentOf(at: Date, { language, t, now }: DeskVisit, zone: string): string {
  const local = localTime(at, language, zone);
  const time = local.toFormat('HH:mm');
  const today = local.hasSame(DateTime.fromJSDate(now, { zone }), 'day');
  return today
    ? t('desk:today', { time })
    : `${local.toLocaleString({ weekday: 'short', day: 'numeric', month: 'short' })}, ${time}`;
}

const LOOK = {
  ok: { tone: 'ok', icon: 'check-circle-fill' },
  warn: { tone: 'warn', icon: 'exclamation-triangle-fill' },
  bad: { tone: 'bad', icon: 'x-octagon-fill' },
  idle: { tone: 'idle', icon: 'dash-circle' },
} as const;

export interface Known {
  readonly platform: Platform;
  readonly waiting: number;
  readonly lastLaunch: Date | undefined;
  readonly test: SelfTestReport;
}

function testSummary({ t }: DeskVisit, { state, results }: SelfTestReport) {
  if (state === 'never') return { ...LOOK.idle, text: t('desk:test.never') };
  if (state === 'running') return { ...LOOK.idle, text: t('desk:test.running') };
  const count = (outcome: TestResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const [bad, warn] = [count('bad'), count('warn')];
  if (bad > 0) return { ...LOOK.bad, text: t('desk:test.failed', { count: bad }) };
  if (warn > 0) return { ...LOOK.warn, text: t('desk:test.warned', { count: warn }) };
  return { ...LOOK.ok, text: t('desk:test.passed', { count: count('ok') }) };
}

function stateOf({ t }: DeskVisit, { platform, waiting }: Known) {
  if (!platform.active) return { ...LOOK.bad, text: t('desk:state.off') };
  if (waiting > 0 || platform.deployments.length === 0) return { ...LOOK.warn, text: t('desk:state.waiting') };
  return { ...LOOK.ok, text: t('desk:state.on') };
}

function deploymentsText({ t }: DeskVisit, { platform, waiting }: Known): string {
  const parts = [t('desk:deployments.approved', { count: platform.deployments.length })];
  if (waiting > 0) parts.push(t('desk:deployments.waiting', { count: waiting }));
  return parts.join(', ');
}

export const platformRows = (visit: DeskVisit, known: readonly Known[], zone: string) =>
  known.map((one) => ({
    id: one.platform.id,
    name: one.platform.lmsName,
    issuer: one.platform.issuer,
    own: one.platform.key === visit.platform.key,
    state: stateOf(visit, one),
    deployments: deploymentsText(visit, one),
    lastLaunch: one.lastLaunch ? momentOf(one.lastLaunch, visit, zone) : visit.t('desk:no-launch'),
    test: testSummary(visit, one.test),
    approve: one.waiting > 0,
  }));

export const linkRows = (visit: DeskVisit, links: readonly OpenLink[], zone: string) =>
  links.map(({ id, expiresAt }) => ({ id, ends: visit.t('desk:link.ends', { at: momentOf(expiresAt, visit, zone) }) }));

/** The LMS did not refuse: it gave no answer that can be used. No setting of the tool mends that. */
const SERVICE_FAULTS = new Set([
  'unreachable',
  'timeout',
  'too-many',
  'too-slow',
  'too-large',
  'bad-answer',
  'endless',
]);

/** What an LMS's fault is called, and what mends it. Some LMSs have a place of their own for it. */
function testRow({ t }: DeskVisit, platform: Platform, { name, outcome, ms, reason, count }: TestResult) {
  const words = { count, lms: platform.lmsName };
  const fixes = outcome === 'bad' || outcome === 'warn';
  const moodle = platform.lmsName.toLowerCase().includes('moodle');
  const service = SERVICE_FAULTS.has(reason) && name !== 'lms-keys' && name !== 'clock';
  const own = moodle && (name === 'columns-create' || name === 'roster' || name === 'our-keys');
  return {
    ...LOOK[outcome],
    name: t(`desk:test.name.${name}`, words),
    word: t(`desk:test.outcome.${outcome}`),
    detail: t(`desk:test.reason.${reason}`, words),
    time: ms === 0 ? '' : t('desk:test.seconds', { seconds: (ms / 1000).toFixed(1) }),
    fix: fixes ? t(`desk:test.fix.${service ? 'service' : `${name}${own ? '-moodle' : ''}`}`, words) : '',
  };
}

export function testPanel(visit: DeskVisit, platform: Platform, report: SelfTestReport, zone: string) {
  return {
    running: report.state === 'running',
    when: report.at ? momentOf(report.at, visit, zone) : '',
    summary: testSummary(visit, report),
    rows: report.results.map((result) => testRow(visit, platform, result)),
    browser: JSON.stringify({
      ok: visit.t('desk:browser.ok'),
      storage: visit.t('desk:browser.storage'),
      tab: visit.t('desk:browser.tab'),
    }),
  };
}

export function recordRows(
  visit: DeskVisit,
  records: readonly LaunchRecord[],
  platforms: readonly Platform[],
  zone: string,
) {
  const names = new Map(platforms.map(({ key, lmsName }) => [key, lmsName]));
  return records.map(({ at, platform, deployment, outcome, number, seconds }) => ({
    at: momentOf(at, visit, zone),
    ok: outcome === 'ok',
    what: outcome === 'ok' ? visit.t('desk:record.ok') : visit.t(`errors:${outcome}.title`),
    detail: [
      platform === undefined || platform === ''
        ? visit.t('desk:record.unknown-lms')
        : (names.get(platform) ?? platform),
      ...(deployment === undefined ? [] : [visit.t('desk:record.deployment', { deployment })]),
      ...(seconds === undefined ? [] : [visit.t('desk:record.seconds', { count: seconds })]),
    ].join(' · '),
    number: number ?? '',
  }));
}

export function deploymentRows(
  visit: DeskVisit,
  platform: Platform,
  asking: readonly AskingDeployment[],
  zone: string,
) {
  const { t } = visit;
  return [
    ...platform.deployments.map((deployment) => ({
      deployment,
      about: '',
      look: { ...LOOK.ok, text: t('desk:deployments.is-approved') },
      mayApprove: false,
      mayRefuse: false,
    })),
    ...asking.map(({ deployment, state, hint, lastAt }) => ({
      deployment,
      about: [hint, t('desk:deployments.asked', { at: momentOf(lastAt, visit, zone) })]
        .filter((x) => x !== '')
        .join(' · '),
      look:
        state === 'waiting'
          ? { ...LOOK.warn, text: t('desk:deployments.is-waiting') }
          : { ...LOOK.bad, text: t('desk:deployments.is-refused') },
      mayApprove: true,
      mayRefuse: state === 'waiting',
    })),
  ];
}

export const keyRows = (visit: DeskVisit, keys: readonly KeyState[], zone: string) =>
  keys.map(({ kid, state, madeAt, useFrom, hideAt }) => ({
    kid,
    state: visit.t(`desk:keys.${state}`),
    about:
      state === 'next'
        ? visit.t('desk:keys.from', { at: momentOf(useFrom, visit, zone) })
        : hideAt
          ? visit.t('desk:keys.until', { at: momentOf(hideAt, visit, zone) })
          : visit.t('desk:keys.made', { at: momentOf(madeAt, visit, zone) }),
  }));

export const manualFields = (
  { t }: DeskVisit,
  typed: TypedPlatform | undefined,
  faults: ReadonlyMap<PlatformField, PlatformFault> = new Map(),
) =>
  PLATFORM_FIELDS.map((name) => {
    const fault = faults.get(name);
    return {
      name,
      label: t(`desk:field.${name}.label`),
      hint: t(`desk:field.${name}.hint`),
      value: typed?.[name] ?? '',
      fault: fault === undefined ? '' : t(`desk:fault.${fault}`),
    };
  });
