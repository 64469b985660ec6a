/** A world while it grows: whose pseudonym and ticket is whose, and what dumps and backups show of it on the way. */
import { inParallel } from '../../../apps/ctl/src/scenario/parallel.js';
import type { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { seenKeyholder } from '../dumps/keyholder.js';
import type { KeyholderSeen } from '../dumps/keyholder.js';
import { NymDumps } from '../dumps/nyms.js';
import type { NymSeen } from '../dumps/nyms.js';
import { seenAccounts } from '../dumps/registrar.js';
import type { AccountSeen } from '../dumps/registrar.js';
import { Burst } from './burst.js';
import type { Person } from './person.js';
import type { Service } from './service.js';

/** Requests under way at once where nothing else is said. */
export const WIDTH = 64;
/** Redemptions that reach nyms together; a pool of mints takes 64. */
const BURST = 360;

/** Two pseudonyms and the tickets they were bought with, in no known order. */
export interface Owned {
  readonly uris: readonly string[];
  /** 16 bytes each */
  readonly jtis: readonly Uint8Array[];
}

export interface World {
  readonly people: readonly Person[];
  /** Of each of the people. */
  readonly owned: readonly Owned[];
  /** All pseudonyms, those of a person one after the other. */
  readonly nyms: readonly NymSeen[];
  /** The registrar's rows, dump after dump. */
  readonly accounts: ReadonlyArray<readonly AccountSeen[]>;
  /** The key holder's rows, dump after dump. */
  readonly keyholder: readonly KeyholderSeen[];
}

export class GrowingWorld {
  private readonly owned: ReadonlyMap<Person, { uris: string[]; jtis: Uint8Array[] }>;
  private readonly accounts: AccountSeen[][] = [];
  private readonly keyholder: KeyholderSeen[] = [];
  private readonly nyms = new NymDumps();

  constructor(
    private readonly service: Service,
    private readonly people: readonly Person[],
  ) {
    this.owned = new Map(people.map((person) => [person, { uris: [], jtis: [] }]));
  }

  async takeTickets(person: Person, count: number): Promise<void> {
    this.owned.get(person)!.jtis.push(...(await person.takeTickets(count)));
  }

  async mint(person: Person): Promise<void> {
    this.owned.get(person)!.uris.push(await person.redeem());
  }

  /** In this order, burst after burst; the next one is made ready while one is under way. */
  async redeem(order: readonly Person[]): Promise<void> {
    let before: Promise<unknown> = Promise.resolve();
    for (let at = 0; at < order.length; at += BURST) {
      const people = order.slice(at, at + BURST);
      const burst = (this.service.burst = new Burst(people.length, before));
      before = Promise.all(people.map((person) => this.mint(person)));
      await Promise.race([burst.sent, before]);
    }
    await before;
    this.service.burst = undefined;
  }

  /** Half of what there is, in random order. */
  async renewHalf(random: SeededRandom): Promise<void> {
    const all = [...this.owned].flatMap(([person, { uris }]) => uris.map((uri) => ({ person, uri })));
    const some = random.shuffled(all).slice(0, all.length / 2);
    await inParallel(some, WIDTH, ({ person, uri }) => person.renew(uri));
  }

  /** Dumps of all three databases. */
  async backUp(): Promise<void> {
    const { registrar, keyholder, nyms } = this.service.stack.databases.superUrls;
    this.accounts.push(await seenAccounts(registrar));
    this.keyholder.push(await seenKeyholder(keyholder));
    await this.nyms.add(
      nyms,
      [...this.owned.values()].flatMap(({ uris }) => uris),
    );
  }

  finished(): World {
    const owned = this.people.map((person) => this.owned.get(person)!);
    if (owned.some(({ uris, jtis }) => uris.length !== 2 || jtis.length !== 2))
      throw new Error('an account of the world has not exactly two pseudonyms');
    const nyms = owned.flatMap(({ uris }) => uris.map((uri) => this.nyms.of(uri)));
    return { people: this.people, owned, nyms, accounts: this.accounts, keyholder: this.keyholder };
  }
}
