import { Schema, type Connection } from 'mongoose';
import { digest } from '../web/sealed.js';
import { isDuplicateKey } from './duplicate.js';

interface Row {
  _id: string;
  expiresAt: Date;
}

export interface Spent {
  ready(): Promise<void>;
  /** Of many at once, on any number of processes, one gets true; kept until it would be too old anyway. */
  spend(what: string, until: Date): Promise<boolean>;
}

/** What is good once and was used: only a digest of it is stored, and only once it is used. */
export function createSpentStore(connection: Connection): Spent {
  const schema = new Schema<Row>(
    { _id: { type: String, required: true }, expiresAt: { type: Date, required: true, expires: 0 } },
    { versionKey: false, collection: 'spent' },
  );
  const model = connection.model<Row>('Spent', schema);
  return {
    async ready() {
      await model.init();
    },
    async spend(what, until) {
      const _id = digest(what);
      try {
        await model.insertMany([{ _id, expiresAt: until }], { lean: true });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}
