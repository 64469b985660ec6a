/**
 * Selectors that end, in memory only and without a handle (protocol.md §7): filled by nyms' passes over all selectors, emptied by frames.
 * After a restart it is empty and the pass is run again; due times are the same then.
 *
 * A selector counts only when a pass has shown it since the last reinstatement, so what a reinstated account still has is spared.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { shuffled } from '#platform';

const idBytes = 16;

export interface DueFrame {
  /** Starts anywhere, so that an acknowledgement from before a restart fits no frame. */
  readonly number: number;
  /** Selector ids in random order, unused places random bytes: always the same length. */
  readonly ids: Uint8Array;
}

interface Entry {
  readonly dueAtMs: number;
  /** Force number of the pass that showed it last. */
  readonly pass: number;
}

export class DueList {
  /** Selector id as hex. */
  private readonly entries = new Map<string, Entry>();
  /** Handed out and acknowledged: later passes show them again. */
  private readonly given = new Set<string>();
  private outstanding: { frame: DueFrame; ids: readonly string[] } | undefined;
  private number = randomInt(2 ** 31);
  private leastPass = 0;

  /** @param pass force number that the sender's pass was started for */
  add(selectorId: Uint8Array, dueAtMs: number, pass: number): void {
    const id = Buffer.from(selectorId).toString('hex');
    if (!this.given.has(id)) this.entries.set(id, { dueAtMs, pass: Math.max(pass, this.entries.get(id)?.pass ?? 0) });
  }

  /** From now on only what a pass for this force number, or a later one, shows. */
  startOver(force: number): void {
    this.leastPass = Math.max(this.leastPass, force);
  }

  /**
   * The frame to hand out: the last one again until it is acknowledged, else a new one. What does not fit waits for the next.
   * @param acknowledged number of the last frame the caller has dealt with
   */
  frame(acknowledged: number | undefined, nowMs: number, places: number): DueFrame {
    if (this.outstanding && this.outstanding.frame.number !== acknowledged) return this.outstanding.frame;
    for (const id of this.outstanding?.ids ?? []) {
      this.entries.delete(id);
      this.given.add(id);
    }
    const due = [...this.entries].filter(([, { dueAtMs, pass }]) => dueAtMs <= nowMs && pass >= this.leastPass).map(([id]) => id);
    const ids = shuffled(due).slice(0, places);
    this.number = (this.number + 1) % 2 ** 32;
    this.outstanding = { frame: { number: this.number, ids: padded(ids, places) }, ids };
    return this.outstanding.frame;
  }
}

function padded(ids: readonly string[], places: number): Uint8Array {
  const all = [
    ...ids.map((id) => Buffer.from(id, 'hex')),
    ...Array.from({ length: places - ids.length }, () => randomBytes(idBytes)),
  ];
  return new Uint8Array(Buffer.concat(shuffled(all)));
}
