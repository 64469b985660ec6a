/** Compares what the services have stored, signed and decided with what the oracle says of the same history. */
import { expect } from '@jest/globals';
import { NoteVerifier, parseLeaf, verifyLog } from '#audit';
import type { AuditLeaf } from '#audit';
import { auditOrigin, toBase64Url } from '#contracts';
import type { Leaf } from './oracle.js';
import { expectedCommended, expectedStandings, expectedSuspended, sides } from './judged.js';
import type { Judged, SideName } from './judged.js';

interface TreeRow {
  readonly epoch: number;
  readonly side: SideName;
  readonly header: { readonly since: number; readonly newPseudonyms: number };
}

/** True at any moment. */
export async function checkAlways(judged: Judged): Promise<void> {
  await everySetArrivedOnce(judged);
  await treesSayWhatCame(judged);
  await standingsAreTheOracles(judged);
}

/** True when all has arrived and nothing is left to do. */
export async function checkAtTheEnd(judged: Judged): Promise<void> {
  await newestEpochIsAnswered(judged);
  await registrarWasTold(judged);
  await statesAreTheOracles(judged);
  await logIsWhole(judged);
}

async function everySetArrivedOnce({ nyms, history }: Judged): Promise<void> {
  const rows = await nyms<{ name: string; epoch: number }>(
    `SELECT concat_ws(' ', hub, jti, CASE WHEN decision_hash IS NOT NULL THEN 'ruling' END) AS name, epoch
     FROM tallies.manifest_entries ORDER BY epoch, 1`,
  );
  const arrived = [
    ...history.sets.map((set) => ({ name: `${history.hubId(set.hub)} ${set.jti}`, epoch: set.epoch })),
    ...history.rulings.map(({ set, epoch }) => ({ name: `${history.hubId(set.hub)} ${set.jti} ruling`, epoch })),
  ].filter(({ epoch }) => epoch !== undefined);
  const lines = (all: readonly { name: string; epoch?: number | undefined }[]) =>
    all.map(({ name, epoch }) => `${epoch} ${name}`).sort();
  expect(lines(rows)).toEqual(lines(arrived));
  const stored = await nyms<{ hub: string; jti: string }>('SELECT hub, jti FROM signals.sets');
  expect(stored.map(({ hub, jti }) => `${hub} ${jti}`).sort()).toEqual(
    history.sets.map(({ hub, jti }) => `${history.hubId(hub)} ${jti}`).sort(),
  );
}

async function treesSayWhatCame({ nyms, oracle }: Judged): Promise<void> {
  const trees = await nyms<TreeRow>('SELECT epoch, side, header FROM tallies.trees ORDER BY epoch, side');
  for (const { epoch, side, header } of trees) {
    const rows = await nyms<{ leaf: Leaf & { cohort: number; hub: string } }>(
      'SELECT leaf FROM tallies.leaves WHERE epoch = $1 AND side = $2 ORDER BY position',
      [epoch, side],
    );
    const leaves = Object.fromEntries(
      rows.map(({ leaf: { cohort, hub, pseudonyms, weightSum, squareSum } }) => [
        `${cohort} ${hub}`,
        { pseudonyms, weightSum, squareSum },
      ]),
    );
    expect({ epoch, side, leaves }).toEqual({ epoch, side, leaves: oracle.leaves(epoch, side) });
    expect({ epoch, side, fresh: header.newPseudonyms }).toEqual({
      epoch,
      side,
      fresh: oracle.newPseudonyms(epoch, side, header.since),
    });
  }
}

async function standingsAreTheOracles(judged: Judged): Promise<void> {
  const handles = await judged.handles();
  const accountOf = (handle: Buffer) => handles.findIndex((one) => Buffer.compare(handle, one) === 0);
  const standing = await judged.keyholder<{ handle: Buffer }>('SELECT handle FROM keyholder.standings');
  const expected = [...(await expectedSuspended(judged))].sort();
  expect(standing.map(({ handle }) => accountOf(handle)).sort()).toEqual(expected);
  const commended = await judged.keyholder<{ handle: Buffer }>('SELECT handle FROM keyholder.handles WHERE commended');
  expect(commended.map(({ handle }) => accountOf(handle)).sort()).toEqual([...(await expectedCommended(judged))].sort());
  const frozen = await judged.keyholder('SELECT 1 FROM keyholder.state WHERE frozen');
  expect(frozen).toEqual([]);
}

