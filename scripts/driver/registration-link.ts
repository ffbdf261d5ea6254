import { pino } from 'pino';
import { connectDatabase } from '../../src/database/index.js';
import { createRegistrationLinks } from '../../src/lti/registration-links.js';

/** A one-time link of the tool at this address, made in its database as `npm run admin -- registration-link` does. */
export async function registrationLink(mongodbUri: string, publicUrl: string): Promise<string> {
  const connection = await connectDatabase(mongodbUri, { logger: pino({ level: 'silent' }) });
  const links = createRegistrationLinks(connection, { publicUrl, now: () => new Date() });
  await links.ready();
  const link = await links.create();
  await connection.close();
  return link;
}
