interface Stoppable {
  stop(): Promise<unknown>;
}

/** Everything that a run started, so that nothing stays when it ends: in order, by an error, or by Ctrl-C half-way. */
export interface Started {
  /** Starts it unless the run is over; what gets ready too late is stopped at once. */
  start<T extends Stoppable>(begin: () => Promise<T>): Promise<T>;
  /** Stops one before the others. */
  end(one: Stoppable): Promise<void>;
  /** What fails from now on fails because it was stopped. */
  isOver(): boolean;
  /** The last one started goes first. May be called twice. */
  endAll(): Promise<void>;
}

export function createStarted(): Started {
  const running: Stoppable[] = [];
  const starting = new Set<Promise<unknown>>();
  let over: Promise<void> | undefined;

  async function endAll(): Promise<void> {
    await Promise.allSettled(starting);
    for (const one of running.splice(0).toReversed())
      await one.stop().catch((error: unknown) => console.error('  could not be stopped:', error));
  }

  return {
    async start(begin) {
      if (over) throw new Error('The run is over');
      const coming = begin().then((one) => {
        running.push(one);
        return one;
      });
      starting.add(coming);
      try {
        return await coming;
      } finally {
        starting.delete(coming);
      }
    },
    async end(one) {
      const at = running.indexOf(one);
      if (at >= 0) running.splice(at, 1);
      await one.stop();
    },
    isOver: () => over !== undefined,
    endAll: () => (over ??= endAll()),
  };
}
