/**
 * Takes shares one at a time until there are enough, and opens the barrier once. What is told to a person who presents a share is about
 * that share: a share is no request that has to look like any other. Shares that wait are forgotten after an hour.
 */
import { Problem } from '#contracts';
import type { ProblemCode } from '#contracts';
import type { Barrier } from './barrier.js';
import { readSharedRecord } from './ceremony/seal-record.js';
import type { SharedCeremony } from './ceremony/seal-record.js';
import { isShareOf, openWith } from './ceremony/shares.js';

/** What the process starts with once its secrets can be opened. */
export interface Unsealed {
  readonly barrier: Barrier;
  readonly mode: 'shares' | 'auto';
  readonly ceremony: string;
  /** indexes of the shares that opened it; none in auto mode */
  readonly shares: readonly number[];
}

export interface PresentedShare {
  readonly ceremony: string;
  readonly index: number;
  /** Taken over: overwritten here. */
  readonly share: Uint8Array;
}

export interface ShareCount {
  readonly sealed: boolean;
  readonly presented: number;
  readonly threshold: number;
}

const WAITING_MS = 3_600_000;

export class ShareCollector {
  readonly opened: Promise<Unsealed>;
  private open!: (unsealed: Unsealed) => void;
  private isOpen = false;
  private ceremony: string | undefined;
  private readonly waiting = new Map<number, Uint8Array>();
  private since = 0;
  private turn: Promise<unknown> = Promise.resolve();

  /** @param nowMs a clock that nobody sets back */
  constructor(
    private readonly secretsDir: string,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.opened = new Promise((resolve) => (this.open = resolve));
  }

  /** Shares that wait for the others now. */
  get presented(): number {
    this.forgetOld();
    return this.waiting.size;
  }

  /** @throws Problem share-wrong, share-repeated, share-of-other-ceremony */
  present(presented: PresentedShare): Promise<ShareCount> {
    const answer = this.turn.then(() => this.presentNow(presented));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  private async presentNow({ ceremony, index, share }: PresentedShare): Promise<ShareCount> {
    const { current } = await readSharedRecord(this.secretsDir);
    const { threshold } = current;
    if (this.ceremony !== current.ceremony) this.forget(); // a rekey was confirmed meanwhile
    this.ceremony = current.ceremony;
    this.forgetOld();
    const fault = this.faultOf(current, { ceremony, index, share });
    if (fault) {
      share.fill(0);
      throw new Problem(fault);
    }
    if (this.waiting.size === 0) this.since = this.nowMs();
    this.waiting.set(index, Uint8Array.from(share));
    share.fill(0);
    const count = this.waiting.size;
    if (count < threshold) return { sealed: true, presented: count, threshold };
    const shares = [...this.waiting.keys()];
    try {
      const barrier = await openWith(current, [...this.waiting.values()]);
      this.isOpen = true;
      this.open({ barrier, mode: 'shares', ceremony: current.ceremony, shares });
      return { sealed: false, presented: count, threshold };
    } finally {
      this.forget();
    }
  }

  private faultOf(current: SharedCeremony, { ceremony, index, share }: PresentedShare): ProblemCode | undefined {
    if (ceremony !== current.ceremony) return 'share-of-other-ceremony';
    if (!isShareOf(current, index, share)) return 'share-wrong';
    return this.isOpen || this.waiting.has(index) ? 'share-repeated' : undefined;
  }

  private forgetOld(): void {
    if (this.nowMs() - this.since >= WAITING_MS) this.forget();
  }

  private forget(): void {
    for (const share of this.waiting.values()) share.fill(0);
    this.waiting.clear();
  }
}
