import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
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
}

const privateAddresses = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  privateAddresses.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  privateAddresses.addSubnet(net, bits, 'ipv6');

/** An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is checked as the IPv4 address that it is. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return privateAddresses.check(mapped, 'ipv4');
  return privateAddresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

class AddressRefused extends Error {}

/** Checks the address that the connection will really use, so a name that changes its answer gains nothing. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
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

const exchange =
  ({ timeoutMs, allowPrivate, maxBytes = 5_000_000 }: LmsFetchOptions): LmsFetch =>
  ({ method, url, headers = {}, body }) =>
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
          signal: AbortSignal.timeout(timeoutMs),
          ...(allowPrivate ? {} : { lookup: guardedLookup }),
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
          response.on('error', () => resolve(failed('unreachable')));
        },
      );
      call.on('error', (error) => {
        if (error instanceof AddressRefused) return resolve(failed('address-refused'));
        resolve(failed(error.name === 'TimeoutError' || error.name === 'AbortError' ? 'timeout' : 'unreachable'));
      });
      call.end(body);
    });

/** A header that cannot be written (a token with a newline, say) is an LMS's fault too, and no reason to throw. */
export const createLmsFetch = (options: LmsFetchOptions): LmsFetch => {
  const call = exchange(options);
  return (request) => call(request).catch(() => failed('unreachable'));
};
