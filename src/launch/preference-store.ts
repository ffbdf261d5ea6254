import { Schema, type Connection } from 'mongoose';
import type { Language } from '../web/i18n.js';

interface Row {
  platform: string;
  sub: string;
  language: Language;
}

/** What a person chose once and should not have to choose again. */
export function createPreferenceStore(connection: Connection) {
  const text = { type: String, required: true };
  const schema = new Schema<Row>(
    { platform: text, sub: text, language: text },
    { versionKey: false, collection: 'preferences' },
  );
  schema.index({ platform: 1, sub: 1 }, { unique: true });
  const model = connection.model<Row>('Preference', schema);
  return {
    async ready() {
      await model.init();
    },
    async languageOf(platform: string, sub: string): Promise<Language | undefined> {
      return (await model.findOne({ platform, sub }).lean<Row | null>())?.language;
    },
    async setLanguage(platform: string, sub: string, language: Language): Promise<void> {
      await model.updateOne({ platform, sub }, { $set: { language } }, { upsert: true });
    },
  };
}

export type PreferenceStore = ReturnType<typeof createPreferenceStore>;
