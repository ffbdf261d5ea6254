import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigError, Environment, EXAMPLE_SECRET, readConfig } from '../src/config.js';
import { projectRoot } from '../src/root.js';

const good = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://serik.example.edu/',
  SECRET: '3f8a1b7c9d2e4f60a1b2c3d4e5f60718293a4b5c6d7e8f90',
  TRUSTED_PROXY_HOPS: '1',
};

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  test('a good production environment is read, without the closing slash of the address', () => {
    expect(readConfig(good)).toMatchObject({
      production: true,
      publicUrl: 'https://serik.example.edu',
      allowPrivateLms: false,
    });
  });

  test.each([
    [
      'the example secret',
      { SECRET: EXAMPLE_SECRET },
      'SECRET: is the example value; make one with `openssl rand -hex 32`',
    ],
    ['no secret', { SECRET: '' }, 'SECRET: is the example value; make one with `openssl rand -hex 32`'],
    [
      'a short secret',
      { SECRET: 'abc123' },
      'SECRET: is too short or too regular; make one with `openssl rand -hex 32`',
    ],
    [
      'a regular secret',
      { SECRET: 'a'.repeat(64) },
      'SECRET: is too short or too regular; make one with `openssl rand -hex 32`',
    ],
    ['no address', { PUBLIC_URL: '' }, 'PUBLIC_URL: must be set, for example https://serik.example.edu'],
    ['an address without TLS', { PUBLIC_URL: 'http://serik.example.edu' }, 'PUBLIC_URL: must begin with https://'],
    [
      'no word about proxies',
      { TRUSTED_PROXY_HOPS: '' },
      'TRUSTED_PROXY_HOPS: must be set to the number of reverse proxies before Serik (0 if there is none)',
    ],
    [
      'an unknown zone',
      { TIME_ZONE: 'Mars/Base' },
      'TIME_ZONE: "Mars/Base" is not an IANA time zone such as Asia/Almaty',
    ],
  ])('production refuses to start with %s, and says how to mend it', (_name, change, fault) => {
    expect(faultsOf({ ...good, ...change })).toEqual([fault]);
  });

  test('norms of the map have their defaults, and the contact norm is nothing until it is set', () => {
    expect(readConfig({ ...good, CONTACT_HOURS_PER_CREDIT: '' })).toMatchObject({
      hoursPerCredit: 30,
      contactHoursPerCredit: undefined,
      matchThreshold: 50,
      consultationLoadHours: 1,
    });
    const set = { HOURS_PER_CREDIT: '25', CONTACT_HOURS_PER_CREDIT: '7.5', MATCH_THRESHOLD: '0' };
    expect(readConfig({ ...good, ...set })).toMatchObject({
      hoursPerCredit: 25,
      contactHoursPerCredit: 7.5,
      matchThreshold: 0,
    });
    expect(faultsOf({ ...good, MATCH_THRESHOLD: '101' })).toEqual([expect.stringMatching(/^MATCH_THRESHOLD: /)]);
  });

  test('all faults are told at once', () => {
    expect(faultsOf({ ...good, PORT: '99999', DEFAULT_LANGUAGE: 'de' }).map((fault) => fault.split(':')[0])).toEqual([
      'PORT',
      'DEFAULT_LANGUAGE',
    ]);
  });

  test('.env.example explains every variable and no other', () => {
    const lines = readFileSync(join(projectRoot, '.env.example'), 'utf8').split('\n');
    const named = lines.flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(named.sort()).toEqual(Object.keys(Environment.shape).sort());
    for (const name of named) {
      const at = lines.findIndex((line) => line.startsWith(`${name}=`));
      const above = lines
        .slice(0, at)
        .reverse()
        .find((line) => !/^[A-Z_]+=/.test(line));
      expect(above).toMatch(/^# /);
    }
  });
});
