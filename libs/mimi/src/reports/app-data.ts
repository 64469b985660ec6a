/**
 * `AppDataDictionary` (draft-ietf-mls-extensions): extension data by component id, ascending, each id once. What a
 * component means is not looked at: unknown ones are kept as they are.
 */
import { MimiRefused } from '../wire/refused.js';
import type { WireReader } from '../wire/wire-reader.js';
import { uint, vector } from '../wire/wire-writer.js';

export interface ComponentData {
  /** uint16; 0x8000 and above are for private use */
  readonly componentId: number;
  readonly data: Uint8Array;
}
export type AppDataDictionary = readonly ComponentData[];

export const mostComponents = 64;

/** @throws MimiRefused */
export function readAppData(reader: WireReader): ComponentData[] {
  const components: ComponentData[] = [];
  for (const inner = reader.vector(); !inner.isDone;) {
    if (components.length === mostComponents) throw new MimiRefused('too-many-components');
    const componentId = inner.uint16();
    if (componentId <= (components.at(-1)?.componentId ?? -1)) throw new MimiRefused('components-out-of-order');
    components.push({ componentId, data: inner.opaque() });
  }
  return components;
}

/** @throws RangeError */
export function writeAppData(components: AppDataDictionary): Uint8Array {
  if (components.length > mostComponents) throw new RangeError(`more than ${mostComponents} components`);
  if (components.some(({ componentId }, i) => componentId <= (components[i - 1]?.componentId ?? -1)))
    throw new RangeError('component ids must ascend');
  return vector(...components.flatMap(({ componentId, data }) => [uint(componentId, 2), vector(data)]));
}
