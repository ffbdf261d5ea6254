import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Schema, type Connection } from 'mongoose';
import { expiringOf, pingDatabase, startSweeper } from '../../src/database/index.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

/** What all rooms build on, whichever engine it is. */
describe('the database', () => {
  let connection: Connection;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase();
    ({ connection } = database);
  });

  afterAll(() => database.close());

  test('gives ten seats to ten of two hundred who ask at once', async () => {
    const slots = connection.collection('slots');
    const { insertedId } = await slots.insertOne({ booked: 0, students: [] });
    const asked = Array.from({ length: 200 }, (_, student) =>
      slots.updateOne({ _id: insertedId, booked: { $lt: 10 } }, {
        $inc: { booked: 1 },
        $push: { students: student },
      } as object),
    );
    const outcomes = await Promise.all(asked);
    const winners = outcomes.flatMap(({ modifiedCount }, student) => (modifiedCount === 1 ? [student] : []));
    expect(winners).toHaveLength(10);
    const slot = await slots.findOne({ _id: insertedId });
    expect(slot?.['booked']).toBe(10);
    expect((slot?.['students'] as number[]).sort((a, b) => a - b)).toEqual(winners);
  });

  test('lets one of many take a unique key, leaves documents without it alone, and frees it when it is unset', async () => {
    const bookings = connection.collection<{ _id: number; seat?: string }>('bookings');
    await bookings.createIndex({ seat: 1 }, { unique: true, sparse: true }, {});
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, id) => bookings.insertOne({ _id: id, seat: 'monday-9' })),
    );
    const refusals = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as object] : []));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(refusals.map((reason) => ('code' in reason ? reason.code : reason))).toEqual(Array(19).fill(11000));

    await bookings.insertMany([{ _id: 100 }, { _id: 101 }]);
    const winner = await bookings.findOneAndUpdate({ seat: 'monday-9' }, { $unset: { seat: '' } });
    await bookings.updateOne({ _id: 100 }, { $set: { seat: 'monday-9' } });
    await expect(bookings.updateOne({ _id: 101 }, { $set: { seat: 'monday-9' } })).rejects.toMatchObject({
      code: 11000,
    });
    expect(await bookings.findOne({ seat: 'monday-9' })).toEqual({ _id: 100, seat: 'monday-9' });
    expect(await bookings.findOne({ _id: winner?._id ?? -1 })).toEqual({ _id: winner?._id });
  });

  test('lets one of many workers claim a job', async () => {
    const jobs = connection.collection('jobs');
    await jobs.insertOne({ name: 'roster', leaseUntil: new Date(0) });
    const now = new Date();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, worker) =>
        jobs.findOneAndUpdate(
          { name: 'roster', leaseUntil: { $lte: now } },
          { $set: { worker, leaseUntil: new Date(now.getTime() + 60_000) } },
          { returnDocument: 'after' },
        ),
      ),
    );
    const winners = claims.filter((claim) => claim !== null);
    expect(winners).toHaveLength(1);
    expect(await jobs.findOne({ name: 'roster' })).toEqual(winners[0]);
  });

  test('refuses a filter by a field that the schema does not know', async () => {
    const Person = connection.model('Person', new Schema({ name: String }));
    const misspelt: Record<string, string> = { nmae: 'Aigerim' };
    await expect(Person.deleteMany(misspelt)).rejects.toThrow(/nmae/);
  });

  test('answers a ping, and not after it was closed', async () => {
    expect(await pingDatabase(connection, 2000)).toBe(true);
    const other = await testDatabase();
    await other.close();
    expect(await pingDatabase(other.connection, 2000)).toBe(false);
  });

  test('loses to the sweeper what has expired, and nothing else', async () => {
    const now = new Date('2026-11-24T10:00:00Z');
    const logins = connection.collection<{ _id: string; expiresAt?: Date }>('logins');
    await logins.insertMany([
      { _id: 'long past', expiresAt: new Date('2026-11-23T10:00:00Z') },
      { _id: 'this moment', expiresAt: now },
      { _id: 'a second left', expiresAt: new Date('2026-11-24T10:00:01Z') },
      { _id: 'for ever' },
    ]);
    const expiring = [
      { collection: 'logins', field: 'expiresAt', seconds: 0 },
      { collection: 'not there yet', field: 'expiresAt', seconds: 0 },
    ];
    const sweeper = startSweeper(connection, expiring, 60_000, () => now);
    expect(await sweeper.sweep()).toBe(2);
    expect((await logins.find().toArray()).map(({ _id }) => _id)).toEqual(['a second left', 'for ever']);
    await sweeper.stop();
  });

  test('says by its schemas what expires', async () => {
    const { connection: other, ...rest } = await testDatabase();
    const collection = { collection: 'handOvers' };
    other.model(
      'HandOver',
      new Schema({ code: { type: String, unique: true }, until: { type: Date, expires: 0 } }, collection),
    );
    other.model('Visit', new Schema({ at: { type: Date, expires: 3600 } }));
    expect(expiringOf(other)).toEqual([
      { collection: 'handOvers', field: 'until', seconds: 0 },
      { collection: 'visits', field: 'at', seconds: 3600 },
    ]);
    await rest.close();
  });

  test('is swept again and again until the sweeper is stopped', async () => {
    const codes = connection.collection('codes');
    const sweeper = startSweeper(connection, [{ collection: 'codes', field: 'until', seconds: 0 }], 20);
    for (const round of [1, 2]) {
      await codes.insertOne({ round, until: new Date(0) });
      while ((await codes.countDocuments()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await sweeper.stop();
    await codes.insertOne({ until: new Date(0) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await codes.countDocuments()).toBe(1);
  });
});
