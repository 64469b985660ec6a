/**
 * Replaces an account's lost holder key (protocol.md §2): seven days after it was asked for, and only if nobody with the key in use has called
 * it off. Every step is in the log, under the commitment of the handle that the account's own receipt has: so who controls the registrar
 * cannot take an account over unseen.
 */
import { Injectable } from '@nestjs/common';
import { sameBytes, toBase64Url, type Handle } from '#contracts';
import { Clock, isUsablePublicKey } from '#platform';
import { handleCommitment, verifyCallOff, verifyEnrolment } from '#tickets';
import { refused } from '../answers/refusal.js';
import { AuditLog } from '../audit/audit-log.js';
import { Writer, type Transaction } from '../database/writer.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import {
  addReplacement,
  applyReplacements,
  dropReplacement,
  holderKeyOf,
  readReplacement,
  type Replacement,
} from './replacements.repository.js';

/** Days between asking and the day it counts from. */
export const REPLACEMENT_DAYS = 7;

@Injectable()
export class Replacements {
  constructor(
    private readonly writer: Writer,
    private readonly keys: KeyholderKeys,
    private readonly log: AuditLog,
    private readonly clock: Clock,
  ) {}

  waiting(handle: Handle): Promise<Replacement | undefined> {
    return this.writer.transaction((transaction) => readReplacement(transaction, handle));
  }

  /** The same key again changes nothing. @throws Problem answer-refused */
  async ask(handle: Handle, holderKey: Uint8Array, proof: Uint8Array): Promise<Replacement> {
    if (!isUsablePublicKey(holderKey) || !(await verifyEnrolment(this.keys.keyHolderId, holderKey, proof))) throw refused();
    return this.writer.transaction(async (transaction) => {
      const waiting = await readReplacement(transaction, handle);
      if (waiting && sameBytes(waiting.holderKey, holderKey)) return waiting;
      const replacement = { holderKey, effectiveDay: this.clock.today() + REPLACEMENT_DAYS };
      const isKnown = (await holderKeyOf(transaction, handle)) !== undefined;
      if (waiting || !isKnown || !(await addReplacement(transaction, handle, replacement))) throw refused();
      await this.note(transaction, handle, 'asked', replacement.effectiveDay);
      return replacement;
    });
  }

  /** By the key in use, or by the one that waits. @throws Problem answer-refused */
  async callOff(handle: Handle, signature: Uint8Array): Promise<void> {
    await this.writer.transaction(async (transaction) => {
      const waiting = await readReplacement(transaction, handle);
      const inUse = await holderKeyOf(transaction, handle);
      if (!waiting || !inUse) throw refused();
      const { keyHolderId } = this.keys;
      const by = [inUse, waiting.holderKey].map((key) => verifyCallOff(key, keyHolderId, waiting.holderKey, signature));
      if (!(await Promise.all(by)).includes(true)) throw refused();
      await dropReplacement(transaction, handle);
      await this.note(transaction, handle, 'called-off', waiting.effectiveDay);
    });
  }

  /** At the turn of a day, before anything is answered. */
  async turn(transaction: Transaction, day: number): Promise<void> {
    for (const { handle, effectiveDay } of await applyReplacements(transaction, day))
      await this.note(transaction, handle as Uint8Array as Handle, 'replaced', effectiveDay);
  }

  private async note(
    transaction: Transaction,
    handle: Handle,
    step: 'asked' | 'called-off' | 'replaced',
    effectiveDay: number,
  ): Promise<void> {
    const commitment = toBase64Url(await handleCommitment(handle));
    await this.log.note(transaction, { type: 'key-replacement', handle: commitment, step, effectiveDay });
  }
}
