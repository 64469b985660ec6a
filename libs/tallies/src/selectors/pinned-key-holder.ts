/** The pinned key holder: its public file (`keyholder-public.json`), written once by the key holder and copied by people. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesOf } from '#contracts';
import { isParameterSetName, parameterSet, type ParameterSetName } from '#he';
import type { PinnedKeyHolder } from '#pseudonyms';

const pinFile = z.object({
  keyHolderId: z.string().min(1).max(64),
  selectorKey: bytesOf(32),
  parameterSet: z.string().refine(isParameterSetName, 'is not a parameter set of this version'),
});

export interface KeyHolderPin extends PinnedKeyHolder {
  readonly parameterSet: ParameterSetName;
}

/** @throws ZodError for a file that is none. */
export function pinOf(value: unknown): KeyHolderPin {
  const pin = pinFile.parse(value);
  return {
    ...pin,
    parameterSet: pin.parameterSet as ParameterSetName,
    selectorBytes: parameterSet(pin.parameterSet).selectorBytes,
  };
}

export const readPin = (file: string): KeyHolderPin => pinOf(JSON.parse(readFileSync(file, 'utf8')));
