/** Values that two sides both hold, spelled in any way, whole or within a longer one: each could join a row here with a row there. */
import type { Item } from './item.js';
import { isText, valuesOf, windowsOf } from './values.js';

export interface Shared {
  readonly value: string;
  readonly places: readonly [readonly string[], readonly string[]];
}

type Places = Map<string, Set<string>>;

/** @param saysNothing values that everybody's service holds, or that are no ids */
export function sharedValues(
  one: readonly Item[],
  other: readonly Item[],
  saysNothing: (value: string) => boolean,
): readonly Shared[] {
  const [left, right] = [placesByValue(one, saysNothing), placesByValue(other, saysNothing)];
  const whole = common(left, right);
  for (const places of [left, right]) for (const { value } of whole) places.delete(value);
  return [...whole, ...common(windows(left), windows(right))].map(({ value, places }) => ({ value: shown(value), places }));
}

function common(one: Places, other: Places): Shared[] {
  return [...one]
    .filter(([value]) => other.has(value))
    .map(([value, places]) => ({ value, places: [[...places], [...other.get(value)!]] }));
}

function placesByValue(items: readonly Item[], saysNothing: (value: string) => boolean): Places {
  const out: Places = new Map();
  for (const item of items) for (const value of valuesOf(item, saysNothing)) note(out, value, [item.where]);
  return out;
}

/** Of bytes only: text is cut into words already. */
function windows(values: Places): Places {
  const out: Places = new Map();
  for (const [value, where] of values)
    if (!isText(Buffer.from(value, 'latin1'))) for (const window of windowsOf(value)) note(out, window, where);
  return out;
}

function note(places: Places, value: string, where: Iterable<string>): void {
  const seen = places.get(value) ?? new Set();
  for (const place of where) seen.add(place);
  places.set(value, seen);
}

const shown = (value: string): string =>
  /^[\x20-\x7e]*$/.test(value) ? value : `hex ${Buffer.from(value, 'latin1').toString('hex')}`;
