/**
 * The accounts of the scenario as real clients: each enrols, takes tickets and redeems them over HTTP through the client SDK. Only
 * this process knows which account has which pseudonym; it is the oracle the service is judged by.
 */
import { NymtallyClient } from '#client-sdk';
import type { HeldPseudonym, RedeemOutcome } from '#client-sdk';
import type { Stack } from '../stack/stack.js';
import { inParallel } from './parallel.js';
import { SeededRandom } from './random.js';
import type { ReferenceHubs } from './reference-hubs.js';
import type { PlannedAccount, World } from './world.js';

/** Requests under way at once: both sides write in pools of 50 ms, so only many together are fast. */
const WIDTH = 64;

export interface Run {
  readonly rootFingerprint: string;
  /** part of the accounts' names */
  readonly begun: number;
}

export class Person {
  /** URIs, in the plan's order of pseudonyms; later ones follow. */
  readonly uris: string[] = [];
  private readonly client: NymtallyClient;

  constructor(
    readonly plan: PlannedAccount,
    stack: Stack,
    { rootFingerprint, begun }: Run,
  ) {
    this.client = new NymtallyClient({
      registrarUrl: stack.urls.registrar,
      nymsUrl: stack.urls.nyms,
      rootFingerprint,
      domain: stack.policy().domain,
      accessToken: () => stack.issuer.mint(`account-${begun}-${plan.index}`),
    });
  }

  async enrol(): Promise<void> {
    await this.client.enrol();
  }

  async takeTickets(count: number): Promise<void> {
    await this.client.takeTickets(count);
  }

  /** Turns one ticket into a pseudonym now; the scenario does not wait a day. */
  async redeem(): Promise<RedeemOutcome> {
    const { id } = await this.client.prepare({ immediately: true });
    return this.client.redeem(id);
  }

  /** The account side's word. */
  async isSuspended(): Promise<boolean> {
    return (await this.client.standing()).standing === 'suspended';
  }
}

export interface Steps {
  /** A bar of `total` steps; call the result after each. */
  (label: string, total: number): () => void;
}

export async function enrolEverybody(world: World, stack: Stack, run: Run, steps: Steps): Promise<Person[]> {
  const people = world.accounts.map((plan) => new Person(plan, stack, run));
  const step = steps('accounts enrolled', people.length);
  await inParallel(people, WIDTH, async (person) => {
    await person.enrol();
    await person.takeTickets(person.plan.hubs.length);
    step();
  });
  return people;
}

/** Everybody's pseudonyms, in an order random over all accounts. */
export async function mintEverything(people: readonly Person[], seed: number, steps: Steps): Promise<void> {
  const wanted = new SeededRandom(seed ^ 0xa11).shuffled(people.flatMap((person) => person.plan.hubs.map(() => person)));
  const step = steps('pseudonyms minted', wanted.length);
  await inParallel(wanted, WIDTH, async (person) => {
    person.uris.push(expectMinted(await person.redeem()).uri);
    step();
  });
}

/** Everybody joins a room of the hub that each pseudonym is for; the hubs tell the provider whom they have met. */
export async function joinRooms(people: readonly Person[], reference: ReferenceHubs, steps: Steps): Promise<void> {
  const joining = people.flatMap(({ plan, uris }) => plan.hubs.map((hub, i) => ({ hub, uri: uris[i]! })));
  const step = steps('rooms joined', joining.length);
  await inParallel(joining, WIDTH, async ({ hub, uri }) => {
    await reference.join(hub, uri);
    step();
  });
  await reference.introduced();
}

/** Throws when the pseudonym was refused: in the scenario that is a failure of the service. */
export function expectMinted(outcome: RedeemOutcome): HeldPseudonym {
  if (outcome.outcome === 'minted') return outcome.pseudonym;
  throw new Error(`a pseudonym was refused (${outcome.code}, ${outcome.reason ?? 'no reason given'})`);
}
