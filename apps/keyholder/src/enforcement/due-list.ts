/**
 * What becomes of selectors, in memory only and without a handle (protocol.md §7): filled by nyms' passes over all selectors, emptied by
 * frames. After a restart it is empty and the pass is run again; due times are the same then.
 *
 * A selector counts only when a pass has shown it since the last reinstatement, so what a reinstated account still has is spared.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { dueChanges, PLACE_BYTES, type DueChange } from '#contracts';
import { shuffled } from '#platform';
import type { SelectorChange } from '../standings/selector-end.js';

export interface DueFrame {
  /** Starts anywhere, so that an acknowledgement from before a restart fits no frame. */
  readonly number: number;
  /** Changes in random order, unused places filled with random ones: always the same length. */
  readonly places: Uint8Array;
}

interface Entry {
  readonly changes: readonly SelectorChange[];
  /** Force number of the pass that showed it last. */
  readonly pass: number;
}

/** A change of a selector, as it is handed out. */
interface Due {
  readonly id: string;
  readonly change: DueChange;
  readonly key: string;
}

export class DueList {
  /** Selector id as hex. */
  private readonly entries = new Map<string, Entry>();
  /** Keys of changes that were handed out and acknowledged: later passes show them again. */
  private readonly given = new Set<string>();
  private outstanding: { frame: DueFrame; keys: readonly string[] } | undefined;
  private number = randomInt(2 ** 31);
  private leastPass = 0;

  /** Takes the place of what was known of this selector. @param pass force number that the sender's pass was started for */
  show(selectorId: Uint8Array, changes: readonly SelectorChange[], pass: number): void {
    const id = Buffer.from(selectorId).toString('hex');
    if ((this.entries.get(id)?.pass ?? 0) > pass) return; // a request of an older pass, late
    const left = changes.filter((change) => !this.given.has(keyOf(id, change)));
    if (left.length > 0) this.entries.set(id, { changes: left, pass });
    else this.entries.delete(id);
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
    for (const key of this.outstanding?.keys ?? []) this.given.add(key);
    const due = shuffled(this.due(nowMs)).slice(0, places);
    this.number = (this.number + 1) % 2 ** 32;
    this.outstanding = { frame: { number: this.number, places: padded(due, places) }, keys: due.map(({ key }) => key) };
    return this.outstanding.frame;
  }

  private due(nowMs: number): Due[] {
    const due: Due[] = [];
    for (const [id, { changes, pass }] of this.entries) {
      const left = changes.filter((change) => !this.given.has(keyOf(id, change)));
      if (left.length === 0) this.entries.delete(id);
      else if (pass >= this.leastPass)
        due.push(
          ...left.filter(({ atMs }) => atMs <= nowMs).map((change) => ({ id, change: change.change, key: keyOf(id, change) })),
        );
    }
    return due;
  }
}

const keyOf = (id: string, { change, cause }: SelectorChange): string => `${id} ${change} ${cause}`;

function padded(due: readonly Due[], places: number): Uint8Array {
  const all = due.map(({ id, change }) => Buffer.concat([Buffer.of(dueChanges.indexOf(change)), Buffer.from(id, 'hex')]));
  while (all.length < places) all.push(Buffer.concat([Buffer.of(randomInt(dueChanges.length)), randomBytes(PLACE_BYTES - 1)]));
  return new Uint8Array(Buffer.concat(shuffled(all)));
}
