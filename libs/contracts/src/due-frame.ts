/**
 * A frame of what is due, from the key holder to nyms (protocol.md §7): u32 number, then places of one size in random order, each a byte for
 * the change and a selector id. Unused places are random, so a frame tells by its length nothing.
 */

/** revoked: ended for good. disabled: out of use for a term. enabled: back again. */
export const dueChanges = ['revoked', 'disabled', 'enabled'] as const;
export type DueChange = (typeof dueChanges)[number];

export const PLACE_BYTES = 17;

export interface DuePlace {
  readonly change: DueChange;
  /** 16 bytes; of nobody when the place is unused */
  readonly selectorId: Uint8Array;
}

/** @returns undefined when it is no frame */
export function readDueFrame(bytes: Uint8Array): { number: number; places: DuePlace[] } | undefined {
  if (bytes.length % PLACE_BYTES !== 4) return undefined;
  const places: DuePlace[] = [];
  for (let at = 4; at < bytes.length; at += PLACE_BYTES) {
    const change = dueChanges[bytes[at] as number];
    if (!change) return undefined;
    places.push({ change, selectorId: bytes.subarray(at + 1, at + PLACE_BYTES) });
  }
  return { number: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), places };
}
