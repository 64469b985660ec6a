/** From a draft to the numbers of a shadow. Says before anybody is asked what the key holder could only refuse. Pure. */
import { toBase64Url } from '#contracts';
import type { PolicyDocument, ShadowParameters } from '#contracts';
import { policyDigest } from '#policy';
import { StackError } from '../../stack/stack-error.js';
import { policyDiff } from '../policy-diff.js';

const mayDiffer = ['version', 'negative.f', 'negative.clip', 'negative.threshold', 'positive.threshold'];

/** @throws StackError naming what differs and may not. */
export function shadowOf(live: PolicyDocument, draft: PolicyDocument): ShadowParameters {
  const paths = policyDiff(live, draft).map(({ path }) => path);
  const others = paths.filter((path) => !mayDiffer.includes(path));
  if (others.length > 0) {
    throw new StackError(
      `a shadow cannot change ${others.slice(0, 3).join(', ')}: only f, clip and threshold of the negative side and the positive threshold`,
      'weights, decay, caps and trust change the tallies themselves, which need attesting of their own: promote such a draft instead',
    );
  }
  if (paths.every((path) => path === 'version'))
    throw new StackError('the draft changes nothing', '`ctl policy draft --set negative.threshold=70`');
  const { version, negative, positive } = draft;
  return { version, digest: toBase64Url(policyDigest(draft)), negative, positive: { threshold: positive.threshold } };
}
