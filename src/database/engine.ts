export interface Engine {
  /** Of the database `serik`; only this machine reaches it. */
  readonly uri: string;
  readonly engine: 'mongod' | 'memory-server' | 'java';
  readonly pid: number;
  /** Stops it in order: all that was written is in its files. May be called twice. */
  stop(): Promise<void>;
}

/** Another process has the data folder. */
export class DatabaseBusy extends Error {}

export const loopbackUri = (port: number, options = ''): string =>
  `mongodb://127.0.0.1:${port}/serik?directConnection=true${options}`;
