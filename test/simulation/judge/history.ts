/** What has happened in a simulated service, as a bystander with perfect memory would write it down. The oracle judges by this alone. */
import type { PolicyDocument } from '#contracts';
import type { Told } from './signals.js';

export interface ToldSet {
  readonly hub: number;
  readonly jti: string;
  readonly uri: string;
  readonly kind: Told;
  /** jti that it takes back */
  readonly names?: string;
  /** Epoch of the manifest that names it; undefined while none does. */
  epoch?: number;
}

export interface Ruling {
  readonly set: ToldSet;
  readonly ruling: 'release' | 'reject';
  epoch?: number;
}

export interface KnownPseudonym {
  readonly uri: string;
  readonly account: number;
  readonly cohort: number;
}

/** An account was reinstated when this was the last decided epoch; 0: none was. */
export interface Reinstatement {
  readonly account: number;
  readonly after: number;
}

export class History {
  readonly sets: ToldSet[] = [];
  readonly rulings: Ruling[] = [];
  readonly pseudonyms: KnownPseudonym[] = [];
  readonly reinstatements: Reinstatement[] = [];
  /** Policy of each closed epoch, from 1. */
  readonly epochs: PolicyDocument[] = [];

  constructor(public policy: PolicyDocument) {}

  get newest(): number {
    return this.epochs.length;
  }

  /** Whatever came before and stands in no manifest arrives with this one. */
  closed(): void {
    this.epochs.push(this.policy);
    for (const one of [...this.sets, ...this.rulings]) one.epoch ??= this.newest;
  }

  hubId(hub: number): string {
    return this.policy.hubs[hub]!.id;
  }

  find(hub: number, jti: string): ToldSet | undefined {
    return this.sets.find((set) => set.hub === hub && set.jti === jti);
  }
}
