import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

export const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
export const randomToken = (): string => randomBytes(32).toString('base64url');

export interface Sealer {
  /** Base64url text that only a process with the same secret reads or makes. */
  seal(value: unknown): string;
  /** Nothing where it was not sealed by us, for this purpose, or is not spelled as we spelled it. */
  open(text: string): unknown;
}

/** AES-256-GCM with a key of its own for each purpose, so that what is sealed for one is never taken for another. */
export function sealer(secret: string, purpose: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, 'serik', purpose, 32));
  return {
    seal(value) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(text) {
      const bytes = Buffer.from(text, 'base64url');
      // Node reads over padding and strange characters: in a second spelling, what is good once would be good twice.
      if (bytes.toString('base64url') !== text) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
        decipher.setAuthTag(bytes.subarray(12, 28));
        const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
        return JSON.parse(plain.toString('utf8')) as unknown;
      } catch {
        return undefined;
      }
    },
  };
}
