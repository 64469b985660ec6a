/** `ctl audit …`: the key holder's log. Reading asks the key holder; checking needs files and pinned keys only, and no network. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { openCheckpoint, parseLeaf, verifyProof, type AuditLeaf, type LogTrust } from '#audit';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { table } from '../command/table.js';
import { StackError } from '../stack/stack-error.js';
import { AuditFolder } from './audit-folder.js';
import { auditLine } from './audit-lines.js';
import { AuditSource } from './audit-source.js';
import { auditStats } from './audit-stats.js';
import { rememberedIn, trustOf } from './audit-trust.js';
import { generationOf, trustIn, verifyGenerations } from './generations.js';

export function addAuditCommands(program: Command, { session: open, print, now, exitWith }: Context): void {
  const audit = program.command('audit').description("the key holder's log: what it did, cosigned by independent witnesses");

  audit
    .command('export <folder>')
    .description('write the log into files that can be checked offline')
    .option('--proof <index...>', 'entries to write with a proof file of their own')
    .addHelpText('after', example('audit export log', 'audit export log --proof 12 40'))
    .action(async (folder: string, { proof = [] }: { proof?: string[] }, command: Command) => {
      const session = open(command);
      const source = new AuditSource(session, now);
      const files = new AuditFolder(session.path(folder));
      const checkpoint = await source.checkpoint();
      const trust = trustOf(session);
      const generation = presentGeneration(checkpoint, trust);
      const size = sizeOf(checkpoint, trustIn(trust, generation));
      await files.write(first(size, source.leaves(0)), checkpoint);
      for (let earlier = 1; earlier < generation; earlier++) {
        if (!(await source.has(earlier))) continue;
        await files.ofGeneration(earlier).write(source.leaves(0, earlier), await source.checkpoint(earlier));
      }
      for (const index of proof.map(indexIn)) {
        const { leaf, proof: text } = await source.proof(index);
        files.writeProof(index, leaf, text);
      }
      print(
        `${size} entries and their checkpoint are in ${files.folder}${proof.length > 0 ? `, with ${proof.length} proofs` : ''}`,
      );
    });

  audit
    .command('verify <folder>')
    .description('check an exported log: nothing missing, nothing changed, signed and cosigned; exit code 1 when not')
    .option('--remember <file>', 'refuse a log that takes back what this file remembers, and remember its newest checkpoint')
    .addHelpText('after', example('audit verify log', 'audit verify log --remember seen.checkpoint'))
    .action(async (folder: string, { remember }: { remember?: string }, command: Command) => {
      const session = open(command);
      const files = new AuditFolder(session.path(folder));
      const trust = trustOf(session);
      const file = remember && session.path(remember);
      const checkpoint = files.checkpoint();
      const exported = (generation: number) => {
        const earlier = files.ofGeneration(generation);
        return earlier.isThere ? { checkpoint: earlier.checkpoint(), leaves: () => earlier.leaves() } : undefined;
      };
      const newest = { checkpoint, leaves: () => files.leaves() };
      const verdict = await verifyGenerations(newest, exported, trust, file ? rememberedIn(file, trust) : undefined);
      for (const line of verdict.lines) print(line);
      if (!verdict.isSound) return exitWith(1);
      const present = trustIn(trust, presentGeneration(checkpoint, trust));
      for (const { witness, seconds } of openCheckpoint(checkpoint, present).cosignatures)
        print(`✓ cosigned by ${witness}, ${new Date(seconds * 1_000).toISOString()}`);
      const wrong = files.proofs().filter((proof) => !isProven(proof, present, print));
      if (wrong.length > 0) return exitWith(1);
      if (file) writeFileSync(file, checkpoint);
    });

  audit
    .command('tail')
    .description('its newest entries, not checked')
    .option('--lines <number>', 'how many', '20')
    .option('-f, --follow', 'go on with what is added, until Ctrl-C')
    .option('--json', 'one entry a line, as it is hashed')
    .addHelpText('after', example('audit tail', 'audit tail --follow --lines 5', 'audit tail --lines 100 --json'))
    .action(async ({ lines, follow, json }: { lines: string; follow?: true; json?: true }, command: Command) => {
      const session = open(command);
      const source = new AuditSource(session, now);
      const [checkpoint, trust] = [await source.checkpoint(), trustOf(session)];
      const size = sizeOf(checkpoint, trustIn(trust, presentGeneration(checkpoint, trust)));
      const from = Math.max(0, size - indexIn(lines));
      for await (const bytes of follow ? source.following(from) : source.leaves(from)) {
        const leaf = parseLeaf(bytes);
        if (json || !leaf) print(Buffer.from(bytes).toString('utf8'));
        else print(auditLine(leaf));
      }
    });

  audit
    .command('stats [folder]')
    .description('how often what happened per month, from the key holder or from an exported log: for transparency reports')
    .option('--json', 'as JSON')
    .addHelpText('after', example('audit stats', 'audit stats log --json'))
    .action(async (folder: string | undefined, { json }: { json?: true }, command: Command) => {
      const session = open(command);
      const leaves =
        folder === undefined ? new AuditSource(session, now).leaves(0) : new AuditFolder(session.path(folder)).leaves();
      const counts = auditStats(await parsed(leaves));
      if (json) return print(JSON.stringify(counts, undefined, 2));
      const rows = counts.map(({ month, type, happened, abandoned, open: pending }) => [
        month,
        type,
        happened,
        abandoned,
        pending,
      ]);
      print(table(['month', 'entry', 'happened', 'abandoned', 'open'], rows));
    });
}

/** @throws StackError for the note of another log */
function presentGeneration(checkpoint: string, trust: LogTrust): number {
  const generation = generationOf(checkpoint, trust);
  if (generation !== undefined) return generation;
  throw new StackError('the checkpoint is of another log', 'check CTL_KEYHOLDER_PIN_FILE');
}

const sizeOf = (checkpoint: string, trust: LogTrust): number =>
  openCheckpoint(checkpoint, { ...trust, needed: 0 }).checkpoint.size;

function isProven(
  { name, leaf, proof }: { name: string; leaf: Uint8Array; proof: string },
  trust: LogTrust,
  print: (line: string) => void,
): boolean {
  try {
    const { index } = verifyProof(leaf, proof, trust);
    print(`✓ proof ${name}: entry ${index}`);
    return true;
  } catch {
    print(`✗ proof ${name} does not show that its entry is in the log`);
    return false;
  }
}

async function* first(count: number, leaves: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let given = 0;
  if (count === 0) return;
  for await (const leaf of leaves) {
    yield leaf;
    if (++given === count) return;
  }
}

async function parsed(leaves: AsyncIterable<Uint8Array>): Promise<AuditLeaf[]> {
  const all: AuditLeaf[] = [];
  for await (const bytes of leaves) {
    const leaf = parseLeaf(bytes);
    if (!leaf) throw new StackError(`entry ${all.length} is none`, 'check the log with `ctl audit verify`');
    all.push(leaf);
  }
  return all;
}

function indexIn(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new StackError(`${text} is no number of an entry`, 'numbers begin with 0');
  return Number(text);
}
