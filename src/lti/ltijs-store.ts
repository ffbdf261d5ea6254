import type { LtijsDatabase } from 'ltijs';

/**
 * ltijs' database plugin. Everything that ltijs would keep is kept elsewhere: platforms (`platforms.ts`), key pairs
 * (`tool-keys-store.ts`: ltijs replaces a pair in place, which no rotation survives), sign-ins (`login-state.ts`) and
 * sessions (`src/launch/`). So it finds nothing and writes nothing, and a launch makes no round trip inside ltijs.
 */
export const ltijsStore: LtijsDatabase = {
  setup: () => Promise.resolve(true),
  Close: () => Promise.resolve(true),
  Get: () => Promise.resolve(false),
  Insert: () => Promise.resolve(true),
  Replace: () => Promise.resolve(true),
  Modify: () => Promise.resolve(true),
  Delete: () => Promise.resolve(true),
};
