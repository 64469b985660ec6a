/**
 * The scenario's world and its truth: who has how many pseudonyms in which hubs, who abuses, who is pushed by the hostile hub.
 * Made before the run, from the seed alone; the service never learns any of it but through HTTP.
 */
import { constants } from './constants.js';
import { SeededRandom } from './random.js';

export type AccountKind = 'ordinary' | 'heavy' | 'abuser' | 'commended' | 'uncommended';

export interface PlannedAccount {
  readonly index: number;
  readonly kind: AccountKind;
  /** index of the hub each pseudonym is used in */
  readonly hubs: readonly number[];
  /** pushed by the hostile hub with everything it has */
  readonly victim: boolean;
  /** hubs that commend it: ≥ 4 for `commended`, 0..f for `uncommended` */
  readonly commendedBy: readonly number[];
}

export interface PlannedHub {
  readonly index: number;
  readonly kind: 'reporting' | 'lax' | 'hostile';
  /** probability that it reports an abusive pseudonym it sees */
  readonly reports: number;
}

export interface World {
  readonly seed: number;
  readonly hubs: readonly PlannedHub[];
  readonly accounts: readonly PlannedAccount[];
}

export interface WorldSize {
  readonly seed: number;
  readonly accounts: number;
  readonly hubs: number;
}

const share = (of: number, part: number): number => Math.max(1, Math.round(of * part));

export function planWorld(size: WorldSize): World {
  const random = new SeededRandom(size.seed);
  const hubs: PlannedHub[] = Array.from({ length: size.hubs }, (_, index) => {
    if (index === size.hubs - 1) return { index, kind: 'hostile', reports: 0 };
    if (index === size.hubs - 2) return { index, kind: 'lax', reports: constants.laxHub };
    const { least, most } = constants.reportingHub;
    return { index, kind: 'reporting', reports: least + random.unit() * (most - least) };
  });

  const counts: Record<Exclude<AccountKind, 'ordinary'>, number> = {
    heavy: share(size.accounts, constants.heavyShare),
    abuser: share(size.accounts, constants.abuserShare),
    commended: share(size.accounts, constants.commendedShare),
    uncommended: share(size.accounts, constants.uncommendedShare),
  };
  const special = (Object.keys(counts) as (keyof typeof counts)[]).flatMap((kind) => Array<AccountKind>(counts[kind]).fill(kind));
  const kinds = random.shuffled([...special, ...Array<AccountKind>(size.accounts - special.length).fill('ordinary')]);

  const heavyVictims = share(size.accounts, constants.heavyVictimShare);
  const victims = new Set([
    ...chosen(random, kinds, 'heavy', heavyVictims),
    ...chosen(random, kinds, 'ordinary', share(size.accounts, constants.victimShare) - heavyVictims),
  ]);
  const honestHubs = hubs.filter((hub) => hub.kind !== 'hostile').map((hub) => hub.index);
  let uncommended = 0;
  const accounts = kinds.map((kind, index): PlannedAccount => {
    const pseudonyms = pseudonymCount(random, kind);
    const commendingHubs =
      kind === 'commended' ? constants.commendingHubs : kind === 'uncommended' ? uncommended++ % (constants.f + 1) : 0;
    return {
      index,
      kind,
      hubs: Array.from({ length: pseudonyms }, () => random.between({ least: 0, most: size.hubs - 1 })),
      victim: victims.has(index),
      commendedBy: random.shuffled(honestHubs).slice(0, commendingHubs),
    };
  });
  return { seed: size.seed, hubs, accounts };
}

function pseudonymCount(random: SeededRandom, kind: AccountKind): number {
  switch (kind) {
    case 'ordinary':
      return random.between(constants.ordinaryPseudonyms);
    case 'heavy':
      return random.between(constants.heavyPseudonyms);
    case 'abuser':
      return random.between(constants.abuserPseudonyms);
    case 'commended':
    case 'uncommended':
      return constants.freePseudonyms;
  }
}

const chosen = (random: SeededRandom, kinds: readonly AccountKind[], kind: AccountKind, count: number): number[] =>
  random.shuffled(kinds.flatMap((each, index) => (each === kind ? [index] : []))).slice(0, count);
