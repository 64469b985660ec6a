/**
 * Gets the log cosigned: reads what was committed since the last time, signs a checkpoint over it, asks the log witnesses, and keeps
 * what they answer. One round at a time; a round covers all that waits. No connection is held while a witness is asked, and a round
 * that fails is tried again for as long as entries are not covered.
 *
 * A checkpoint is signed over committed rows only, so no two of them can disagree unless the database was rolled back; then a witness
 * remembers more than there is, and nothing that needs the log goes on.
 */
import { checkpointText, openCheckpoint, signNote, type MerkleTree, type NoteSigner } from '#audit';
import { StartError } from '#platform';
import type { Transaction, Writer } from '../../database/writer.js';
import type { KeyholderEvents } from '../../events.js';
import type { Generation } from '../../generation/generation.js';
import {
  entriesFrom,
  insertCheckpoint,
  limitStatements,
  newestCheckpoint,
  type EntryRow,
} from '../entries/entries.repository.js';
import { logVerifier } from './log-key.js';
import { gather } from './gather.js';
import type { LogWitnesses } from './log-witnesses.js';
import { WitnessClient, WitnessFailed, type WitnessFault } from './witness-client.js';
import type { WitnessLink } from './witness-link.js';

/** Rows read at a time. */
const page = 5_000;

export interface CosignerOptions {
  readonly writer: Writer;
  /** Its own, which has a log of its own. */
  readonly generation: Generation;
  /** The root key under the name of that log. */
  readonly signer: NoteSigner;
  readonly witnesses: LogWitnesses;
  readonly linkTo: (url: string) => WitnessLink;
  readonly deadlineMs: number;
  readonly events: KeyholderEvents;
  /** What has been read of the log already; grows. */
  readonly read: MerkleTree;
}

type Fault = WitnessFault | 'database';

interface Waiting {
  readonly size: number;
  resolve(): void;
  reject(error: unknown): void;
}

export class Cosigner {
  /** Over committed rows, as far as they were read. */
  readonly tree: MerkleTree;
  /** Entries that the newest kept checkpoint covers. An empty log is cosigned, too: it shows that the witnesses know it. */
  covered = -1;
  /** The last round failed, or none has been yet: until one succeeds, nothing new is announced. */
  isFailing = true;
  private readonly clients: readonly WitnessClient[];
  private waiting: Waiting[] = [];
  private round: Promise<void> | undefined;
  private wanted = false;
  /** Entries may have been committed that the tree does not have. */
  private unread = true;
  private closed = false;
  private lastFault: Fault | undefined;

  constructor(private readonly options: CosignerOptions) {
    const { witnesses, linkTo, read } = options;
    this.tree = read;
    this.clients = witnesses.witnesses.map(({ verifier, url }) => new WitnessClient(verifier, linkTo(url)));
  }

  /** Reads the log to its end. @throws StartError when it is not what its newest checkpoint says */
  async open(): Promise<void> {
    await this.read();
    const { signer, witnesses, writer, generation } = this.options;
    const note = await writer.transaction((transaction) => newestCheckpoint(transaction, generation.number));
    if (note === undefined) return;
    const trust = { log: logVerifier(signer), witnesses: witnesses.witnesses.map(({ verifier }) => verifier), needed: 0 };
    const { size, root } = openCheckpoint(note, trust).checkpoint;
    if (size > this.tree.size) throw damaged(`it has ${this.tree.size} entries, and ${size} were signed`);
    if (Buffer.compare(this.tree.root(size), root) !== 0)
      throw damaged(`its first ${size} entries are not those that were signed`);
    this.covered = size;
  }

  /** Resolves when so many entries are covered; rejects when the round that should do it fails. */
  covering(size: number): Promise<void> {
    if (this.covered >= size) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.waiting.push({ size, resolve, reject });
      this.start();
    });
  }

  /** An entry that was committed a moment ago, from whoever wrote it: it need not be read. */
  committed(index: number, leaf: Uint8Array): void {
    if (index === this.tree.size && !this.unread) this.tree.add(leaf);
    else this.unread = true;
  }

  /** There may be something to cosign: what is being written now is read when it is committed. */
  begin(): void {
    this.unread = true;
    this.start();
  }

  private start(): void {
    if (this.closed) return;
    this.wanted = true;
    this.round ??= this.run().finally(() => (this.round = undefined));
  }

  /** What is not covered yet will be after the next start. */
  async close(): Promise<void> {
    this.closed = true;
    this.wanted = false;
    await this.round;
    for (const { reject } of this.waiting.splice(0)) reject(new Error('the key holder ends'));
  }

  private async run(): Promise<void> {
    while (this.wanted) {
      this.wanted = false;
      try {
        await this.cosignAll();
        this.isFailing = false;
        this.lastFault = undefined;
        this.release();
      } catch (error) {
        this.isFailing = true;
        this.unread = true;
        this.report(error);
        this.refuse(error);
      }
    }
  }

  private async cosignAll(): Promise<void> {
    if (this.unread) await this.read();
    const { writer, signer, witnesses, deadlineMs, generation } = this.options;
    const size = this.tree.size;
    if (size <= this.covered) return;
    const text = checkpointText({ origin: signer.name, size, root: this.tree.root(size) });
    const submission = { size, text, note: signNote(text, signer), tree: this.tree };
    const signal = AbortSignal.timeout(deadlineMs);
    const lines = await gather(
      this.clients.map((client) => client.cosign(submission, signal)),
      witnesses.needed,
    );
    await writer.transaction(async (transaction) => {
      await limitStatements(transaction, deadlineMs);
      await insertCheckpoint(transaction, generation.number, size, submission.note + lines.join(''));
    });
    this.covered = size;
    generation.confirm();
  }

  private async read(): Promise<void> {
    for (;;) {
      this.unread = false; // what is written from now on is another one's to tell
      const rows = await this.options.writer.transaction((transaction) => this.pageOf(transaction));
      for (const { sequence, leaf } of rows) {
        if (sequence < this.tree.size) continue; // told meanwhile
        if (sequence !== this.tree.size) throw damaged(`entry ${this.tree.size} is missing`);
        this.tree.add(leaf);
      }
      if (rows.length < page) return;
    }
  }

  private async pageOf(transaction: Transaction): Promise<EntryRow[]> {
    await limitStatements(transaction, this.options.deadlineMs);
    return entriesFrom(transaction, this.options.generation.number, this.tree.size, page);
  }

  /** Once for each kind: it is tried again every second. */
  private report(error: unknown): void {
    const fault = error instanceof WitnessFailed ? error.fault : 'database';
    if (fault === this.lastFault) return;
    this.lastFault = fault;
    this.options.events.emit('log-not-cosigned', { fault }, error instanceof WitnessFailed ? undefined : error);
  }

  private release(): void {
    const done = this.waiting.filter(({ size }) => size <= this.covered);
    this.waiting = this.waiting.filter(({ size }) => size > this.covered);
    for (const { resolve } of done) resolve();
  }

  /** Who came while the round ran, for an entry that it did not read, gets a round of its own. */
  private refuse(error: unknown): void {
    const failed = this.waiting.filter(({ size }) => size <= this.tree.size);
    this.waiting = this.waiting.filter(({ size }) => size > this.tree.size);
    for (const { reject } of failed) reject(error);
    if (this.waiting.length > 0 && !this.wanted) for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

const damaged = (what: string): StartError =>
  new StartError(`the log of this key holder was changed: ${what}. Restore its database, or find out who did it`);
