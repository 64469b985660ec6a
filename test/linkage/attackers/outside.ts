/**
 * The attacker with everything but the key holder's database: is this pair of pseudonyms of one account? It has all rows of nyms and
 * the registrar's at several moments: labels, keys, places, transaction numbers, periods and ends, bytes of selectors, ticket counters,
 * places in the status lists, marks of contacts.
 */
import type { AccountSeen } from '../dumps/registrar.js';
import type { NymSeen, SelectorSeen, StatusIndexSeen } from '../dumps/nyms.js';
import { ranks } from '../dumps/rows.js';
import type { Features } from '../attacker/samples.js';
import { keyOrder, PairColumns } from './pair-columns.js';
import type { Couples } from './pair-columns.js';
import { registrarColumns } from './registrar-windows.js';
import { selectorColumns } from './selector-bytes.js';

export interface OutsideView {
  readonly nyms: readonly NymSeen[];
  /** the registrar's rows, dump after dump */
  readonly accounts: ReadonlyArray<readonly AccountSeen[]>;
  /** q of the parameter set; 0: the plain twin, whose selectors say everything and are not looked at */
  readonly modulus: number;
}

/** @param couples indices into `nyms` */
export function outsideFeatures({ nyms, accounts, modulus }: OutsideView, couples: Couples): Features {
  const columns = new PairColumns(couples);
  const minted = nyms.map(({ selectors }) => selectors[0]!);
  const renewed = nyms.map(({ selectors }) => selectors[1]);
  whereItLies(
    columns,
    'pseudonym',
    nyms.map(({ pseudonym }) => pseudonym),
  );
  whereItLies(
    columns,
    'client',
    nyms.map(({ client }) => client),
  );
  whereItLies(columns, 'selector', minted);
  statusPlaces(
    columns,
    nyms.map(({ index }) => index),
  );
  primaryKeys(columns, nyms);
  labels(columns, 'minted', minted);
  if (renewed.some((selector) => selector)) {
    whereItLies(columns, 'renewed selector', renewed);
    labels(columns, 'renewed', renewed);
    columns.equality(
      'selectors',
      nyms.map(({ selectors }) => selectors.length),
    );
  }
  if (modulus > 0)
    selectorColumns(
      columns,
      minted.map(({ bytes }) => bytes),
      modulus,
    );
  registrarColumns(
    columns,
    minted.map(({ xmin }) => xmin),
    accounts,
  );
  return columns.features;
}

function statusPlaces(columns: PairColumns, indices: readonly (StatusIndexSeen | undefined)[]): void {
  const of = (value: (index: StatusIndexSeen) => number) => indices.map((one) => (one ? value(one) : Number.NaN));
  whereItLies(columns, 'status index', indices);
  columns.equality(
    'status list',
    of(({ list }) => list),
  );
  columns.distance(
    'status bit',
    of(({ idx }) => idx),
  );
  columns.distance(
    'status index order',
    of(({ list, idx }) => list * 2 ** 17 + idx),
  );
}

type Placed = { readonly place: number; readonly page: number; readonly xmin: number };

function whereItLies(columns: PairColumns, table: string, rows: readonly (Placed | undefined)[]): void {
  const of = (value: (row: Placed) => number) => rows.map((row) => (row ? value(row) : Number.NaN));
  const among = ranks(of(({ place }) => place).map((place) => (Number.isNaN(place) ? Infinity : place)));
  columns.distance(
    `${table} place`,
    rows.map((row, at) => (row ? among[at]! : Number.NaN)),
  );
  columns.distance(
    `${table} page`,
    of(({ page }) => page),
  );
  columns.equality(
    `${table} xmin`,
    of(({ xmin }) => xmin),
  );
}

function labels(columns: PairColumns, kind: string, selectors: readonly (SelectorSeen | undefined)[]): void {
  const of = (value: (selector: SelectorSeen) => number) => selectors.map((one) => (one ? value(one) : Number.NaN));
  columns.equality(
    `${kind} cohort`,
    of(({ cohort }) => cohort),
  );
  columns.equality(
    `${kind} period`,
    of(({ period }) => period),
  );
  columns.equality(
    `${kind} expiry`,
    of(({ expiry_day }) => expiry_day),
  );
}

function primaryKeys(columns: PairColumns, nyms: readonly NymSeen[]): void {
  const names = nyms.map(({ uri }) => Buffer.from(uri.slice(uri.lastIndexOf('/') + 1)));
  const keys: Record<string, readonly Uint8Array[]> = {
    name: names,
    subject: nyms.map(({ pseudonym }) => pseudonym.subject),
    salt: nyms.map(({ pseudonym }) => pseudonym.salt),
    'client key': nyms.map(({ pseudonym }) => pseudonym.spki.subarray(-32)),
    'selector id': nyms.map(({ selectors }) => selectors[0]!.selector_id),
    signature: nyms.map(({ selectors }) => selectors[0]!.signature),
  };
  for (const [name, values] of Object.entries(keys)) {
    columns.hamming(name, values);
    columns.distance(`${name} order`, values.map(keyOrder));
  }
  columns.distance(
    'client name order',
    nyms.map(({ client }) => keyOrder(Buffer.from(client.client_uri.slice(-10)))),
  );
}
