/** What everybody else pins of this key holder: `keyholder-public.json`, made by `init` and made again whenever its selector keys change. */
import path from 'node:path';
import { isParameterSetName } from '#he';
import type { ParameterSetName } from '#he';
import { readPinText } from '#pseudonyms';
import type { PinDocument } from '#pseudonyms';

export const pinFile = 'keyholder-public.json';

export interface KeyholderPin extends PinDocument {
  readonly parameterSet: ParameterSetName;
}

export const pinIn = (folder: string): string => path.join(folder, pinFile);

/** @throws ZodError, SyntaxError or Error: the folder is damaged. */
export function readPin(text: string): KeyholderPin {
  const pin = readPinText(text);
  const { parameterSet } = pin;
  if (!isParameterSetName(parameterSet)) throw new Error(`${pinFile} names no parameter set of this version`);
  return { ...pin, parameterSet };
}

/** The newest key epoch that it names. */
export const newestEpochOf = ({ selectorKeys }: Pick<PinDocument, 'selectorKeys'>): number =>
  Math.max(...selectorKeys.map(({ keyEpoch }) => keyEpoch));
