import { z } from 'zod';
import type { Desk, NewPlatform } from './platforms.js';

/** What an administrator types from the LMS's own form. The first seven are asked for; the rest has a good default. */
export const PLATFORM_FIELDS = [
  'lmsName',
  'issuer',
  'clientId',
  'authorizationEndpoint',
  'tokenEndpoint',
  'jwksUrl',
  'deployments',
  'tokenAudience',
  'origins',
] as const;
export type PlatformField = (typeof PLATFORM_FIELDS)[number];
export type TypedPlatform = Readonly<Record<PlatformField, string>>;
export type PlatformFault = 'missing' | 'address' | 'https' | 'too-long' | 'space' | 'origin';

const line = z
  .string()
  .max(2000)
  .catch('')
  .transform((text) => text.trim());
const lines = Object.fromEntries(PLATFORM_FIELDS.map((field) => [field, line])) as Record<PlatformField, typeof line>;
export const TypedPlatform = z.object(lines);

const ADDRESSES: readonly PlatformField[] = ['issuer', 'authorizationEndpoint', 'tokenEndpoint', 'jwksUrl'];
const REQUIRED: readonly PlatformField[] = [...ADDRESSES, 'lmsName', 'clientId'];

const several = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter((part) => part !== ''))];

function addressFault(text: string, allowHttp: boolean): PlatformFault | undefined {
  if (!URL.canParse(text)) return 'address';
  const { protocol, username } = new URL(text);
  if (username !== '' || !/^https?:$/.test(protocol)) return 'address';
  return protocol === 'https:' || allowHttp ? undefined : 'https';
}

/** Names and addresses only, and `*.` before at least two names: `https://*` would let every site frame us. */
const HOST = /^((\*\.[\w-]+\.)?[\w-]+(\.[\w-]+)*\.?|\[[\da-f:.]+\])$/i;
const isOrigin = (text: string) =>
  URL.canParse(text) && new URL(text).origin === text.replace(/\/$/, '') && HOST.test(new URL(text).hostname);

/** Origins as typed, one on a line; nothing where one of them is none. */
export function originsOf(text: string): string[] | undefined {
  const typed = several(text);
  return typed.every((one) => isOrigin(one) && /^https?:/.test(one))
    ? typed.map((one) => new URL(one).origin)
    : undefined;
}

function faultOf(field: PlatformField, text: string, allowHttp: boolean): PlatformFault | undefined {
  if (text === '') return REQUIRED.includes(field) ? 'missing' : undefined;
  // Issuer and client id are joined by a space into the platform's key.
  if ((field === 'clientId' || field === 'issuer') && /\s/.test(text)) return 'space';
  if (ADDRESSES.includes(field)) return addressFault(text, allowHttp);
  if (field === 'origins') return originsOf(text) ? undefined : 'origin';
  return field !== 'deployments' && text.length > 255 ? 'too-long' : undefined;
}

/** A platform from what was typed, or each field's fault. `allowHttp`: only where private addresses are allowed too. */
export function platformFrom(
  typed: TypedPlatform,
  { allowHttp, desk }: { allowHttp: boolean; desk: Desk },
): { platform: NewPlatform } | { faults: ReadonlyMap<PlatformField, PlatformFault> } {
  const faults = new Map(
    PLATFORM_FIELDS.flatMap((field) => {
      const fault = faultOf(field, typed[field], allowHttp);
      return fault ? [[field, fault] as const] : [];
    }),
  );
  if (faults.size > 0) return { faults };
  const origins = originsOf(typed.origins) ?? [];
  return {
    platform: {
      issuer: typed.issuer,
      clientId: typed.clientId,
      authorizationEndpoint: typed.authorizationEndpoint,
      tokenEndpoint: typed.tokenEndpoint,
      tokenAudience: typed.tokenAudience === '' ? typed.tokenEndpoint : typed.tokenAudience,
      jwksUrl: typed.jwksUrl,
      lmsName: typed.lmsName,
      // Canvas signs in at another host than the one whose pages show us.
      origins: origins.length > 0 ? origins : [new URL(typed.issuer).origin],
      deployments: several(typed.deployments),
      desk,
    },
  };
}
