import { z } from 'zod';
import { USUAL_NORMS, type Norms } from './integration-map/norms.js';

/** The secret that `.env.example` shows; a production start refuses it. */
export const EXAMPLE_SECRET = 'change-me-change-me-change-me-change-me';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const seconds = (fallback: number, max: number) => z.coerce.number().int().min(0).max(max).default(fallback);

/** Every variable is explained in `.env.example`; a test compares the two lists. */
export const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(10).optional(),
  MONGODB_URI: z.string().startsWith('mongodb').optional(),
  DATA_DIR: z.string().default('.data'),
  SECRET: z.string().default(EXAMPLE_SECRET),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TIME_ZONE: z.string().default('Asia/Almaty'),
  DEFAULT_LANGUAGE: z.enum(['kk', 'ru', 'en']).default('kk'),
  SESSION_IDLE_MINUTES: z.coerce.number().int().min(5).max(1440).default(480),
  CLOCK_TOLERANCE_SECONDS: seconds(60, 300),
  LMS_TIMEOUT_SECONDS: seconds(10, 120),
  ALLOW_PRIVATE_LMS: flag.optional(),
  DEPLOYMENTS: z.enum(['approve', 'auto']).default('approve'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.email().optional(),
  REMIND_AFTER_DAYS: z.coerce.number().int().min(0).max(60).default(2),
  AGREE_OWN_MAP: z.enum(['yes', 'no']).default('no'),
  OUTBOX_LEASE_SECONDS: z.coerce.number().int().min(1).max(600).default(60),
  HOURS_PER_CREDIT: z.coerce.number().min(1).max(100).default(USUAL_NORMS.hoursPerCredit),
  CONTACT_HOURS_PER_CREDIT: z.coerce.number().min(0).max(100).optional(),
  MATCH_THRESHOLD: z.coerce.number().min(0).max(100).default(USUAL_NORMS.matchThreshold),
  CARRYING_MATCH: z.coerce.number().min(0).max(100).default(USUAL_NORMS.carryingMatch),
  CARRYING_HOURS_SHARE: z.coerce.number().min(0).max(100).default(USUAL_NORMS.carryingHoursShare),
  CONSULTATION_LOAD_HOURS: z.coerce.number().min(0).max(100).default(USUAL_NORMS.consultationLoadHours),
});

/** The norms are what integration maps are checked against. */
export interface Config extends Norms {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Where browsers and LMSs reach the tool, without a closing slash. */
  readonly publicUrl: string;
  readonly trustedProxyHops: number;
  readonly mongodbUri: string | undefined;
  readonly dataDir: string;
  readonly secret: string;
  readonly logLevel: string;
  /** IANA name; the zone that people of this university read times in. */
  readonly timeZone: string;
  readonly defaultLanguage: 'kk' | 'ru' | 'en';
  readonly sessionIdleMinutes: number;
  readonly clockToleranceSeconds: number;
  readonly lmsTimeoutMs: number;
  /** May the tool fetch an LMS over http or on a private address? Registration reads a URL that a stranger can name. */
  readonly allowPrivateLms: boolean;
  /** Is a deployment that nobody knows let in at its first launch, or does it wait for an administrator? */
  readonly approvesDeployments: boolean;
  /** May somebody agree a map that they submitted, or in which something stands that they wrote? */
  readonly agreeOwnMap: boolean;
  /** Where letters go out; nothing: none are written. */
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  /** Days that an answer to a map may take before the first letter. */
  readonly remindAfterDays: number;
  /** How long a delivery belongs to the process that took it; a killed process's deliveries go on after it. */
  readonly outboxLeaseMs: number;
}

/** Thrown with every fault at once, so that an operator mends them in one go. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nSee .env.example.`);
    this.faults = faults;
  }
}

export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const env = parsed.data;
  const production = env.NODE_ENV === 'production';
  const publicUrl = (env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`).replace(/\/+$/, '');
  const faults = [
    ...zoneFaults(env.TIME_ZONE),
    ...mailFaults(env),
    ...(production ? productionFaults(env, publicUrl) : []),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    production,
    host: env.HOST,
    port: env.PORT,
    publicUrl,
    trustedProxyHops: env.TRUSTED_PROXY_HOPS ?? 0,
    mongodbUri: env.MONGODB_URI,
    dataDir: env.DATA_DIR,
    secret: env.SECRET,
    logLevel: env.LOG_LEVEL,
    timeZone: env.TIME_ZONE,
    defaultLanguage: env.DEFAULT_LANGUAGE,
    sessionIdleMinutes: env.SESSION_IDLE_MINUTES,
    clockToleranceSeconds: env.CLOCK_TOLERANCE_SECONDS,
    lmsTimeoutMs: env.LMS_TIMEOUT_SECONDS * 1000,
    allowPrivateLms: env.ALLOW_PRIVATE_LMS ?? !production,
    approvesDeployments: env.DEPLOYMENTS === 'auto',
    agreeOwnMap: env.AGREE_OWN_MAP === 'yes',
    mail:
      env.SMTP_URL === undefined || env.MAIL_FROM === undefined
        ? undefined
        : { url: env.SMTP_URL, from: env.MAIL_FROM },
    remindAfterDays: env.REMIND_AFTER_DAYS,
    outboxLeaseMs: env.OUTBOX_LEASE_SECONDS * 1000,
    hoursPerCredit: env.HOURS_PER_CREDIT,
    contactHoursPerCredit: env.CONTACT_HOURS_PER_CREDIT,
    matchThreshold: env.MATCH_THRESHOLD,
    carryingMatch: env.CARRYING_MATCH,
    carryingHoursShare: env.CARRYING_HOURS_SHARE,
    consultationLoadHours: env.CONSULTATION_LOAD_HOURS,
  });
}

function mailFaults({ SMTP_URL, MAIL_FROM }: z.output<typeof Environment>): string[] {
  if ((SMTP_URL === undefined) === (MAIL_FROM === undefined)) return [];
  return [
    `${SMTP_URL === undefined ? 'SMTP_URL' : 'MAIL_FROM'}: SMTP_URL and MAIL_FROM are set together or not at all`,
  ];
}

function zoneFaults(zone: string): string[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return [`TIME_ZONE: "${zone}" is not an IANA time zone such as Asia/Almaty`];
  }
}

function productionFaults(env: z.output<typeof Environment>, publicUrl: string): string[] {
  const faults: string[] = [];
  if (env.SECRET === EXAMPLE_SECRET) faults.push('SECRET: is the example value; make one with `openssl rand -hex 32`');
  else if (env.SECRET.length < 32 || new Set(env.SECRET).size < 10)
    faults.push('SECRET: is too short or too regular; make one with `openssl rand -hex 32`');
  if (env.PUBLIC_URL === undefined) faults.push('PUBLIC_URL: must be set, for example https://serik.example.edu');
  else if (!publicUrl.startsWith('https://')) faults.push('PUBLIC_URL: must begin with https://');
  // Guessed wrongly, all clients would share one limit, or could choose the address that they are known by.
  if (env.TRUSTED_PROXY_HOPS === undefined)
    faults.push('TRUSTED_PROXY_HOPS: must be set to the number of reverse proxies before Serik (0 if there is none)');
  return faults;
}
