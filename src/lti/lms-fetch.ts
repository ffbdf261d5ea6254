import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the exchange early, besides the time limit of every exchange. */
  readonly signal?: AbortSignal | undefined;
}

/** `status` 0: no usable answer; `failure` says why. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly failure?: 'address-refused' | 'timeout' | 'too-large' | 'unreachable';
}

/** Calls an LMS. It never throws and never follows redirects: an LMS's service address is what the launch said. */
export type LmsFetch = (request: HttpRequest) => Promise<HttpAnswer>;

export interface LmsFetchOptions {
  readonly timeoutMs: number;
  /** False: https only, and never an address inside our own network (a registration names any URL it likes). */
  readonly allowPrivate: boolean;
  readonly maxBytes?: number;
  /** The resolver behind the guard; the system's, unless a test tells how a hostile name answers. */
  readonly resolve?: Resolve;
}

/** All addresses of a name, as `dns.lookup` with `all: true` gives them. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const privateAddresses = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  privateAddresses.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  // Unspecified, loopback and IPv4 in its oldest dress (RFC 4291, section 2.5.5.1).
  ['::', 96],
  // Ways to an IPv4 address that no IPv4 rule sees: NAT64 (RFC 6052, RFC 8215), Teredo (RFC 4380), 6to4 (RFC 3056).
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  privateAddresses.addSubnet(net, bits, 'ipv6');

/**
 * An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is checked as the IPv4 address that it is; a zone (`fe80::1%eth0`)
 * changes nothing. What is no address is never let through.
 */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/%.*$/s, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
  const version = isIP(mapped);
  return version === 0 || privateAddresses.check(mapped, version === 6 ? 'ipv6' : 'ipv4');
}

class AddressRefused extends Error {}

/**
 * Checks the addresses that the connection will really use, at the moment of connecting: a name that answered well when it
 * was registered and badly now (DNS rebinding) gains nothing. One private address among several refuses them all, since
 * Node tries one after the other.
 */
export const guardedLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (!first || addresses.some(({ address }) => isPrivateAddress(address)))
        return callback(new AddressRefused(hostname), '', 0);
      if (options.all === true) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };

function mayCall(url: URL, allowPrivate: boolean): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (allowPrivate) return url.protocol === 'https:' || url.protocol === 'http:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return url.protocol === 'https:' && !(isIP(host) !== 0 && isPrivateAddress(host));
}

const failed = (failure: NonNullable<HttpAnswer['failure']>): HttpAnswer => ({
  status: 0,
  body: '',
  headers: {},
  failure,
});

const failureOf = (error: Error): NonNullable<HttpAnswer['failure']> => {
  if (error instanceof AddressRefused) return 'address-refused';
  return error.name === 'TimeoutError' || error.name === 'AbortError' ? 'timeout' : 'unreachable';
};

const exchange =
  ({ timeoutMs, allowPrivate, maxBytes = 5_000_000, resolve: names = lookup }: LmsFetchOptions): LmsFetch =>
  ({ method, url, headers = {}, body, signal }) =>
    new Promise((resolve) => {
      if (!URL.canParse(url)) return resolve(failed('address-refused'));
      const target = new URL(url);
      if (!mayCall(target, allowPrivate)) return resolve(failed('address-refused'));
      const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
      const call = send(
        target,
        {
          method,
          headers: { ...headers, ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }) },
          // The whole exchange, not only silence, is bounded: a slow drip would hold a job for ever.
          signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
          ...(allowPrivate ? {} : { lookup: guardedLookup(names) }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            chunks.push(chunk);
            if (size > maxBytes) {
              resolve(failed('too-large'));
              call.destroy();
            }
          });
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks).toString('utf8'),
              headers: Object.fromEntries(
                Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
              ),
            }),
          );
          response.on('error', (error) => resolve(failed(failureOf(error))));
        },
      );
      call.on('error', (error) => resolve(failed(failureOf(error))));
      call.end(body);
    });

/** A header that cannot be written (a token with a newline, say) is an LMS's fault too, and no reason to throw. */
export const createLmsFetch = (options: LmsFetchOptions): LmsFetch => {
  const call = exchange(options);
  return (request) => call(request).catch(() => failed('unreachable'));
};
