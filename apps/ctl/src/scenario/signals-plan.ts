/**
 * What hubs will say about the world, from the seed alone: reports of abuse, false reports, the hostile hub's push, and one or more of
 * every kind that must not count (retracted, held, ignored, replayed, about nobody). Pseudonyms are (account, number) pairs here;
 * the player puts the URIs in.
 */
import { constants } from './constants.js';
import { SeededRandom } from './random.js';
import type { PlannedAccount, World } from './world.js';

export interface PlannedSignal {
  readonly hub: number;
  /** undefined: a pseudonym that does not exist */
  readonly about?: { readonly account: number; readonly pseudonym: number };
  readonly what: 'verified-report' | 'unverified-report' | 'held-report' | 'commend' | 'unknown-event' | 'hub-ban';
  /** pushed a second time, byte for byte */
  readonly replayed: boolean;
  /** taken back by its hub before the epoch closes */
  readonly retracted: boolean;
}

const plain = { replayed: false, retracted: false } as const;

/** Commendations: the first epoch. */
export function planCommendations(world: World): PlannedSignal[] {
  return world.accounts.flatMap((account) =>
    account.commendedBy.map((hub, i): PlannedSignal => ({
      hub,
      about: { account: account.index, pseudonym: i % account.hubs.length },
      what: 'commend',
      ...plain,
    })),
  );
}

/** Reports, true and false, in a random order. */
export function planReports(world: World): PlannedSignal[] {
  const random = new SeededRandom(world.seed ^ 0x5e7);
  const signals = world.accounts.flatMap((account) =>
    account.kind === 'abuser' ? trueReports(world, random, account) : falseReports(random, account),
  );
  const hostile = world.hubs.find((hub) => hub.kind === 'hostile')!.index;
  for (const account of world.accounts.filter((each) => each.victim)) signals.push(...push(hostile, account));
  for (const index of signals.keys()) {
    const signal = signals[index]!;
    if (signal.hub === hostile) continue;
    if (random.chance(constants.retractedShare)) signals[index] = { ...signal, retracted: true };
    else if (random.chance(constants.replayedShare)) signals[index] = { ...signal, replayed: true };
  }
  signals.push(...oddSignals(world, random));
  return random.shuffled(signals);
}

function trueReports(world: World, random: SeededRandom, account: PlannedAccount): PlannedSignal[] {
  return account.hubs.flatMap((hub, pseudonym): PlannedSignal[] => {
    if (!random.chance(world.hubs[hub]!.reports)) return [];
    return Array.from({ length: random.between(constants.reportsPerPseudonym) }, () => ({
      hub,
      about: { account: account.index, pseudonym },
      what: random.chance(constants.hubVerifiedShare) ? 'verified-report' : 'unverified-report',
      ...plain,
    }));
  });
}

function falseReports(random: SeededRandom, account: PlannedAccount): PlannedSignal[] {
  return account.hubs.flatMap((hub, pseudonym): PlannedSignal[] =>
    random.chance(constants.falselyReportedShare)
      ? [{ hub, about: { account: account.index, pseudonym }, what: 'verified-report', ...plain }]
      : [],
  );
}

/** Everything it has: every pseudonym of the victim, whichever hub it is used in, reported and banned over and over. */
function push(hub: number, account: PlannedAccount): PlannedSignal[] {
  return account.hubs.flatMap((_, pseudonym) =>
    Array.from({ length: constants.hostileSignalsPerPseudonym }, (__, i): PlannedSignal => ({
      hub,
      about: { account: account.index, pseudonym },
      what: i % 2 ? 'hub-ban' : 'verified-report',
      ...plain,
    })),
  );
}

function oddSignals(world: World, random: SeededRandom): PlannedSignal[] {
  const reporting = world.hubs.filter((hub) => hub.kind === 'reporting');
  const honest = world.accounts.filter((account) => account.kind === 'ordinary');
  const make = (count: number, what: PlannedSignal['what'], known: boolean): PlannedSignal[] =>
    Array.from({ length: count }, () => ({
      hub: random.pick(reporting).index,
      ...(known ? { about: { account: random.pick(honest).index, pseudonym: 0 } } : {}),
      what,
      ...plain,
    }));
  const [first] = make(1, 'unverified-report', true);
  return [
    ...make(constants.ignoredSignals, 'unknown-event', true),
    ...make(constants.heldSignals, 'held-report', true),
    ...make(constants.unknownPseudonymSignals, 'verified-report', false),
    { ...first!, retracted: true },
    { ...first!, replayed: true },
  ];
}

/** A quiet epoch: a verified report by each of several reporting hubs, about somebody ordinary. Somebody always is reported. */
export function planNoise(world: World, random: SeededRandom): PlannedSignal[] {
  const bystanders = world.accounts.filter((account) => account.kind === 'ordinary' && !account.victim);
  return world.hubs
    .filter((hub) => hub.kind === 'reporting')
    .slice(0, constants.f + 3)
    .map(({ index }) => ({
      hub: index,
      about: { account: random.pick(bystanders).index, pseudonym: 0 },
      what: 'verified-report',
      ...plain,
    }));
}

/** The reinstated account abuses with its newest pseudonyms, each in another reporting hub, three reports each. */
export function planRelapse(world: World, account: PlannedAccount, pseudonyms: number): PlannedSignal[] {
  return world.hubs
    .filter((hub) => hub.kind === 'reporting')
    .slice(0, constants.relapsePseudonyms)
    .flatMap(({ index }, i) =>
      Array.from({ length: 3 }, (): PlannedSignal => ({
        hub: index,
        about: { account: account.index, pseudonym: pseudonyms - 1 - i },
        what: 'verified-report',
        ...plain,
      })),
    );
}
