/**
 * Decisions of the key holder over an attested tree: the very stream that the correlator would bring, with its certificate and signature, at
 * which the clock starts and stops. Between two runs the tree is forgotten, or the key holder would only look it up.
 */
import { decisionOutcome } from '#contracts';
import { attestationMessage, toText, TreesRepository, writeDecision } from '#tallies';
import type { DecisionHeader, TreeName } from '#tallies';
import type { BenchContext } from '../bench-context.js';
import type { BenchStack } from '../bench-stack.js';
import { cpuBetween, cpuSeconds, perItem } from '../cpu/cpu-meter.js';

const DECIDE_MS = 15 * 60_000;

/** @returns microseconds per ciphertext of each run. */
export async function decideRuns({ scale, say }: BenchContext, bench: BenchStack, epoch: number): Promise<number[]> {
  const trees = new TreesRepository(bench.pool('nyms'));
  const name: TreeName = { epoch, side: 'negative', policy: 'live' };
  const header = await submissionOf(bench, trees, name);
  const ciphertexts: Uint8Array[] = [];
  for await (const ciphertext of trees.ciphertexts(name)) ciphertexts.push(ciphertext);
  const runs: number[] = [];
  for (let run = 0; run < scale.runs; run++) {
    bench.signal.throwIfAborted();
    await bench.pool('keyholder').query('DELETE FROM keyholder.decided_trees WHERE epoch = $1', [epoch]);
    const [before, begun] = [cpuSeconds(bench.stack), performance.now()];
    await decide(bench, header, ciphertexts);
    runs.push(((performance.now() - begun) * 1_000) / ciphertexts.length);
    say(
      `${ciphertexts.length} ciphertexts decided, ${runs.at(-1)?.toFixed(0)} µs each; ms of CPU: ${perItem(cpuBetween(before, cpuSeconds(bench.stack)), ciphertexts.length)}`,
    );
  }
  return runs;
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
