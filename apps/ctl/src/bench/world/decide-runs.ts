/**
 * Decisions of the key holder over an attested tree: the very stream that the correlator would bring, with its certificate and signature.
 * The key holder's own histogram says how long it opened ciphertexts, the clock here how long the whole decision took. Between two runs
 * the tree is forgotten, or the key holder would only look it up.
 */
import { decisionOutcome } from '#contracts';
import { attestationMessage, toText, TreesRepository, writeDecision } from '#tallies';
import type { DecisionHeader, TreeName } from '#tallies';
import type { BenchContext } from '../bench-context.js';
import type { BenchStack } from '../bench-stack.js';
import { histogramTotals } from '../histogram-totals.js';
import { cpuBetween, cpuSeconds, perItem } from '../cpu/cpu-meter.js';

const DECIDE_MS = 15 * 60_000;
/** A run takes a second or two, no longer than what disturbs it: the median of nine is rid of that. */
const runs = 9;

/** Microseconds per ciphertext of each run. */
export interface DecideRuns {
  /** Taken from the stream, hashed, loaded, checked, decrypted, decoded, added up per handle. */
  readonly opening: readonly number[];
  /** That, and header, log, witness, settlement and answer. */
  readonly whole: readonly number[];
}

export async function decideRuns({ say }: BenchContext, bench: BenchStack, epoch: number): Promise<DecideRuns> {
  const trees = new TreesRepository(bench.pool('nyms'));
  const name: TreeName = { epoch, side: 'negative', policy: 'live' };
  const header = await submissionOf(bench, trees, name);
  const ciphertexts: Uint8Array[] = [];
  for await (const ciphertext of trees.ciphertexts(name)) ciphertexts.push(ciphertext);
  const each = (seconds: number) => (seconds * 1e6) / ciphertexts.length;
  const [opening, whole]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    bench.signal.throwIfAborted();
    await bench.pool('keyholder').query('DELETE FROM keyholder.decided_trees WHERE epoch = $1', [epoch]);
    const opened = await openedSoFar(bench);
    const [before, begun] = [cpuSeconds(bench.stack), performance.now()];
    await decide(bench, header, ciphertexts);
    whole.push(each((performance.now() - begun) / 1_000));
    const used = perItem(cpuBetween(before, cpuSeconds(bench.stack)), ciphertexts.length);
    opening.push(each((await openedSoFar(bench)) - opened));
    const [own, all] = [opening, whole].map((samples) => samples.at(-1)?.toFixed(0));
    say(`${ciphertexts.length} ciphertexts opened in ${own} µs each, decided in ${all}; ms of CPU: ${used}`);
  }
  return { opening, whole };
}

/** Seconds. */
async function openedSoFar({ stack }: BenchStack): Promise<number> {
  const answer = await stack.client('ctl', 'keyholder').request('metrics');
  return histogramTotals(await answer.text(), 'nymtally_keyholder_opening_seconds').seconds;
}

async function submissionOf({ stack }: BenchStack, trees: TreesRepository, name: TreeName): Promise<DecisionHeader> {
  const tree = await trees.find(name);
  if (!tree) throw new Error('there is no tree to decide');
  const attestations = await trees.attestations(name);
  const { id, key } = stack.keys.correlator;
  return {
    header: tree.header,
    tallies: await trees.tallies(name),
    correlator: { id, signature: toText(key.sign(attestationMessage(name, tree.root))) },
    witnesses: attestations.map(({ witness, signature }) => ({ id: witness, signature: toText(signature) })),
  };
}

async function decide({ stack, signal }: BenchStack, header: DecisionHeader, ciphertexts: readonly Uint8Array[]): Promise<void> {
  const response = await stack.client('correlator', 'keyholder').request('v1/decisions', {
    type: 'application/octet-stream',
    body: writeDecision(header, ciphertexts),
    timeoutMs: DECIDE_MS,
    signal,
  });
  const answer = decisionOutcome.safeParse(await response.json());
  if (answer.data?.outcome !== 'decided') throw new Error(`the decision was answered ${answer.data?.outcome ?? response.status}`);
}
