/** What may happen to a whole service, as plain JSON. A kill comes `afterMs` into what follows, and the process is away for `downMs`. */
import fc from 'fast-check';
import { kinds } from '../judge/signals.js';
import type { Kind } from '../judge/signals.js';

export const processes = ['keyholder', 'registrar', 'nyms', 'correlator', 'witness'] as const;
export const databases = ['registrar', 'nyms', 'keyholder'] as const;

export type Operation =
  | { readonly op: 'mint'; readonly account: number }
  | { readonly op: 'push'; readonly hubs: number; readonly about: number; readonly kind: Kind }
  | { readonly op: 'replay'; readonly set: number }
  | { readonly op: 'take-back'; readonly set: number; readonly by: 'retract' | 'unban' }
  | { readonly op: 'rule'; readonly set: number; readonly ruling: 'release' | 'reject' }
  | { readonly op: 'kill'; readonly process: (typeof processes)[number]; readonly afterMs: number; readonly downMs: number }
  | { readonly op: 'crash-database'; readonly database: (typeof databases)[number]; readonly afterMs: number }
  /** Empties the Redis of the queues, where there is one. */
  | { readonly op: 'flush'; readonly afterMs: number }
  | { readonly op: 'epoch' };

export interface Script {
  /** Pseudonyms of each account at the start. */
  readonly accounts: readonly number[];
  readonly operations: readonly Operation[];
}

const place = fc.nat(40);
const afterMs = fc.integer({ min: 0, max: 500 });
const of = <O extends Operation['op']>(op: O, weight: number, rest: object = {}) => ({
  weight,
  arbitrary: fc.record({ op: fc.constant(op), ...rest }) as unknown as fc.Arbitrary<Operation>,
});
const kind = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Kind>('verified') },
  { weight: 2, arbitrary: fc.constant<Kind>('other') },
  { weight: 3, arbitrary: fc.constantFrom(...kinds) },
);

const hubs = fc.oneof(fc.constantFrom(31, 30, 15), fc.integer({ min: 1, max: 31 }));

const operation: fc.Arbitrary<Operation> = fc.oneof(
  of('push', 10, { hubs, about: place, kind }),
  of('epoch', 5),
  of('kill', 9, { process: fc.constantFrom(...processes), afterMs, downMs: fc.integer({ min: 0, max: 400 }) }),
  of('flush', 3, { afterMs }),
  of('take-back', 3, { set: place, by: fc.constantFrom('retract', 'retract', 'unban') }),
  of('rule', 2, { set: place, ruling: fc.constantFrom('release', 'release', 'reject') }),
  of('replay', 1, { set: place }),
  of('mint', 2, { account: place }),
  of('crash-database', 1, { database: fc.constantFrom(...databases), afterMs }),
);

/** At least three kills and one loss of a Redis, so that every run is worth its start. */
export const script = (operations: { readonly least: number; readonly most: number }): fc.Arbitrary<Script> =>
  fc
    .record({
      accounts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 3 }),
      operations: fc.array(operation, { minLength: operations.least, maxLength: operations.most, size: 'max' }),
    })
    .filter(({ operations: all }) => all.filter(({ op }) => op === 'kill').length >= 3 && all.some(({ op }) => op === 'flush'));