async function newestEpochIsAnswered(judged: Judged): Promise<void> {
  const { history, oracle } = judged;
  const { newest, policy } = history;
  for (const side of sides) {
    const rows = await judged.keyholder<{ epoch: number; outcome: string }>(
      'SELECT epoch, outcome FROM keyholder.decided_trees WHERE side = $1 ORDER BY epoch',
      [side],
    );
    const since = rows.findLast(({ epoch, outcome }) => outcome === 'decided' && epoch < newest)?.epoch ?? 0;
    const enough = oracle.newPseudonyms(newest, side, since) >= policy.minPseudonyms;
    expect({ side, newest: rows.at(-1) }).toEqual({ side, newest: { epoch: newest, outcome: enough ? 'decided' : 'waiting' } });
  }
}

/** Each suspension and each reinstatement was named to the registrar, once. */
async function registrarWasTold(judged: Judged): Promise<void> {
  const batches = await judged.keyholder<{ suspend: Buffer[]; reinstate: Buffer[] }>(
    'SELECT suspend, reinstate FROM keyholder.release_batches',
  );
  const handles = await judged.handles();
  const texts = (accounts: readonly number[]) => accounts.map((account) => toBase64Url(handles[account]!)).sort();
  const { suspensions, reinstated } = await expectedStandings(judged);
  expect(batches.flatMap(({ suspend }) => suspend.map(toBase64Url)).sort()).toEqual(texts(suspensions));
  expect(batches.flatMap(({ reinstate }) => reinstate.map(toBase64Url)).sort()).toEqual(texts(reinstated));
}

async function statesAreTheOracles({ nyms, history, oracle }: Judged): Promise<void> {
  const rows = await nyms<{ hub: string; jti: string; state: string }>('SELECT hub, jti, state::text FROM signals.sets');
  const states = new Map(rows.map(({ hub, jti, state }) => [`${hub} ${jti}`, state]));
  const wrong = history.sets.flatMap((set) => {
    const state = states.get(`${history.hubId(set.hub)} ${set.jti}`) ?? 'gone';
    return oracle.statesOf(set).includes(state) ? [] : [{ set, state, expected: oracle.statesOf(set) }];
  });
  expect(wrong).toEqual([]);
}

/** As its checkpoints say, and each decision that was completed and each batch stands in it once. */
async function logIsWhole({ keyholder, rootKey }: Judged): Promise<void> {
  const [{ id }] = (await keyholder<{ id: string }>('SELECT key_holder_id AS id FROM keyholder.state')) as [{ id: string }];
  const rows = await keyholder<{ leaf: Buffer }>('SELECT leaf FROM keyholder.audit_entries ORDER BY sequence');
  const notes = await keyholder<{ note: string }>('SELECT note FROM keyholder.audit_checkpoints ORDER BY size');
  const leaves = rows.map(({ leaf }) => leaf);
  const trust = { log: new NoteVerifier(auditOrigin(id), rootKey), witnesses: [], needed: 0 };
  expect(
    await verifyLog(
      leaves,
      notes.map(({ note }) => note),
      trust,
    ),
  ).toMatchObject({ isSound: true });
  const entries = leaves.map((leaf) => parseLeaf(leaf) as AuditLeaf);
  const completed = new Set(entries.flatMap(({ type, of }) => (type === 'completed' ? [of] : [])));
  const logged = (type: string) =>
    entries.filter((entry) => entry.type === type && (entry['announced'] !== true || completed.has(entry.index)));
  const trees = await keyholder<{ epoch: number; side: string; root: Buffer }>(
    `SELECT epoch, side, root FROM keyholder.decided_trees WHERE outcome = 'decided'`,
  );
  const lines = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).sort();
  expect(lines(logged('decided').map(({ epoch, side, root }) => ({ epoch, side, root })))).toEqual(
    lines(trees.map(({ epoch, side, root }) => ({ epoch, side, root: toBase64Url(root) }))),
  );
  const batches = await keyholder<{ number: number }>('SELECT number FROM keyholder.release_batches');
  expect(lines(logged('release').map(({ number }) => ({ number })))).toEqual(lines(batches));
}
