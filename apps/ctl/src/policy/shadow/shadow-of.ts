/** From a draft to the numbers of a shadow. Says before anybody is asked what the key holder could only refuse. Pure. */
import type { PolicyDocument, ShadowParameters } from '#contracts';
import { shadowParametersOf } from '#policy';
import { StackError } from '../../stack/stack-error.js';
import { policyDiff } from '../policy-diff.js';

const mayDiffer =
  /^(version|negative\.(f|clip|threshold)|positive\.threshold|weights\..+|decay\.(scale|table)|capPerHubAndPseudonym|hubs\[.+\]\.trust)$/;

/** @throws StackError naming what differs and may not. */
export function shadowOf(live: PolicyDocument, draft: PolicyDocument): ShadowParameters {
  const paths = policyDiff(live, draft).map(({ path }) => path);
  const others = paths.filter((path) => !mayDiffer.test(path));
  if (others.length > 0) {
    throw new StackError(
      `a shadow cannot change ${others.slice(0, 3).join(', ')}: only f, clip and threshold of the negative side, the positive threshold, weights, decay, the cap and trust`,
      'take it out of the draft, or promote the draft without a shadow',
    );
  }
  if (paths.every((path) => path === 'version'))
    throw new StackError('the draft changes nothing', '`ctl policy draft --set negative.threshold=70`');
  return shadowParametersOf(live, draft);
}
