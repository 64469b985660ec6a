/**
 * An exported log, for whoever checks it without trusting anybody: `entries.jsonl`, one leaf a line as it is hashed; `checkpoint`, a
 * cosigned note over all of them; in `generation-1` and so on the same of logs before a restore; and in `proofs/`, for single entries, the leaf and a tlog-proof file that stand on their own.
 */
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { leafLine, leavesIn } from '#audit';
import { StackError } from '../stack/stack-error.js';

const names = { entries: 'entries.jsonl', checkpoint: 'checkpoint', proofs: 'proofs' } as const;
const proofEnd = '.tlog-proof';

export class AuditFolder {
  constructor(readonly folder: string) {}

  /** The entries replace what was there as a whole, or not at all. */
  async write(leaves: AsyncIterable<Uint8Array>, checkpoint: string): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const draft = this.file(`${names.entries}.new`);
    const handle = await open(draft, 'w');
    try {
      for await (const leaf of leaves) await handle.write(leafLine(leaf));
    } finally {
      await handle.close();
    }
    renameSync(draft, this.file(names.entries));
    writeFileSync(this.file(names.checkpoint), checkpoint);
  }

  /** Where an earlier generation of the log is exported to: in a folder of its own in this one. */
  ofGeneration(generation: number): AuditFolder {
    return new AuditFolder(this.file(`generation-${generation}`));
  }

  /** Those that were exported, in no order. */
  earlier(): AuditFolder[] {
    const found = readdirSync(this.folder).flatMap((name) => /^generation-(\d+)$/.exec(name)?.[1] ?? []);
    return found.map((generation) => this.ofGeneration(Number(generation))).filter(({ isThere }) => isThere);
  }

  get isThere(): boolean {
    return existsSync(this.file(names.checkpoint));
  }

  writeProof(index: number, leaf: string, proof: string): void {
    mkdirSync(this.file(names.proofs), { recursive: true });
    writeFileSync(this.file(names.proofs, `${index}.json`), leaf);
    writeFileSync(this.file(names.proofs, `${index}${proofEnd}`), proof);
  }

  /** Throws StackError when there is none. */
  checkpoint(): string {
    try {
      return readFileSync(this.file(names.checkpoint), 'utf8');
    } catch {
      throw new StackError(`${this.folder} holds no exported log`, 'make one with `ctl audit export`');
    }
  }

  leaves(): AsyncGenerator<Uint8Array> {
    return leavesIn(createReadStream(this.file(names.entries)));
  }

  proofs(): { readonly name: string; readonly leaf: Uint8Array; readonly proof: string }[] {
    return this.proofNames().map((name) => ({
      name,
      leaf: readFileSync(this.file(names.proofs, `${name}.json`)),
      proof: readFileSync(this.file(names.proofs, name + proofEnd), 'utf8'),
    }));
  }

  private proofNames(): string[] {
    try {
      const files = readdirSync(this.file(names.proofs)).filter((name) => name.endsWith(proofEnd));
      return files.map((name) => name.slice(0, -proofEnd.length)).sort((a, b) => Number(a) - Number(b));
    } catch {
      return [];
    }
  }

  private file(...parts: readonly string[]): string {
    return path.join(this.folder, ...parts);
  }
}
