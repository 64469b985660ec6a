/** The pinned key holder: its public file (`keyholder-public.json`), followed while it names the same root key. */
import { isParameterSetName, parameterSet, type ParameterSetName } from '#he';
import { FollowedPin, type PinnedKeyHolder, type PinReport } from '#pseudonyms';

export interface KeyHolderPin extends PinnedKeyHolder {
  readonly parameterSet: ParameterSetName;
}

const sizeOf = (set: string): number | undefined => (isParameterSetName(set) ? parameterSet(set).selectorBytes : undefined);

/** @throws Error for a file that is none. */
export const readPin = (file: string, report?: (report: PinReport) => void): KeyHolderPin =>
  FollowedPin.open<ParameterSetName>(file, sizeOf, report);
