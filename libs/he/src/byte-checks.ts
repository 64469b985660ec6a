/**
 * Strict checks of bytes before SEAL sees them (protocol.md §1). SEAL's own `load` takes trailing garbage, transparent ciphertexts and
 * zlib bombs, and each exception it throws leaks wasm stack; so everything that could make it throw or grow is refused here.
 *
 * Pure. Knows the public parameters only. A pass says nothing about who made the bytes: that is the key holder's signature.
 */
import { CiphertextRefused, type ByteFault } from './errors.js';
import type { BfvSet, ParameterSet } from './parameter-sets.js';
import { plainSelectorFault, plainSumFault } from './plain/plain-records.js';
import {
  ciphertextHeaderBytes,
  compressionByte,
  selectorTemplate,
  sumTemplate,
  wordBytes,
  type BytesTemplate,
} from './seal-bytes.js';

type Check = (bytes: Uint8Array) => ByteFault | undefined;

export interface ByteChecks {
  /** What is wrong with the bytes of a selector; undefined when nothing is. */
  readonly selectorFault: Check;
  /** What is wrong with the bytes of a sum. */
  readonly sumFault: Check;
}

export function byteChecks(set: ParameterSet): ByteChecks {
  if (set.kind === 'plain')
    return { selectorFault: (bytes) => plainSelectorFault(set, bytes), sumFault: (bytes) => plainSumFault(set, bytes) };
  const selector = selectorTemplate(set);
  const sum = sumTemplate(set);
  return {
    selectorFault: (bytes) => shapeFault(selector, bytes) ?? coefficientFault(set, selector, bytes),
    sumFault: (bytes) => shapeFault(sum, bytes) ?? coefficientFault(set, sum, bytes) ?? transparentFault(set, bytes),
  };
}

/** @throws CiphertextRefused with the fault that `check` finds. */
export function refuseFaulty(check: Check, bytes: Uint8Array): void {
  const fault = check(bytes);
  if (fault) throw new CiphertextRefused(fault);
}

function shapeFault(template: BytesTemplate, bytes: Uint8Array): ByteFault | undefined {
  if (!(bytes instanceof Uint8Array) || bytes.length !== template.length) return 'length';
  if (bytes[compressionByte] !== 0) return 'compressed';
  for (const { offset, bytes: fixed } of template.fixed) {
    for (let i = 0; i < fixed.length; i++) if (bytes[offset + i] !== fixed[i]) return 'header';
  }
  return undefined;
}

/** Every stored coefficient must be below q: SEAL throws on others. Compared as two 32-bit halves; a bigint each would cost 20 times that. */
function coefficientFault(set: BfvSet, template: BytesTemplate, bytes: Uint8Array): ByteFault | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const qHigh = Number(set.coeffModulus >> 32n);
  const qLow = Number(set.coeffModulus & 0xffff_ffffn);
  const end = ciphertextHeaderBytes + template.polynomials * set.slots * wordBytes;
  for (let at = ciphertextHeaderBytes; at < end; at += wordBytes) {
    const high = view.getUint32(at + 4, true);
    if (high >= qHigh && (high > qHigh || view.getUint32(at, true) >= qLow)) return 'coefficient';
  }
  return undefined;
}

/** c1 = 0 means that c0 is the plaintext in the open: whoever made it did not use the key. */
function transparentFault(set: BfvSet, bytes: Uint8Array): ByteFault | undefined {
  const end = ciphertextHeaderBytes + 2 * set.slots * wordBytes;
  for (let at = ciphertextHeaderBytes + set.slots * wordBytes; at < end; at++) if (bytes[at] !== 0) return undefined;
  return 'transparent';
}
