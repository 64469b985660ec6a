/**
 * Worlds: who takes tickets and redeems them in which order. In each, every account gets one pair of pseudonyms. Tickets are taken
 * first, in one order random over all accounts, and redeemed in another one, unless a world says that its clients do not wait.
 */
import { PERIOD_DAYS } from '#contracts';
import { inParallel } from '../../../apps/ctl/src/scenario/parallel.js';
import type { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { Person } from './person.js';
import type { Service } from './service.js';
import { GrowingWorld, WIDTH } from './world.js';
import type { World } from './world.js';

export async function enrol(service: Service, count: number): Promise<Person[]> {
  const people = Array.from({ length: count }, (_, i) => new Person(`account-${i}`, service));
  await inParallel(people, WIDTH, (person) => person.enrol());
  return people;
}

/** All in one day: tickets first, then pseudonyms, each in an order random over all accounts. */
export async function dayWorld(service: Service, people: readonly Person[], random: SeededRandom): Promise<World> {
  const world = new GrowingWorld(service, people);
  await inParallel(random.shuffled(twice(people)), WIDTH, (person) => world.takeTickets(person, 1));
  await world.backUp();
  await world.redeem(random.shuffled(twice(people)));
  await world.backUp();
  return world.finished();
}

/** A third of the redemptions in each of three periods; half of what lives is renewed at the end of each, in random order. */
export async function threePeriods(service: Service, people: readonly Person[], random: SeededRandom): Promise<World> {
  const world = new GrowingWorld(service, people);
  const order = random.shuffled(twice(people));
  const third = Math.ceil(order.length / 3);
  for (let period = 0; period < 3; period++) {
    const now = order.slice(period * third, (period + 1) * third);
    await inParallel(random.shuffled(now), WIDTH, (person) => world.takeTickets(person, 1));
    await world.redeem(now);
    await world.backUp();
    if (period === 2) break;
    await world.renewHalf(random);
    await world.backUp();
    await service.moveOn(PERIOD_DAYS);
  }
  return world.finished();
}

/** What waiting is for: each account, in random order, takes both tickets and redeems both at once. */
export async function atOnceWorld(service: Service, people: readonly Person[], random: SeededRandom): Promise<World> {
  const world = new GrowingWorld(service, people);
  await inParallel(random.shuffled(people), WIDTH, async (person) => {
    await world.takeTickets(person, 2);
    await Promise.all([world.mint(person), world.mint(person)]);
  });
  await world.backUp();
  return world.finished();
}

/** Each ticket is redeemed as soon as it is taken, one after the other in an order random over all accounts. */
export async function promptWorld(service: Service, people: readonly Person[], random: SeededRandom): Promise<World> {
  const world = new GrowingWorld(service, people);
  const order = random.shuffled(twice(people));
  const part = Math.ceil(order.length / 4);
  for (let at = 0; at < order.length; at += part) {
    await inParallel(order.slice(at, at + part), WIDTH / 4, async (person) => {
      await world.takeTickets(person, 1);
      await world.mint(person);
    });
    await world.backUp();
  }
  return world.finished();
}

const twice = (people: readonly Person[]): Person[] => people.flatMap((person) => [person, person]);
