import { createRequire } from 'node:module';

/**
 * What Serik is measured against: a tool on stock ltijs, set up as its README shows, deployed as for production (no
 * `devMode`), whose first page is a few bytes. It brings its own mongoose 7, which talks to the embedded databases as they
 * are. Run by stock-process.ts; ends when its standard input does.
 */
export interface StockToolSettings {
  readonly mongodbUri: string;
  readonly secret: string;
  readonly port: number;
  readonly platform: {
    readonly url: string;
    readonly name: string;
    readonly clientId: string;
    readonly authenticationEndpoint: string;
    readonly accesstokenEndpoint: string;
    readonly authConfig: { readonly method: 'JWK_SET'; readonly key: string };
  };
}

/** As the README of ltijs 5.9.9 uses it; `src/lti/ltijs.d.ts` describes what Serik uses, which is something else. */
interface StockProvider {
  setup(
    secret: string,
    database: { url: string },
    options: { cookies: { secure: boolean; sameSite: 'None' }; devMode: false },
  ): void;
  onConnect(callback: (token: unknown, req: unknown, res: { send(text: string): unknown }) => unknown): void;
  deploy(options: { port: number; silent: boolean }): Promise<boolean>;
  registerPlatform(platform: StockToolSettings['platform']): Promise<unknown>;
}

const { Provider } = createRequire(import.meta.url)('ltijs') as { Provider: StockProvider };

const settings = JSON.parse(process.argv[2] ?? '{}') as StockToolSettings;
process.stdin.resume().on('end', () => process.exit());

Provider.setup(
  settings.secret,
  { url: settings.mongodbUri },
  { cookies: { secure: true, sameSite: 'None' }, devMode: false },
);
Provider.onConnect((_token, _req, res) => res.send("It's alive!"));
await Provider.deploy({ port: settings.port, silent: true });
await Provider.registerPlatform(settings.platform);
console.log('ready');
