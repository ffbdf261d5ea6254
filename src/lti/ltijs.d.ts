/** The few parts of ltijs 5.9.9 that `src/lti/` uses; `@types/ltijs` describes older versions. */
declare module 'ltijs' {
  import type { KeyObject } from 'node:crypto';
  import type { Request, RequestHandler, Response } from 'express';

  /** What ltijs expects of a database plugin. `Get` answers `false` where nothing was found. */
  export interface LtijsDatabase {
    setup(): Promise<boolean>;
    Close(): Promise<boolean>;
    Get(secret: string | false, collection: string, query?: Record<string, unknown>): Promise<unknown[] | false>;
    Insert(
      secret: string | false,
      collection: string,
      item: Record<string, unknown>,
      index?: Record<string, unknown>,
    ): Promise<boolean>;
    Replace(
      secret: string | false,
      collection: string,
      query: Record<string, unknown>,
      item: Record<string, unknown>,
      index?: Record<string, unknown>,
    ): Promise<boolean>;
    Modify(
      secret: string | false,
      collection: string,
      query: Record<string, unknown>,
      modification: Record<string, unknown>,
    ): Promise<boolean>;
    Delete(collection: string, query: Record<string, unknown>): Promise<boolean>;
  }

  type LaunchCallback = (token: unknown, req: Request, res: Response) => void | Promise<void>;

  interface LtijsProvider {
    readonly app: RequestHandler;
    setup(
      secret: KeyObject,
      database: { plugin: LtijsDatabase },
      options: {
        appRoute: string;
        loginRoute: string;
        keysetRoute: string;
        dynRegRoute: string;
        cors: false;
        ltiaas: true;
        serverAddon: (app: { use(handler: RequestHandler): void }) => void;
      },
    ): LtijsProvider;
    deploy(options: { serverless: true; silent: true }): Promise<true>;
    onConnect(callback: LaunchCallback): true;
    onDeepLinking(callback: LaunchCallback): true;
    onInvalidToken(callback: (req: Request, res: Response) => void | Promise<void>): true;
  }

  const ltijs: { Provider: LtijsProvider };
  export default ltijs;
}

declare module 'ltijs/dist/Utils/Auth.js' {
  /** The seam: ltijs asks this static function whether a token is good. */
  const Auth: { validateToken: (token: string, ...rest: unknown[]) => Promise<Record<string, unknown>> };
  export default Auth;
}
