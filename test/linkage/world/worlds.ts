/**
 * Worlds: who takes tickets and redeems them in which order. In each, every account gets one pair of pseudonyms. Tickets are taken
 * first, in one order random over all accounts, and redeemed in another one, unless a world says that its clients do not wait.
 */
import { inParallel } from '../../../apps/ctl/src/scenario/parallel.js';
import type { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { seenAccounts } from '../dumps/registrar.js';
import type { AccountSeen } from '../dumps/registrar.js';
import { Person } from './person.js';
import type { Mint } from './person.js';
import type { Service } from './service.js';

/** Requests under way at once: enough that pools of mints fill while others are written. */
const WIDTH = 128;
/** Backups of the registrar's database taken while a world goes on. */
const BACKUPS = 4;

export interface World {
  /** The two mints of each account. */
  readonly mints: ReadonlyArray<readonly [Mint, Mint]>;
  /** The registrar's rows, dump after dump. */
  readonly accounts: ReadonlyArray<readonly AccountSeen[]>;
}

export async function enrol(service: Service, count: number, prefix = 'account'): Promise<Person[]> {
  const people = Array.from({ length: count }, (_, i) => new Person(`${prefix}-${i}`, service));
  await inParallel(people, WIDTH, (person) => person.enrol());
  return people;
}

/** All in one day: tickets first, then pseudonyms, each in an order random over all accounts. */
export async function dayWorld(service: Service, people: readonly Person[], random: SeededRandom): Promise<World> {
  const world = new Growing(service, people);
  await takeTickets(random.shuffled(twice(people)));
  await world.backUp();
  await world.redeem(random.shuffled(twice(people)));
  await world.backUp();
  return world.finished();
}

/** A third of the redemptions in each of three periods; half of what lives is renewed at the end of each, in random order. */
export async function threePeriods(service: Service, people: readonly Person[], random: SeededRandom): Promise<World> {
  const world = new Growing(service, people);
  const order = random.shuffled(twice(people));
  const third = Math.ceil(order.length / 3);
  for (let period = 0; period < 3; period++) {
    const now = order.slice(period * third, (period + 1) * third);
    await takeTickets(random.shuffled(now));
    await world.redeem(now);
    await world.backUp();
    if (period === 2) break;
    await service.moveOn(20); // to the last third of the period
    await world.renewHalf(random);
    await service.moveOn(10);
  }
  return world.finished();
}

/** What waiting is for: each account, in random order, takes both tickets and redeems both at once. */
export async function atOnceWorld(service: Service, people: readonly Person[], random: SeededRandom): Promise<World> {
  const world = new Growing(service, people);
  await inParallel(random.shuffled(people), WIDTH, async (person) => {
    await person.takeTickets(2);
    await world.mint(person);
    await world.mint(person);
  });
  await world.backUp();
  return world.finished();
}

/** Each ticket is redeemed as soon as it is taken, one after the other in an order random over all accounts. */
export async function promptWorld(service: Service, people: readonly Person[], random: SeededRandom): Promise<World> {
  const world = new Growing(service, people);
  const order = random.shuffled(twice(people));
  const part = Math.ceil(order.length / BACKUPS);
  for (let at = 0; at < order.length; at += part) {
    await inParallel(order.slice(at, at + part), WIDTH / 8, async (person) => {
      await person.takeTickets(1);
      await world.mint(person);
    });
    await world.backUp();
  }
  return world.finished();
}

const twice = (people: readonly Person[]): Person[] => people.flatMap((person) => [person, person]);
const takeTickets = (order: readonly Person[]) => inParallel(order, WIDTH, (person) => person.takeTickets(1));

class Growing {
  private readonly mints: ReadonlyMap<Person, Mint[]>;
  private readonly accounts: AccountSeen[][] = [];

  constructor(
    private readonly service: Service,
    people: readonly Person[],
  ) {
    this.mints = new Map(people.map((person) => [person, []]));
  }

  async mint(person: Person): Promise<void> {
    this.mints.get(person)!.push(await person.redeem());
  }

  redeem(order: readonly Person[]): Promise<void> {
    return inParallel(order, WIDTH, (person) => this.mint(person));
  }

  async renewHalf(random: SeededRandom): Promise<void> {
    const all = [...this.mints].flatMap(([person, mints]) => mints.map(({ uri }) => ({ person, uri })));
    const some = random.shuffled(all).slice(0, all.length / 2);
    await inParallel(some, WIDTH, ({ person, uri }) => person.renew(uri));
  }

  async backUp(): Promise<void> {
    this.accounts.push(await seenAccounts(this.service.stack.databases.superUrls.registrar));
  }

  finished(): World {
    const mints = [...this.mints.values()].map(([one, other, ...more]) => {
      if (!one || !other || more.length > 0) throw new Error('an account of the world has not exactly two pseudonyms');
      return [one, other] as const;
    });
    return { mints, accounts: this.accounts };
  }
}
