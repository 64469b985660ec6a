/** A simulated service as the checks see it: what has happened, and its databases read by somebody who may see everything. */
import type { History } from './history.js';
import type { Oracle, Standings } from './oracle.js';

export const sides = ['negative', 'positive'] as const;
export type SideName = (typeof sides)[number];

export interface Judged {
  readonly history: History;
  readonly oracle: Oracle;
  nyms<R extends object>(query: string, values?: unknown[]): Promise<R[]>;
  keyholder<R extends object>(query: string, values?: unknown[]): Promise<R[]>;
  /** The key holder's, 32 bytes: it signs the log. */
  readonly rootKey: Uint8Array;
  /** Handle of each account, in order, once it has one. */
  handles(): Promise<Uint8Array[]>;
}

/** Epochs that the key holder says it has decided, in order. */
export async function decidedEpochs(judged: Judged, side: SideName): Promise<number[]> {
  const rows = await judged.keyholder<{ epoch: number }>(
    `SELECT epoch FROM keyholder.decided_trees WHERE side = $1 AND outcome = 'decided' ORDER BY epoch`,
    [side],
  );
  return rows.map(({ epoch }) => epoch);
}

export const expectedStandings = async (judged: Judged): Promise<Standings> =>
  judged.oracle.standings(await decidedEpochs(judged, 'negative'));

export const expectedSuspended = async (judged: Judged): Promise<Set<number>> => (await expectedStandings(judged)).suspended;

/** Accounts with a positive standing, which is found anew in each decided epoch. */
export async function expectedCommended(judged: Judged): Promise<Set<number>> {
  const last = (await decidedEpochs(judged, 'positive')).at(-1);
  return last === undefined ? new Set() : judged.oracle.commended(last);
}
