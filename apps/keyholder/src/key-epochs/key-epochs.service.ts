/**
 * The life of a key epoch: begun by an approved request, wound down while selectors made under it are valid or in a window, destroyed by the
 * turn of the day after. The row in the database decides: a file without one was never used, and a file of a destroyed one is on its way out.
 */
import { Inject, Injectable } from '@nestjs/common';
import { toBase64Url } from '#contracts';
import type { KeyEpochState } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import type { PinDocument } from '#pseudonyms';
import { refused } from '../answers/refusal.js';
import { AuditLog } from '../audit/audit-log.js';
import { daysUntilFree } from '../cohorts/cohort-rules.js';
import { Positions } from '../cohorts/positions.js';
import { Writer } from '../database/writer.js';
import type { Transaction } from '../database/writer.js';
import { EVENTS } from '../events.js';
import type { KeyholderEvents } from '../events.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { SealedFolder } from '../sealing/sealed-folder.js';
import { openSecretScheme } from '../secret-key/index.js';
import { destroyEpochSecrets, makeEpochSecrets } from './epoch-secrets.js';
import { mayBegin, mayBeDestroyed, newestOf, stateOf } from './key-epoch-rules.js';
import { addKeyEpoch, markDestroyed, readKeyEpochs } from './key-epochs.repository.js';
import { writePin } from './open-key-epochs.js';
import { Schemes } from './schemes.js';

/** Injection token: worker threads of the newest. */
export const SCHEME_THREADS = Symbol('scheme threads');

@Injectable()
export class KeyEpochs {
  constructor(
    private readonly writer: Writer,
    private readonly sealed: SealedFolder,
    private readonly keys: KeyholderKeys,
    private readonly schemes: Schemes,
    private readonly positions: Positions,
    private readonly policies: PolicyStore,
    private readonly log: AuditLog,
    private readonly clock: Clock,
    @Inject(SCHEME_THREADS) private readonly threads: number,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  async mayBegin(transaction: Transaction): Promise<boolean> {
    return mayBegin(await readKeyEpochs(transaction));
  }

  /**
   * The next one, in the transaction of an approved act: secrets on the disk first, then its row and its first cohorts. Nobody else writes
   * meanwhile. When the transaction fails, what lies on the disk was never used, and the next attempt replaces it.
   * @returns what follows the commit. @throws Problem answer-refused while too many are at work
   */
  async begin(transaction: Transaction): Promise<() => Promise<void>> {
    const rows = await readKeyEpochs(transaction);
    if (!mayBegin(rows)) throw refused();
    const before = newestOf(rows);
    const { keyEpoch, selectorKey, scheme } = await makeEpochSecrets(this.sealed, before + 1, this.keys.parameterSet);
    this.schemes.put(keyEpoch, await openSecretScheme(this.keys.parameterSet, scheme, { threads: this.threads }));
    scheme.fill(0);
    this.keys.begin(keyEpoch, selectorKey);
    await addKeyEpoch(transaction, keyEpoch, this.clock.today());
    await this.positions.startOver(transaction);
    await this.log.note(transaction, { type: 'key-epoch', number: keyEpoch, selectorKey: toBase64Url(selectorKey.publicKey) });
    return async () => {
      await this.publish();
      await this.windDown(before);
      this.events.emit('key-epoch-begun', { keyEpoch });
    };
  }

  /** Ends those whose slots are all free again. Run once a day, after slots were freed; safe to run again. */
  async destroyUnused(): Promise<void> {
    const gone = await this.writer.transaction(async (transaction) => {
      const rows = await readKeyEpochs(transaction);
      const due = rows.filter((row) => mayBeDestroyed(row, newestOf(rows))).map(({ number }) => number);
      for (const number of due) {
        await markDestroyed(transaction, number, this.clock.today());
        await this.log.note(transaction, { type: 'key-destroyed', number });
      }
      return due;
    });
    for (const keyEpoch of gone) await this.destroy(keyEpoch);
    if (gone.length > 0) await this.publish();
  }

  /** Numbers of those that are not destroyed, ascending. */
  async live(): Promise<number[]> {
    const rows = await this.writer.transaction(readKeyEpochs);
    return rows.filter(({ destroyedDay }) => destroyedDay === null).map(({ number }) => number);
  }

  async states(): Promise<KeyEpochState[]> {
    const rows = await this.writer.transaction(readKeyEpochs);
    const { document } = this.policies.live();
    const now = { today: this.clock.today(), daysUntilFree: daysUntilFree(document) };
    return rows.map((row) => stateOf(row, newestOf(rows), now));
  }

  /** The public file as it is now. */
  async pin(): Promise<PinDocument> {
    return this.keys.pinOf(await this.live());
  }

  /** A crash before this is mended by the next start, which does the same. */
  private async destroy(keyEpoch: number): Promise<void> {
    this.keys.forget(keyEpoch);
    await this.schemes.drop(keyEpoch);
    await destroyEpochSecrets(this.sealed, keyEpoch);
    this.events.emit('key-epoch-destroyed', { keyEpoch });
  }

  private async publish(): Promise<void> {
    await writePin(this.sealed.folder, await this.pin());
  }

  /** What only opens from now on needs one thread; so memory does not grow with every key epoch by as much as is set. */
  private async windDown(keyEpoch: number): Promise<void> {
    if (this.threads === 1) return;
    const secret = await this.schemes.exportSecret(keyEpoch);
    this.schemes.put(keyEpoch, await openSecretScheme(this.keys.parameterSet, secret, { threads: 1 }));
    secret.fill(0);
  }
}
